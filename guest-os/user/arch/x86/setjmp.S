/* Keep and restore the registers that a function must keep, where it stands and its stack. */
.text
.globl setjmp
.type setjmp, @function
setjmp:
    movl 4(%esp), %eax
    movl %ebx, (%eax)
    movl %esi, 4(%eax)
    movl %edi, 8(%eax)
    movl %ebp, 12(%eax)
    leal 4(%esp), %ecx          /* the caller's stack pointer, once this has returned */
    movl %ecx, 16(%eax)
    movl (%esp), %ecx
    movl %ecx, 20(%eax)
    xorl %eax, %eax
    ret
.size setjmp, . - setjmp

.globl longjmp
.type longjmp, @function
longjmp:
    movl 4(%esp), %ecx
    movl 8(%esp), %eax
    testl %eax, %eax
    jne 1f
    incl %eax                   /* setjmp() must not seem to return 0 again */
1:  movl (%ecx), %ebx
    movl 4(%ecx), %esi
    movl 8(%ecx), %edi
    movl 12(%ecx), %ebp
    movl 16(%ecx), %esp
    jmp *20(%ecx)
.size longjmp, . - longjmp

.section .note.GNU-stack, "", @progbits
