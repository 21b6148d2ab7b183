/*
 * The first instructions of the kernel. The board has put the kernel where it is linked, and jumps
 * here with a0 = the boot argument, a string at the top of memory; the stack lies below it.
 */
#include "trapframe.h"

        .text
        .set noreorder
        .globl entry
        .type entry, @function
        .ent entry
entry:
        la $sp, boot_stack_top - ARGUMENT_ROOM
        move $s8, $zero                 /* a backtrace ends here */
        move $ra, $zero
        j mips_start                    /* mips_start(boot argument) does not return */
        nop
        .end entry
        .size entry, . - entry

/*
 * A further processor begins here: a0 = its number. Its stack is the one that mips_start() has made
 * for it.
 */
        .globl cpu_entry
        .type cpu_entry, @function
        .ent cpu_entry
cpu_entry:
        lui $t0, %hi(cpu_stack)
        sll $t1, $a0, 2
        addu $t0, $t0, $t1
        lw $sp, %lo(cpu_stack)($t0)
        move $s8, $zero
        move $ra, $zero
        j mips_start_cpu                /* mips_start_cpu(number) does not return */
        nop
        .end cpu_entry
        .size cpu_entry, . - cpu_entry

        .section .bss
        .align 13                       /* KSTACKSIZE: struct thread_info lies at the bottom */
        .globl boot_stack
boot_stack:
        .space 8192
boot_stack_top:

        .section .note.GNU-stack, "", @progbits
