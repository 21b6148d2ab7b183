/*
 * The first instructions of a program of xv6's world. exec() left argc in a0 and argv in a1. Such a
 * main() ends with exit(); one that returns ends as well.
 */
.text
.set noreorder
.globl _start
.type _start, @function
.ent _start
_start:
    move $ra, $zero
    move $fp, $zero
    jal main
    nop
    jal exit
    nop
.end _start
.size _start, . - _start

.section .note.GNU-stack, "", @progbits
