/*
 * The first instructions of a program. exec() left argc in a0, argv in a1, and at sp room for what
 * main() may put there of its arguments.
 */
.text
.set noreorder
.globl _start
.type _start, @function
.ent _start
_start:
    move $ra, $zero             /* the outermost frame: backtraces end here */
    move $fp, $zero
    jal main
    nop
    jal exit
    move $a0, $v0
    break                       /* exit() does not return */
.end _start
.size _start, . - _start

.section .note.GNU-stack, "", @progbits
