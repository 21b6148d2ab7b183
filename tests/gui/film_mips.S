/* film_mips: a kernel of one system call for the LAMEbus machine, for pictures that never change:
 * assembly, so that no compiler decides where anything is. Its program asks to write, over and over. */
        .set noreorder
        .set noat
        .set mips1
        .cfi_sections .debug_frame

#define CP0_INDEX   $0
#define CP0_ENTRYLO $2
#define CP0_BADVADDR $8
#define CP0_ENTRYHI $10
#define CP0_STATUS  $12
#define CP0_CAUSE   $13
#define CP0_EPC     $14
#define USER_MODE   0x8 /* the mode before */
#define VALID       0x600 /* V, D */

#define PROGRAM 0x00400000 /* one page: code, data, and the stack at its end */

#define ARGUMENT_ROOM 16
#define TF_AT     (ARGUMENT_ROOM + 0)
#define TF_V0     (ARGUMENT_ROOM + 4)
#define TF_A0     (ARGUMENT_ROOM + 8)
#define TF_A1     (ARGUMENT_ROOM + 12)
#define TF_A2     (ARGUMENT_ROOM + 16)
#define TF_A3     (ARGUMENT_ROOM + 20)
#define TF_SP     (ARGUMENT_ROOM + 24)
#define TF_RA     (ARGUMENT_ROOM + 28)
#define TF_STATUS (ARGUMENT_ROOM + 32)
#define TF_CAUSE  (ARGUMENT_ROOM + 36)
#define TF_EPC    (ARGUMENT_ROOM + 40)
#define TF_VADDR  (ARGUMENT_ROOM + 44)
#define TF_END    (ARGUMENT_ROOM + 48)

#define CONSOLE   0xbfe0 /* slot 0: the upper half of its address */
#define CHARACTER 0
#define SENT      4
#define READY     2

        .section .vectors, "ax"
        .globl refill, general
/* Never: the program's page has its entry. */
        .type refill, @function
refill: j refill
        nop
        .size refill, . - refill
        .org 0x80
        .type general, @function
general:
        j common_exception
        nop
        .size general, . - general

        .text
        .globl _start, common_exception, exception_return, trap, syscall, sys_write
        .type _start, @function
_start: lui $t0, PROGRAM >> 16
        mtc0 $t0, CP0_ENTRYHI
        la $t1, program - 0x80000000
        ori $t1, $t1, VALID
        mtc0 $t1, CP0_ENTRYLO
        mtc0 $zero, CP0_INDEX
        nop
        nop
        tlbwi
        li $t1, USER_MODE
        mtc0 $t1, CP0_STATUS
        addiu $sp, $t0, 0x1000 - 16
        jr $t0
        rfe
        .size _start, . - _start

        .type common_exception, @function
common_exception:
        move $k1, $sp
        la $sp, kernel_stack_top - TF_END
        sw $k1, TF_SP($sp)
        sw $at, TF_AT($sp)
        sw $v0, TF_V0($sp)
        sw $a0, TF_A0($sp)
        sw $a1, TF_A1($sp)
        sw $a2, TF_A2($sp)
        sw $a3, TF_A3($sp)
        sw $ra, TF_RA($sp)
        mfc0 $t0, CP0_STATUS
        mfc0 $t1, CP0_CAUSE
        mfc0 $t2, CP0_EPC
        mfc0 $t3, CP0_BADVADDR
        sw $t0, TF_STATUS($sp)
        sw $t1, TF_CAUSE($sp)
        sw $t2, TF_EPC($sp)
        sw $t3, TF_VADDR($sp)
        jal trap
        addiu $a0, $sp, ARGUMENT_ROOM
        .size common_exception, . - common_exception
        .type exception_return, @function
exception_return:
        lw $t0, TF_STATUS($sp)
        lw $at, TF_AT($sp)
        mtc0 $t0, CP0_STATUS
        lw $v0, TF_V0($sp)
        lw $a0, TF_A0($sp)
        lw $a1, TF_A1($sp)
        lw $a2, TF_A2($sp)
        lw $a3, TF_A3($sp)
        lw $ra, TF_RA($sp)
        lw $k0, TF_EPC($sp)
        lw $sp, TF_SP($sp)
        jr $k0
        rfe
        .size exception_return, . - exception_return

/* trap(tf) */
        .type trap, @function
        .cfi_startproc
trap:   addiu $sp, $sp, -24
        .cfi_def_cfa_offset 24
        sw $ra, 20($sp)
        .cfi_offset 31, -4
        jal syscall
        nop
        lw $ra, 20($sp)
        nop
        jr $ra
        addiu $sp, $sp, 24
        .cfi_endproc
        .size trap, . - trap

/* syscall(tf) */
        .type syscall, @function
        .cfi_startproc
syscall:
        addiu $sp, $sp, -24
        .cfi_def_cfa_offset 24
        sw $ra, 20($sp)
        .cfi_offset 31, -4
        sw $s0, 16($sp)
        .cfi_offset 16, -8
        move $s0, $a0
        lw $t0, TF_V0 - ARGUMENT_ROOM($s0)
        la $t1, syscalls
        sll $t0, $t0, 2
        addu $t0, $t0, $t1
        lw $t0, 0($t0)
        lw $a0, TF_A0 - ARGUMENT_ROOM($s0)
        lw $a1, TF_A1 - ARGUMENT_ROOM($s0)
        lw $a2, TF_A2 - ARGUMENT_ROOM($s0)
        jalr $t0
        nop
        sw $v0, TF_V0 - ARGUMENT_ROOM($s0)
        sw $zero, TF_A3 - ARGUMENT_ROOM($s0) /* no error */
        lw $t0, TF_EPC - ARGUMENT_ROOM($s0)
        nop
        addiu $t0, $t0, 4               /* behind the system call */
        sw $t0, TF_EPC - ARGUMENT_ROOM($s0)
        lw $ra, 20($sp)
        lw $s0, 16($sp)
        jr $ra
        addiu $sp, $sp, 24
        .cfi_endproc
        .size syscall, . - syscall

/* sys_write(fd, text, n): to the console */
        .type sys_write, @function
        .cfi_startproc
sys_write:
        lui $t0, CONSOLE
        move $v0, $zero
1:      lbu $t1, 0($a1)
        addiu $a1, $a1, 1
        sw $zero, SENT($t0)
        sw $t1, CHARACTER($t0)
2:      lw $t1, SENT($t0)
        nop
        andi $t1, $t1, READY
        beqz $t1, 2b
        nop
        addiu $v0, $v0, 1
        bne $v0, $a2, 1b
        nop
        jr $ra
        nop
        .cfi_endproc
        .size sys_write, . - sys_write

        .balign 4096
        .globl program
        .type program, @function
program:
        li $a0, 1                       /* write(1, "hi\n", 3) */
        lui $a1, PROGRAM >> 16
        addiu $a1, $a1, hi - program
        li $a2, 3
        li $v0, 16
        syscall
        b program
        nop
hi:     .ascii "hi\n"
        .size program, . - program
        .balign 4096

        .data
        .globl syscalls
        .type syscalls, @object
syscalls:
        .fill 16, 4, 0
        .word sys_write
        .fill 4, 4, 0
        .size syscalls, . - syscalls
        .bss
        .balign 4096
        .space 4096
kernel_stack_top:
        .section .note.GNU-stack, "", @progbits
