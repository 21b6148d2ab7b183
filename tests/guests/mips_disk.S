/* mips_disk: a kernel of the LAMEbus machine that writes a sector, reads it back through another
 * one, and switches off. Without a disk, or when it does not do what it should, it stops in the
 * debugger.
 *
 * Sector 5 becomes 512 bytes "disk" over and over; sector 6 is the one that it reads. */
    .set noreorder
    .globl start
start:
    lui $s3, 0xbfff             /* slot 31: the controller */
    lw $t0, 0x0804($s3)         /* what is in slot 2: */
    li $t1, 3                   /* a disk? */
    bne $t0, $t1, wrong
    lui $s0, 0xbfe2
    ori $s1, $s0, 0x8000        /* its buffer */
    lui $s2, 0xbfe0             /* slot 0: the console */
    li $t0, 512
    lui $t1, 0x6469             /* "di" */
    ori $t1, 0x736b             /* "sk" */
    move $t2, $s1
1:  sw $t1, 0($t2)
    addiu $t0, -4
    bnez $t0, 1b
    addiu $t2, 4
    li $a0, 5
    bal command
    li $a1, 3                   /* write */
    li $t0, 6
    bne $v0, $t0, wrong
    li $a0, 6
    bal command
    li $a1, 1                   /* read */
    li $t0, 4
    bne $v0, $t0, wrong
    lbu $t0, 0($s1)
    b off
    sw $t0, 0($s2)              /* the first byte of what was there */
wrong:
    lui $t0, 0xbffe             /* slot 30: ltrace */
    li $t1, 1
    sw $t1, 16($t0)
off:
    sw $zero, 0x7e08($s3)
    .set mips32
2:  wait                        /* until there is no more power */
    .set mips0
    b 2b
    nop

command:                        /* $a0 sector, $a1 what: the status in $v0 */
    sw $a0, 8($s0)
    sw $a1, 4($s0)
3:  lw $v0, 4($s0)
    andi $t0, $v0, 1
    bnez $t0, 3b
    nop
    jr $ra
    sw $zero, 4($s0)
