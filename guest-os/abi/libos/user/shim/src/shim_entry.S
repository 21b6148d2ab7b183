/*
 * The two ways into the library OS: a call, made by what would be a trap in a program without one, and a trap that
 * the kernel sends back.
 */
.text

/* Number in eax, arguments in ebx, ecx, edx, esi, edi and ebp; the result in eax. Nothing else changes. */
.globl shim_entry
.type shim_entry, @function
shim_entry:
    pushl %ecx
    pushl %edx
    pushl %ebp
    pushl %edi
    pushl %esi
    pushl %edx
    pushl %ecx
    pushl %ebx
    pushl %eax
    call shim_dispatch
    addl $28, %esp
    popl %edx
    popl %ecx
    ret
.size shim_entry, . - shim_entry

/* At esp: the registers as popal takes them, the vector, eflags and eip. */
.globl shim_upcall
.type shim_upcall, @function
shim_upcall:
    pushl %esp
    call shim_trap
    addl $4, %esp
    popal
    addl $4, %esp
    popfl
    ret
.size shim_upcall, . - shim_upcall

.section .note.GNU-stack, "", @progbits
