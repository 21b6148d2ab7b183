/*
 * The way into the C code from every exception, and the way out.
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
        mfc0 $k0, C0_BADVADDR
        lui $k1, %hi(mmu_table)
        lw $k1, %lo(mmu_table)($k1)     /* the top level */
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
        lui $k0, %hi(kernel_stack)
        lw $sp, %lo(kernel_stack)($k0)
        nop
1:      addiu $sp, $sp, -(TF_ROOM + ARGUMENT_ROOM)

        sw $k1, ARGUMENT_ROOM+TF_SP($sp)
        sw $at, ARGUMENT_ROOM+TF_AT($sp)
        sw $v0, ARGUMENT_ROOM+TF_V0($sp)
        sw $v1, ARGUMENT_ROOM+TF_V0+4($sp)
        sw $a0, ARGUMENT_ROOM+TF_A0($sp)
        sw $a1, ARGUMENT_ROOM+TF_A0+4($sp)
        sw $a2, ARGUMENT_ROOM+TF_A0+8($sp)
        sw $a3, ARGUMENT_ROOM+TF_A0+12($sp)
        sw $t0, ARGUMENT_ROOM+TF_T0($sp)
        sw $t1, ARGUMENT_ROOM+TF_T0+4($sp)
        sw $t2, ARGUMENT_ROOM+TF_T0+8($sp)
        sw $t3, ARGUMENT_ROOM+TF_T0+12($sp)
        sw $t4, ARGUMENT_ROOM+TF_T0+16($sp)
        sw $t5, ARGUMENT_ROOM+TF_T0+20($sp)
        sw $t6, ARGUMENT_ROOM+TF_T0+24($sp)
        sw $t7, ARGUMENT_ROOM+TF_T0+28($sp)
        sw $s0, ARGUMENT_ROOM+TF_S0($sp)
        sw $s1, ARGUMENT_ROOM+TF_S0+4($sp)
        sw $s2, ARGUMENT_ROOM+TF_S0+8($sp)
        sw $s3, ARGUMENT_ROOM+TF_S0+12($sp)
        sw $s4, ARGUMENT_ROOM+TF_S0+16($sp)
        sw $s5, ARGUMENT_ROOM+TF_S0+20($sp)
        sw $s6, ARGUMENT_ROOM+TF_S0+24($sp)
        sw $s7, ARGUMENT_ROOM+TF_S0+28($sp)
        sw $t8, ARGUMENT_ROOM+TF_T8($sp)
        sw $t9, ARGUMENT_ROOM+TF_T8+4($sp)
        sw $gp, ARGUMENT_ROOM+TF_GP($sp)
        sw $s8, ARGUMENT_ROOM+TF_S8($sp)
        sw $ra, ARGUMENT_ROOM+TF_RA($sp)
        mflo $t0
        mfhi $t1
        mfc0 $t2, C0_STATUS
        mfc0 $t3, C0_CAUSE
        mfc0 $t4, C0_EPC
        mfc0 $t5, C0_BADVADDR
        sw $t0, ARGUMENT_ROOM+TF_LO($sp)
        sw $t1, ARGUMENT_ROOM+TF_HI($sp)
        sw $t2, ARGUMENT_ROOM+TF_STATUS($sp)
        sw $t3, ARGUMENT_ROOM+TF_CAUSE($sp)
        sw $t4, ARGUMENT_ROOM+TF_EPC($sp)
        sw $t5, ARGUMENT_ROOM+TF_VADDR($sp)

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
        lw $t1, ARGUMENT_ROOM+TF_LO($sp)
        mtc0 $t0, C0_STATUS
        lw $t2, ARGUMENT_ROOM+TF_HI($sp)
        mtlo $t1
        mthi $t2
        lw $at, ARGUMENT_ROOM+TF_AT($sp)
        lw $v0, ARGUMENT_ROOM+TF_V0($sp)
        lw $v1, ARGUMENT_ROOM+TF_V0+4($sp)
        lw $a0, ARGUMENT_ROOM+TF_A0($sp)
        lw $a1, ARGUMENT_ROOM+TF_A0+4($sp)
        lw $a2, ARGUMENT_ROOM+TF_A0+8($sp)
        lw $a3, ARGUMENT_ROOM+TF_A0+12($sp)
        lw $t0, ARGUMENT_ROOM+TF_T0($sp)
        lw $t1, ARGUMENT_ROOM+TF_T0+4($sp)
        lw $t2, ARGUMENT_ROOM+TF_T0+8($sp)
        lw $t3, ARGUMENT_ROOM+TF_T0+12($sp)
        lw $t4, ARGUMENT_ROOM+TF_T0+16($sp)
        lw $t5, ARGUMENT_ROOM+TF_T0+20($sp)
        lw $t6, ARGUMENT_ROOM+TF_T0+24($sp)
        lw $t7, ARGUMENT_ROOM+TF_T0+28($sp)
        lw $s0, ARGUMENT_ROOM+TF_S0($sp)
        lw $s1, ARGUMENT_ROOM+TF_S0+4($sp)
        lw $s2, ARGUMENT_ROOM+TF_S0+8($sp)
        lw $s3, ARGUMENT_ROOM+TF_S0+12($sp)
        lw $s4, ARGUMENT_ROOM+TF_S0+16($sp)
        lw $s5, ARGUMENT_ROOM+TF_S0+20($sp)
        lw $s6, ARGUMENT_ROOM+TF_S0+24($sp)
        lw $s7, ARGUMENT_ROOM+TF_S0+28($sp)
        lw $t8, ARGUMENT_ROOM+TF_T8($sp)
        lw $t9, ARGUMENT_ROOM+TF_T8+4($sp)
        lw $gp, ARGUMENT_ROOM+TF_GP($sp)
        lw $s8, ARGUMENT_ROOM+TF_S8($sp)
        lw $ra, ARGUMENT_ROOM+TF_RA($sp)
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

        .section .bss
        .align 2
        .globl kernel_stack
kernel_stack:                           /* of the running process: the address behind it */
        .space 4

        .section .note.GNU-stack, "", @progbits
