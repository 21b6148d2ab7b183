# kernel: mips_pipeline
# machine: mips
# The five stages of an R3000: what is held, what is squashed, what it costs; forwards and backwards.
pipeline
break overflow
continue
pipeline
# An exception of each stage that has one: ALU, MEM, RD in a delay slot.
cycle
pipeline 3
cycle 2
pipeline 3
break slot
continue
pipeline 12
stepi 2
pipeline 4
# A refill; the handler ends without a bubble.
break enter
continue
pipeline 12
# A system call out of user mode, inside it and from behind.
stepi 6
cycle
pipeline 4
stepi 7
pipeline 12
reverse-stepi 5
pipeline 5
reverse-cycle 1
pipeline 3
# Any moment; and a moment that nobody knows yet.
pipeline 2 18
pipeline --json 2 55
pipeline 2 1000
pipeline 0
