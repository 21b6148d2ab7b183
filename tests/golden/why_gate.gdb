# kernel: faults-1
why
tbreak stop
continue
why
idt 64
gdt 0x10
walk 0x1004
who tss.esp0
timeline
