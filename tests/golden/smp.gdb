# kernel: smp
# cpus: 3
info cpus
break other
continue
info cpus
info breakpoints
delete
catch irq
continue
continue
info cpus
cpu 2
info registers eip
timeline all
timeline all start
info devices lapic.2
reverse-stepi
info cpus
