/*
 * The first instructions of the kernel. A multiboot loader jumps to _start in 32-bit protected
 * mode, paging off, eax = 0x2badb002, ebx = physical address of the boot information
 * (Multiboot Specification 0.6.96, 3.2). The kernel is linked at 0x80100000 but loaded at
 * 0x00100000, so until paging is on every address has KERNBASE taken off.
 */
#define KERNBASE 0x80000000
#define PHYSICAL(symbol) ((symbol) - KERNBASE)

/* Multiboot header: modules on page boundaries, and tell us the memory size. */
#define MAGIC 0x1badb002
#define FLAGS 0x00000003

        .section .multiboot, "a"
        .align 4
        .long MAGIC
        .long FLAGS
        .long -(MAGIC + FLAGS)

        .text
        .globl _start
        .set _start, PHYSICAL(entry)

        .globl entry
entry:
        cld
        cli
        movl %eax, PHYSICAL(boot_magic)

        # Keep the boot information's first 30 words: it may lie where nothing is mapped later.
        movl %ebx, %esi
        movl $PHYSICAL(boot_info), %edi
        movl $30, %ecx
        rep movsl

        # Map the first 4 MiB where they are and at KERNBASE, and go there.
        movl $PHYSICAL(boot_directory), %eax
        movl %eax, %cr3
        movl %cr0, %eax
        orl $0x80010004, %eax           # PG, WP; EM: floating-point instructions trap
        movl %eax, %cr0
        movl $high, %eax
        jmp *%eax
high:
        movl $boot_stack_top, %esp
        xorl %ebp, %ebp                 # a backtrace ends here
        call x86_start
        ud2                             # x86_start does not return

/*
 * A further processor begins here, in a copy in a page below 1 MiB, in real mode with cs pointing at
 * that page; then, by way of the map above, in the kernel's, on the stack that cpu_stack says.
 */
        .globl trampoline, trampoline_end
        .code16
trampoline:
        cli
        movw %cs, %ax
        movw %ax, %ds
        lgdtl trampoline_gdtr - trampoline
        movl %cr0, %eax
        orl $1, %eax                    # PE
        movl %eax, %cr0
        ljmpl $8, $PHYSICAL(protected)
        .align 4
trampoline_gdtr:
        .word 23
        .long PHYSICAL(trampoline_gdt)
trampoline_end:

        .code32
protected:
        movl $16, %eax
        movl %eax, %ds
        movl %eax, %es
        movl %eax, %ss
        movl $PHYSICAL(boot_directory), %eax
        movl %eax, %cr3
        movl %cr0, %eax
        andl $0x9fffffff, %eax          # CD, NW off: caches on
        orl $0x80010004, %eax           # PG, WP, EM
        movl %eax, %cr0
        movl $1f, %eax
        jmp *%eax
1:      movl $PHYSICAL(kernel_directory), %eax
        movl %eax, %cr3
        movl cpu_stack, %esp
        xorl %ebp, %ebp
        call x86_start_cpu
        ud2

        .section .rodata
        .align 8
trampoline_gdt:                         # nothing; code and data, flat, ring 0
        .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff

        .bss
        .align 8192                     # KSTACKSIZE: struct thread_info lies at the bottom
        .globl boot_stack
boot_stack:
        .space 8192
boot_stack_top:

        .data
        .globl boot_magic, boot_info
boot_magic:
        .long 0
boot_info:
        .space 120

        .align 4096
boot_directory:
        .long PHYSICAL(boot_table) + 3
        .space 4 * 511
        .long PHYSICAL(boot_table) + 3
        .space 4 * 511
boot_table:
        .set frame, 0
        .rept 1024
        .long frame + 3
        .set frame, frame + 4096
        .endr
