/* The Linux way into the kernel: int $0x80 comes to system_call. */
#include "mmu.h"

/* Turnstile's own calls of these names mean something else, or take other flags. */
#define sys_open   sys_linux_open
#define sys_mknod  sys_linux_mknod
#define sys_unlink sys_linux_unlink
#define sys_kill   sys_linux_kill
#define sys_pipe   sys_linux_pipe
#define sys_exit   sys_linux_exit

/* A file has nothing that could be written without the rest. */
#define sys_fdatasync sys_fsync

/* The 32 says that the numbers have as many bits: here they all have. */
#define sys_getuid32    sys_getuid
#define sys_geteuid32   sys_geteuid
#define sys_getgid32    sys_getgid
#define sys_getegid32   sys_getegid
#define sys_getgroups32 sys_getgroups
#define sys_ugetrlimit  sys_getrlimit

/*
 * The registers in the order of Linux's frame, struct pt_regs. The processor has pushed ss, esp, eflags,
 * cs and eip. Interrupts stay on: the gate is a trap gate. fs and gs are exchanged in swtch().
 */
        .globl system_call
system_call:
        pushl %eax                      # orig_eax: the number, kept for a call that is begun again
        cld
        pushl %es
        pushl %ds
        pushl %eax
        pushl %ebp
        pushl %edi
        pushl %esi
        pushl %edx
        pushl %ecx
        pushl %ebx

        movw $(SEG_KDATA << 3), %dx
        movw %dx, %ds
        movw %dx, %es

        pushl %esp                      # linux_trap(regs)
        call linux_trap
        addl $4, %esp

        .globl restore_all
restore_all:
        popl %ebx
        popl %ecx
        popl %edx
        popl %esi
        popl %edi
        popl %ebp
        popl %eax
        popl %ds
        popl %es
        addl $4, %esp
        iret

        .section .rodata
        .align 4
        .globl sys_call_table, sys_call_table_end
        .type sys_call_table, @object
sys_call_table:
#include "sys_call_table.inc"
sys_call_table_end:
        .size sys_call_table, . - sys_call_table
