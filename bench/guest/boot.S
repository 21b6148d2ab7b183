/* boot: a multiboot kernel that is nothing but the benchmark: entry, stubs, user-mode code. */
    .section .multiboot, "a"
    .align 4
    .long 0x1badb002, 0x00000003, -(0x1badb002 + 0x00000003)

    .text
    .globl start
start:
    mov $stack_top, %esp
    push %ebx
    call bench_main
1:  hlt
    jmp 1b

/* A system call with a full trapframe, as small kernels do it. */
    .globl syscall_entry
syscall_entry:
    push $0
    push $64
    push %ds
    push %es
    push %fs
    push %gs
    pusha
    mov $0x10, %ax
    mov %ax, %ds
    mov %ax, %es
    push %esp
    call on_syscall
    add $4, %esp
    popa
    pop %gs
    pop %fs
    pop %es
    pop %ds
    add $8, %esp
    iret

    .globl fault_entry
fault_entry:
    push $14
    push %ds
    push %es
    push %fs
    push %gs
    pusha
    mov $0x10, %ax
    mov %ax, %ds
    mov %ax, %es
    mov %cr2, %eax
    push %eax
    call on_page_fault
    add $4, %esp
    popa
    pop %gs
    pop %fs
    pop %es
    pop %ds
    add $8, %esp
    iret

/* enter_user(function, argument): runs it in ring 3 until it makes system call 0. */
    .globl enter_user
enter_user:
    mov 4(%esp), %ecx
    mov 8(%esp), %edx
    push %ebx
    push %ebp
    push %esi
    push %edi
    mov %esp, kernel_esp
    mov $0x23, %ax
    mov %ax, %ds
    mov %ax, %es
    push $0x23
    lea user_stack_top, %eax
    mov %edx, -4(%eax)
    sub $8, %eax
    push %eax
    push $0x2
    push $0x1b
    push %ecx
    iret
    .globl leave_user
leave_user:
    mov kernel_esp, %esp
    mov $0x10, %ax
    mov %ax, %ds
    mov %ax, %es
    pop %edi
    pop %esi
    pop %ebp
    pop %ebx
    ret

/* user_calls(n): n system calls of number 1, then number 0. */
    .globl user_calls
user_calls:
    mov 4(%esp), %esi
1:  mov $1, %eax
    int $64
    dec %esi
    jnz 1b
    xor %eax, %eax
    int $64

/* user_touch(n): n times one byte of each of 256 pages that the kernel unmaps again. */
    .globl user_touch
user_touch:
    mov 4(%esp), %esi
1:  mov $0x40000000, %edi
    mov $256, %ecx
2:  movb $1, (%edi)
    add $4096, %edi
    dec %ecx
    jnz 2b
    mov $2, %eax
    int $64
    dec %esi
    jnz 1b
    xor %eax, %eax
    int $64

/* switch_to(from, to, cr3): two kernel contexts in two address spaces. */
    .globl switch_to
switch_to:
    mov 4(%esp), %eax
    mov 8(%esp), %edx
    mov 12(%esp), %ecx
    push %ebp
    push %ebx
    push %esi
    push %edi
    mov %esp, (%eax)
    mov %ecx, %cr3
    mov (%edx), %esp
    pop %edi
    pop %esi
    pop %ebx
    pop %ebp
    ret

/* The routine that smc() patches: mov $imm32, %eax; ret. */
    .data
    .align 64
    .globl patched
patched:
    .byte 0xb8, 0, 0, 0, 0, 0xc3

    .bss
    .align 16
kernel_esp: .space 16
    .space 16384
stack_top:
    .globl trap_stack_top
    .space 8192
trap_stack_top:
    .space 8192
user_stack_top:
    .section .note.GNU-stack, "", @progbits
