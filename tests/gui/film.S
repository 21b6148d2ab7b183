/* film: a kernel of one system call, for pictures that never change: assembly, so that no compiler
 * decides where anything is. Its program asks to write, over and over. */
        .section .multiboot, "ax"
        .long   0x1badb002, 0, -0x1badb002
        .globl  _start
_start: movl    $boot_stack_top, %esp
        lgdt    gdt_register
        ljmp    $0x08, $1f
1:      movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        movw    %ax, %ss
        movl    $vector64, %eax
        movw    %ax, idt + 64 * 8
        shrl    $16, %eax
        movw    %ax, idt + 64 * 8 + 6
        movl    $kernel_stack_top, tss + 4
        movl    $tss, %eax
        movw    %ax, gdt + 0x28 + 2
        shrl    $16, %eax
        movb    %al, gdt + 0x28 + 4
        lidt    idt_register
        movw    $0x28, %ax
        ltr     %ax
        pushl   $0x23
        pushl   $user_stack_top
        pushl   $0x202
        pushl   $0x1b
        pushl   $main
        iret

        .text
        .globl  main, write, vector64, alltraps, trapret, trap, syscall, sys_write
        .type   main, @function
main:   pushl   $3                      # write(1, "hi\n", 3)
        pushl   $hi
        pushl   $1
        call    write
        addl    $12, %esp
        jmp     main
        .size   main, . - main
        .type   write, @function
write:  movl    $16, %eax
        int     $64
        ret
        .size   write, . - write

        .type   vector64, @function
vector64:
        pushl   $0                      # no error code
        pushl   $64
        jmp     alltraps
        .size   vector64, . - vector64
        .type   alltraps, @function
alltraps:
        pushl   %ds
        pushl   %es
        pushal
        movw    $0x10, %ax
        movw    %ax, %ds
        movw    %ax, %es
        pushl   %esp
        call    trap
        addl    $4, %esp
        .size   alltraps, . - alltraps
        .type   trapret, @function
trapret:
        popal
        popl    %es
        popl    %ds
        addl    $8, %esp
        iret
        .size   trapret, . - trapret

        .type   trap, @function
trap:   pushl   %ebp
        movl    %esp, %ebp
        call    syscall
        popl    %ebp
        ret
        .size   trap, . - trap
        .type   syscall, @function
syscall:
        pushl   %ebp
        movl    %esp, %ebp
        movl    8 + 4(%ebp), %eax       # trap's caller pushed the trapframe
        movl    16(%ebp), %ebx
        movl    28(%ebx), %eax
        call    *syscalls(,%eax,4)
        movl    %eax, 28(%ebx)
        popl    %ebp
        ret
        .size   syscall, . - syscall
        .type   sys_write, @function
sys_write:
        pushl   %ebp
        movl    %esp, %ebp
        movw    $0xe9, %dx              # the debug port
        movb    $'h', %al
        outb    %al, %dx
        movb    $'i', %al
        outb    %al, %dx
        movb    $'\n', %al
        outb    %al, %dx
        movl    $3, %eax
        popl    %ebp
        ret
        .size   sys_write, . - sys_write

        .data
hi:     .ascii  "hi\n"
        .balign 8
gdt:    .quad   0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x00cffb000000ffff, 0x00cff3000000ffff
        .quad   0x0000890000000067
gdt_register:
        .word   6 * 8 - 1
        .long   gdt
idt_register:
        .word   256 * 8 - 1
        .long   idt
        .balign 8
        .globl  syscalls
        .type   syscalls, @object
syscalls:
        .fill   16, 4, 0
        .long   sys_write
        .fill   4, 4, 0
        .size   syscalls, . - syscalls
        .balign 8
idt:    .fill   64, 8, 0
        .long   0x00080000, 0x0000ef00
        .fill   191, 8, 0
tss:    .long   0, 0, 0x10
        .fill   22, 4, 0
        .word   0, 104
        .bss
        .balign 4096
        .skip   4096
boot_stack_top:
        .skip   4096
kernel_stack_top:
        .skip   4096
user_stack_top:
