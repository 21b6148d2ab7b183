# kernel: mips_faults-1
# machine: mips
# A page that the TLB has, but another address space's.
tbreak stop
continue
why
vector
cp0
tlb
tlb 0x403000
tlb 0x402000
walk $pc
timeline
idt
