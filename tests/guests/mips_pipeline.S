/* mips_pipeline: a kernel for the LAMEbus machine that does what its pipeline has to be seen at: HI and
 * LO that are waited for, an exception of each stage, one in a delay slot, a refill, and a system call
 * of a program, which then stays where it is. */
        .set noreorder
        .set noat
        .set mips1

#define CP0_ENTRYLO $2
#define CP0_BADVADDR $8
#define CP0_ENTRYHI $10
#define CP0_STATUS  $12
#define CP0_CAUSE   $13
#define CP0_EPC     $14
#define VALID       0x600 /* V, D */

        .section .vectors, "ax"
/* A page of user space is the page of memory with that address. */
        .globl refill
        .type refill, @function
refill: mfc0 $k0, CP0_ENTRYHI
        ori $k0, $k0, VALID
        srl $k0, $k0, 9
        sll $k0, $k0, 9
        mtc0 $k0, CP0_ENTRYLO
        mfc0 $k0, CP0_EPC
        tlbwr
        jr $k0
        rfe
        .size refill, . - refill

/* Goes on behind what failed; behind the slot, when it was in one. */
        .org 0x80
        .globl general
        .type general, @function
general:
        mfc0 $k1, CP0_CAUSE
        mfc0 $k0, CP0_EPC
        bgez $k1, 1f
        addiu $k0, $k0, 4
        addiu $k0, $k0, 4
1:      jr $k0
        rfe
        .size general, . - general

        .text
        .globl start
        .type start, @function
start:  mtc0 $zero, CP0_STATUS
        li $a0, 6
        li $a1, 7
        .size start, . - start

        .globl product
        .type product, @function
product:
        mult $a0, $a1
        mflo $v0
        divu $zero, $v0, $a1
        addiu $v1, $v0, 1
        mfhi $v1
        .size product, . - product

        .globl overflow
        .type overflow, @function
overflow:
        lui $v0, 0x7fff
        add $v0, $v0, $v0
        addiu $v0, $v0, 1
        .size overflow, . - overflow

        .globl misaligned
        .type misaligned, @function
misaligned:
        lui $t0, 0x8001
        lw $t1, 2($t0)
        addiu $t2, $t0, 4
        sw $zero, 0($t2)
        addiu $t2, $t2, 4
        .size misaligned, . - misaligned

        .globl slot
        .type slot, @function
slot:   beq $zero, $zero, missing
        break
        nop
        .size slot, . - slot

        .globl missing
        .type missing, @function
missing:
        li $t0, 0x2000
        lw $t1, 0($t0)
        nop
        .size missing, . - missing

        .globl enter
        .type enter, @function
enter:  li $k0, 0x8 /* the mode before: user */
        mtc0 $k0, CP0_STATUS
        li $k0, program - 0x80000000
        jr $k0
        rfe
        .size enter, . - enter

        .globl program
        .type program, @function
program:
        li $v0, 5
        syscall
        li $v0, 6
1:      b 1b
        nop
        .size program, . - program
