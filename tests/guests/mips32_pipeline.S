/* mips32_pipeline: what the pipeline of a 4Kc does in another way than that of an R3000: exceptions in M, ERET,
 * traps, branches likely, an interrupt of the timer. */
        .set noreorder
        .set noat
        .set mips32
#define CP0_COUNT   $9
#define CP0_COMPARE $11
#define CP0_STATUS  $12
#define CP0_EPC     $14
#define TIMER       0x8001 /* IM7, IE */

        .section .vectors, "ax"
        .org 0x180
/* Goes on behind what failed. */
        .globl general
        .type general, @function
general:
        mfc0 $k0, CP0_EPC
        addiu $k0, $k0, 4
        mtc0 $k0, CP0_EPC
        eret
        nop
        .size general, . - general

        .text
        .globl start
        .type start, @function
start:  mtc0 $zero, CP0_STATUS
        li $a0, 6
        li $a1, 7
        mult $a0, $a1
        mflo $v0
        div $zero, $v0, $a1
        mfhi $v1
        syscall
        li $v0, 2
        lui $t0, 0x8001
        lw $t1, 2($t0)
        teq $zero, $zero
        beql $zero, $a0, start
        li $v0, 3
        .size start, . - start

        .globl interrupted
        .type interrupted, @function
interrupted:
        mtc0 $zero, CP0_COUNT
        li $t0, 40
        mtc0 $t0, CP0_COMPARE
        li $t0, TIMER
        mtc0 $t0, CP0_STATUS
1:      b 1b
        nop
        .size interrupted, . - interrupted
