/*
 * The first instructions of a program of xv6's world. exec() left at esp: a return address that
 * leads nowhere, argc, argv. Such a main() ends with exit(); one that returns ends as well.
 */
.text
.globl _start
.type _start, @function
_start:
    xorl %ebp, %ebp
    movl 4(%esp), %eax
    movl 8(%esp), %ecx
    pushl %ecx
    pushl %eax
    call main
    call exit
.size _start, . - _start

.section .note.GNU-stack, "", @progbits
