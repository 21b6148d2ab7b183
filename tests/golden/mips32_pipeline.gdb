# kernel: mips32_pipeline
# machine: mips --cpu mips32
# What a 4Kc does in another way: every exception is taken in M, ERET has no slot, interrupts take 5.
stepi 9
pipeline 9
# ERET, and a trap; the slot of a branch likely that is not taken never begins.
break interrupted
continue
pipeline 20
catch irq
continue
stepi 2
pipeline 5
