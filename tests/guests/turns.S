/* turns: a kernel of the LAMEbus machine that never rests, on as many processors as there are, for
 * tests of machines: LL and SC on one word, system calls, memory that changes all the time, timers,
 * interrupts from one processor to the next, WAIT, an echo of COM1 that changes everything after it.
 *
 * Says a letter for every 16th interrupt of ltimer. 'q' at COM1 switches the power off.
 *
 * s0 pseudo-random state   s1 own number   s2 the shared words   s3 serial card   s4 controller
 * s5 own area in it        s6 the next processor's area           s7 ltimer       t8 t9 the handler's
 */
    .set noreorder
    .set noat

    .macro later insn:vararg    /* LL, SC and WAIT: the processor has them beside its MIPS I */
    .set push
    .set mips32
    \insn
    .set pop
    .endm

#define INDEX    $0
#define STATUS   $12
#define CAUSE    $13
#define EPC      $14
#define COMPARE  $11
#define RIRQ     8
#define LTIMER_IRQ 12
#define CIPI     4
#define IRQS     0x204
#define PWR      0x208
#define CPUS     0x210
#define CPUE     0x214
#define SELF     0x218
#define CRAM     0x300

    .section .vectors, "ax"
    .globl start
refill:                         /* 80000000: nothing is mapped here */
    b refill
    nop

    .org 0x80
general:
    mfc0 $k0, CAUSE
    nop
    andi $k1, $k0, 0x7c
    beqz $k1, interrupt
    nop
    mfc0 $k0, EPC               /* a system call */
    addiu $s0, 0x4d
    addiu $k0, 4
    jr $k0
    rfe

interrupt:
    andi $k1, $k0, 0x8000
    beqz $k1, 1f
    andi $k1, $k0, 0x800
    li $t8, 3000                /* the timer inside: takes the interrupt back */
    mtc0 $t8, COMPARE
    xori $s0, 0x5a5a
1:  beqz $k1, 2f
    andi $k1, $k0, 0x400
    sw $zero, CIPI($s5)
    addiu $s0, 0x11
2:  beqz $k1, return
    lw $t8, IRQS($s4)
    andi $t9, $t8, 1
    beqz $t9, 3f
    nop
    lw $t9, 0($s3)              /* a character */
    li $k1, 1
    sw $k1, RIRQ($s3)
    sll $k1, $t9, 7
    xor $s0, $k1
    xori $t9, 'q'
    bnez $t9, 3f
    nop
    sw $zero, PWR($s4)
3:  lw $t9, LTIMER_IRQ($s7)
    beqz $t9, return
    addu $t7, $t9
    andi $t9, $t7, 15
    bnez $t9, return
    andi $t9, $s0, 15
    addiu $t9, 'a'
    sw $t9, 0($s3)
return:
    mfc0 $k0, EPC
    nop
    jr $k0
    rfe

    .text
start:                          /* the first processor, and then every other, which has its number */
    lui $s4, 0xbfff
    ori $s4, 0x7c00
    lw $t0, SELF($s4)
    li $s1, -1
1:  srl $t0, 1
    bnez $t0, 1b
    addiu $s1, 1
    lui $s5, 0xbfff
    ori $s5, 0x8000             /* the area of processor 0 */
    lw $t1, CPUS($s4)
    bnez $s1, common
    li $t2, 0
    la $t3, start
2:  beqz $t1, 3f                /* where each of the others is to begin */
    sll $t4, $t2, 10
    addu $t4, $s5
    sw $t3, CRAM($t4)
    addiu $t2, 1
    b 2b
    srl $t1, 1
3:  lui $s7, 0xbffd
    lui $s3, 0xbfe0
    li $t0, 1
    sw $t0, RIRQ($s3)
    li $t0, 1
    sw $t0, 8($s7)              /* restart */
    li $t0, 170
    sw $t0, 16($s7)             /* microseconds */
    lw $t0, 0($s7)              /* the date is in everything that follows */
    lw $t1, CPUS($s4)
    sw $t1, CPUE($s4)
    b prepare
    move $s0, $t0

common:
    sw $zero, 0($s5)            /* this word is of no use: CIRQE of processor 0 stays */
    li $t0, -1
    sw $t0, 0($s5)
    move $s0, $s1
prepare:
    la $s2, shared
    lw $t1, CPUS($s4)           /* the next one: this one's number and 1, or 0 behind the last */
    addiu $t2, $s1, 1
    srlv $t1, $t1, $t2
    sltiu $t3, $t2, 32
    and $t1, $t3
    subu $t1, $zero, $t1
    and $t2, $t1
    sll $t2, 10
    addu $s6, $s5, $t2
    sll $t2, $s1, 10
    addu $s5, $t2
    beqz $s1, 1f
    lui $t0, 0xa341
    sw $zero, 0($s5)            /* CIRQE: only the first one hears the cards */
1:  ori $t0, 0x316c
    addu $s0, $t0
    move $t7, $zero
    li $t0, 3000
    mtc0 $t0, COMPARE
    li $t0, 0x8c01
    mtc0 $t0, STATUS

work:
    later ll $t0, 0($s2)
    addu $t0, $s0
    later sc $t0, 0($s2)
    beqz $t0, work
    sll $t1, $s0, 13            /* xorshift32 (Marsaglia 2003) */
    xor $s0, $t1
    srl $t1, $s0, 17
    xor $s0, $t1
    sll $t1, $s0, 5
    xor $s0, $t1
    lw $t0, 0($s2)
    andi $t1, $s0, 0xfffc
    lui $t2, 0x8004
    addu $t1, $t2
    sw $t0, 0($t1)              /* anywhere in 40000-4FFFF */
    syscall
    andi $t1, $s0, 0x1ff0
    bnez $t1, work
    li $t0, 1
    sw $t0, CIPI($s6)           /* about one time in five hundred */
    b work
    later wait

    .balign 8
shared:
    .word 0, 0
