/* sys_call_table: the Linux calls of MIPS by their numbers, from 4000 on. */

/* Turnstile's own calls of these names mean something else, or take other flags. */
#define sys_open   sys_linux_open
#define sys_mknod  sys_linux_mknod
#define sys_unlink sys_linux_unlink
#define sys_kill   sys_linux_kill
#define sys_pipe   sys_linux_pipe
#define sys_exit   sys_linux_exit

/* A file has nothing that could be written without the rest. */
#define sys_fdatasync sys_fsync

        .section .rodata
        .align 2
        .globl sys_call_table, sys_call_table_end
        .type sys_call_table, @object
sys_call_table:
#include "sys_call_table.inc"
sys_call_table_end:
        .size sys_call_table, . - sys_call_table

        .section .note.GNU-stack, "", @progbits
