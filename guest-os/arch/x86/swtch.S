/*
 * void swtch(struct context **old, struct context *new);
 *
 * Leave one kernel stack for another. What is pushed here is a struct context, and eip, which
 * the caller's call instruction pushed, is its last word: ret continues where `new` was saved.
 */
        .globl swtch
swtch:
        movl 4(%esp), %eax
        movl 8(%esp), %edx

        pushl %ebp
        pushl %ebx
        pushl %esi
        pushl %edi
        pushl %fs
        pushl %gs

        movl %esp, (%eax)
        movl %edx, %esp

        popl %gs
        popl %fs
        popl %edi
        popl %esi
        popl %ebx
        popl %ebp
        ret
