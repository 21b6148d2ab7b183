# kernel: faults-8
tbreak stop
continue
why
walk pointer
tss
timeline fault
