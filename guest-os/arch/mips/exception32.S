/*
 * The way into the C code from every exception, and the way out: on a MIPS32, where it differs from
 * exception.S. The processor stays at exception level, with interrupts off, until Status.EXL is
 * cleared, and jumps to 0x80000180; eret is jump and return in one. EBase is not of Release 1.
 */
#include "cp0.h"
#include "trapframe.h"

        .set noreorder
        .set noat
        .set mips32
        .section .vectors32, "ax"

        .globl mips32_general_handler
        .type mips32_general_handler, @function
        .ent mips32_general_handler
mips32_general_handler:
        j mips32_common_exception
        nop
        .end mips32_general_handler
        .size mips32_general_handler, . - mips32_general_handler

        .text

/*
 * TLB refill. An entry of this TLB maps two pages that are neighbours: load both from the two-level
 * table of the running process.
 */
        .globl mips32_refill_handler
        .type mips32_refill_handler, @function
        .ent mips32_refill_handler
mips32_refill_handler:
        mfc0 $k0, C0_CONTEXT
        lui $k1, %hi(mmu_table)
        srl $k0, $k0, MIPS32_CONTEXT_CPU_SHIFT
        sll $k0, $k0, 2
        addu $k1, $k1, $k0
        mfc0 $k0, C0_BADVADDR
        lw $k1, %lo(mmu_table)($k1)     /* the top level of this processor */
        srl $k0, $k0, 22
        sll $k0, $k0, 2
        addu $k1, $k1, $k0
        lw $k1, 0($k1)                  /* its entry: the second level */
        mfc0 $k0, C0_BADVADDR
        beqz $k1, 1f
        srl $k0, $k0, 10                /* the page number, times 4, ... */
        andi $k0, $k0, 0xff8            /* ... of the even one of the two */
        addu $k1, $k1, $k0
        lui $k0, 0x8000
        addu $k1, $k1, $k0
        lw $k0, -MIPS32_PTE_PRESENT($k1)
        lw $k1, 4-MIPS32_PTE_PRESENT($k1)
        srl $k0, $k0, MIPS32_PTE_SHIFT
        srl $k1, $k1, MIPS32_PTE_SHIFT
        b 2f
        mtc0 $k0, C0_ENTRYLO
1:      mtc0 $k1, C0_ENTRYLO
2:      mtc0 $k1, C0_ENTRYLO1
        nop
        nop
        tlbwr
        nop
        eret
        .end mips32_refill_handler
        .size mips32_refill_handler, . - mips32_refill_handler

        .globl mips32_common_exception
        .type mips32_common_exception, @function
        .ent mips32_common_exception
mips32_common_exception:
        mfc0 $k0, C0_STATUS
        move $k1, $sp
        andi $k0, $k0, STATUS_UM        /* was it a program? */
        beqz $k0, 1f
        mfc0 $k0, C0_CONTEXT
        lui $sp, %hi(kernel_stack)
        srl $k0, $k0, MIPS32_CONTEXT_CPU_SHIFT
        sll $k0, $k0, 2
        addu $sp, $sp, $k0
        lw $sp, %lo(kernel_stack)($sp)  /* of the thread that runs on this processor */
        nop
1:
#include "save.inc"

        li $t0, ~(STATUS_UM | STATUS_EXL | STATUS_IE)
        and $t2, $t2, $t0               /* t2 is Status still */
        mtc0 $t2, C0_STATUS             /* kernel mode, interrupts off, but no exception level */
        nop
        nop
        jal mips_trap                   /* mips_trap(tf) */
        addiu $a0, $sp, ARGUMENT_ROOM
        .end mips32_common_exception
        .size mips32_common_exception, . - mips32_common_exception

/* Back to what was interrupted. The saved Status puts the processor at exception level until eret. */
        .globl mips32_exception_return
        .type mips32_exception_return, @function
        .ent mips32_exception_return
mips32_exception_return:
        lw $t0, ARGUMENT_ROOM+TF_STATUS($sp)
        nop
        mtc0 $t0, C0_STATUS
#include "load.inc"
        lw $k0, ARGUMENT_ROOM+TF_EPC($sp)
        lw $sp, ARGUMENT_ROOM+TF_SP($sp)
        mtc0 $k0, C0_EPC
        nop
        nop
        eret
        .end mips32_exception_return
        .size mips32_exception_return, . - mips32_exception_return

/* As process_begin in exception.S. */
        .globl mips32_process_begin
        .type mips32_process_begin, @function
        .ent mips32_process_begin
mips32_process_begin:
        jalr $s0
        nop
        j mips32_exception_return
        nop
        .end mips32_process_begin
        .size mips32_process_begin, . - mips32_process_begin

        .section .note.GNU-stack, "", @progbits
