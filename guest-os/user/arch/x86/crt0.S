/*
 * The first instructions of a program. exec() left at esp: a return address that leads nowhere,
 * argc, argv.
 */
.text
.globl _start
.weak __path_start
.type _start, @function
_start:
    xorl %ebp, %ebp             /* the outermost frame: backtraces end here */
    movl 4(%esp), %eax
    movl 8(%esp), %ecx
    pushl %ecx
    pushl %eax
    movl $__path_start, %eax    /* what the program's path wants first; most want nothing */
    testl %eax, %eax
    jz 1f
    call *%eax
1:  call main
    pushl %eax
    call exit
    hlt                         /* exit() does not return; a privileged instruction says so */
.size _start, . - _start

.section .note.GNU-stack, "", @progbits
