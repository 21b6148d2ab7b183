/*
 * void swtch(struct context **old, struct context *new);
 *
 * Leave one kernel stack for another. What is saved here is a struct context; ra, its last word, is
 * where the caller goes on.
 */
        .text
        .set noreorder
        .globl swtch
        .type swtch, @function
        .ent swtch
swtch:
        addiu $sp, $sp, -40
        sw $s0, 0($sp)
        sw $s1, 4($sp)
        sw $s2, 8($sp)
        sw $s3, 12($sp)
        sw $s4, 16($sp)
        sw $s5, 20($sp)
        sw $s6, 24($sp)
        sw $s7, 28($sp)
        sw $s8, 32($sp)
        sw $ra, 36($sp)

        sw $sp, 0($a0)
        move $sp, $a1

        lw $s0, 0($sp)
        lw $s1, 4($sp)
        lw $s2, 8($sp)
        lw $s3, 12($sp)
        lw $s4, 16($sp)
        lw $s5, 20($sp)
        lw $s6, 24($sp)
        lw $s7, 28($sp)
        lw $s8, 32($sp)
        lw $ra, 36($sp)
        nop
        jr $ra
        addiu $sp, $sp, 40
        .end swtch
        .size swtch, . - swtch

        .section .note.GNU-stack, "", @progbits
