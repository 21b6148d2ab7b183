/*
 * The way into the C code from every exception, and the way out: on an R3000. exception32.S has those
 * of a MIPS32.
 *
 * The processor jumps to 0x80000000 when a user address has no entry in the TLB, and to 0x80000080
 * for everything else; kernel.ld puts the two handlers there. It has saved nothing but EPC, Cause,
 * BadVAddr, and the mode and interrupt bits, which Status keeps in a stack three deep. k0 and k1 are
 * the kernel's own at every moment: programs must not use them.
 */
#include "cp0.h"
#include "trapframe.h"

        .set noreorder
        .set noat
        .section .vectors, "ax"

/*
 * UTLB refill: load the entry for BadVAddr from the two-level table of the running process into
 * some place of the TLB. If there is no second-level table, the entry is 0: it is not valid, and
 * the program's next try ends in mips_general_handler.
 */
        .globl mips_utlb_handler
        .type mips_utlb_handler, @function
        .ent mips_utlb_handler
mips_utlb_handler:
        mfc0 $k0, C0_CONTEXT
        lui $k1, %hi(mmu_table)
        srl $k0, $k0, CONTEXT_CPU_SHIFT
        addu $k1, $k1, $k0
        mfc0 $k0, C0_BADVADDR
        lw $k1, %lo(mmu_table)($k1)     /* the top level of this processor */
        srl $k0, $k0, 22
        sll $k0, $k0, 2
        addu $k1, $k1, $k0
        lw $k1, 0($k1)                  /* its entry: the second level */
        mfc0 $k0, C0_CONTEXT            /* the page number, times 4 */
        beqz $k1, 1f
        andi $k0, $k0, 0xffc
        addu $k1, $k1, $k0
        lui $k0, 0x8000
        addu $k1, $k1, $k0
        lw $k1, -ENTRYLO_VALID($k1)     /* the entry has that bit set, and no other */
        nop
1:      mtc0 $k1, C0_ENTRYLO
        mfc0 $k0, C0_EPC
        nop
        tlbwr
        jr $k0
        rfe
        .end mips_utlb_handler
        .size mips_utlb_handler, . - mips_utlb_handler

        .org 0x80
        .globl mips_general_handler
        .type mips_general_handler, @function
        .ent mips_general_handler
mips_general_handler:
        j common_exception
        nop
        .end mips_general_handler
        .size mips_general_handler, . - mips_general_handler

        .text

/*
 * Save the registers in a struct trapframe and call mips_trap() with it: on the kernel stack of the
 * running process if a program was interrupted, else on the stack in use. Interrupts are off.
 */
        .globl common_exception
        .type common_exception, @function
        .ent common_exception
common_exception:
        mfc0 $k0, C0_STATUS
        move $k1, $sp
        andi $k0, $k0, STATUS_KUP       /* was it a program? */
        beqz $k0, 1f
        mfc0 $k0, C0_CONTEXT
        lui $sp, %hi(kernel_stack)
        srl $k0, $k0, CONTEXT_CPU_SHIFT
        addu $sp, $sp, $k0
        lw $sp, %lo(kernel_stack)($sp)  /* of the thread that runs on this processor */
        nop
1:
#include "save.inc"

        jal mips_trap                   /* mips_trap(tf) */
        addiu $a0, $sp, ARGUMENT_ROOM
        .end common_exception
        .size common_exception, . - common_exception

/* Back to what was interrupted. The saved Status turns interrupts off until rfe pops its stack. */
        .globl exception_return
        .type exception_return, @function
        .ent exception_return
exception_return:
        lw $t0, ARGUMENT_ROOM+TF_STATUS($sp)
        nop
        mtc0 $t0, C0_STATUS
#include "load.inc"
        lw $k0, ARGUMENT_ROOM+TF_EPC($sp)
        lw $sp, ARGUMENT_ROOM+TF_SP($sp)
        jr $k0
        rfe
        .end exception_return
        .size exception_return, . - exception_return

/* The first swtch() to a process arrives here. s0 is what it does first; then it is a program. */
        .globl process_begin
        .type process_begin, @function
        .ent process_begin
process_begin:
        jalr $s0
        nop
        j exception_return
        nop
        .end process_begin
        .size process_begin, . - process_begin

        .section .note.GNU-stack, "", @progbits
