/* Where every path into the firmware begins: reset, interrupts, protected mode and back. */

#define ROM_SEGMENT   0xF000
#define BOOT_STACK    0x6F04 /* where a PC leaves the stack of a boot sector */
#define CODE32        0x08
#define DATA32        0x10
#define CODE16        0x18
#define DATA16        0x20

    .code16

/* The processor fetches its first instruction from FFFF:FFF0, 16 bytes below 4 GiB. */
    .section .reset, "ax"
    ljmp $ROM_SEGMENT, $power_on
    .ascii "11/21/26"
    .byte 0
    .byte 0xFC                      /* F000:FFFE: machine model "AT" */
    .byte 0

    .section .text16, "ax"

    .globl power_on
power_on:
    cli
    cld
    movl %cr0, %eax
    andl $~0x60000000, %eax         /* caches on: CD and NW are set at reset */
    movl %eax, %cr0
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %ss
    movl $BOOT_STACK, %esp
    movw %cs, %ax
    movw %ax, %gs
    calll post

/* One stub for each vector names its handler; the common part makes the struct frame of bios.h. */
    .macro SERVICE vector, handler
stub_\vector:
    pushw $0x\vector
    pushw $\handler
    jmp service
    .endm

    SERVICE 00, processor_exception
    SERVICE 06, processor_exception
    SERVICE 07, processor_exception
    SERVICE 08, int08_timer
    SERVICE 09, int09_keyboard
    SERVICE 0A, hardware_interrupt
    SERVICE 0B, hardware_interrupt
    SERVICE 0C, hardware_interrupt
    SERVICE 0D, hardware_interrupt
    SERVICE 0E, hardware_interrupt
    SERVICE 0F, hardware_interrupt
    SERVICE 10, int10_video
    SERVICE 11, int11_equipment
    SERVICE 12, int12_memory
    SERVICE 13, int13_disk
    SERVICE 14, int14_serial
    SERVICE 15, int15_system
    SERVICE 16, int16_keyboard
    SERVICE 18, int18_no_boot
    SERVICE 19, int19_boot
    SERVICE 1A, int1a_time
    SERVICE 70, hardware_interrupt
    SERVICE 71, hardware_interrupt
    SERVICE 72, hardware_interrupt
    SERVICE 73, hardware_interrupt
    SERVICE 74, hardware_interrupt
    SERVICE 75, hardware_interrupt
    SERVICE 76, hardware_interrupt
    SERVICE 77, hardware_interrupt

stub_ignore:
    iret

service:
    pushw %ds
    pushw %es
    pushw %fs
    pushw %gs
    pushal
    cld
    movw %ss, %ax
    movw %ax, %ds
    movw %ax, %es
    xorw %ax, %ax
    movw %ax, %fs
    movw %cs, %ax
    movw %ax, %gs
    movzwl %sp, %esp                /* C addresses the stack with all of ESP */
    movl %esp, %eax
    movzwl 40(%esp), %edx
    calll *%edx
    movl 12(%esp), %eax             /* the caller's upper half of ESP */
    movw %sp, %ax
    movl %eax, %esp
    popal
    popw %gs
    popw %fs
    popw %es
    popw %ds
    addw $4, %sp
    iret

/* void boot_sector_enter(drive in EAX): registers as a PC BIOS leaves them. */
    .globl boot_sector_enter
boot_sector_enter:
    movzbl %al, %edx
    xorl %eax, %eax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movw %ax, %ss
    movl $BOOT_STACK, %esp
    movw $0xAA55, %ax
    xorl %ebx, %ebx
    xorl %ecx, %ecx
    xorl %esi, %esi
    xorl %edi, %edi
    xorl %ebp, %ebp
    sti
    ljmp $0, $0x7C00

    .globl boot_halt
boot_halt:
    sti
    hlt
    jmp boot_halt

    .globl boot_give_up
boot_give_up:                   /* interrupts off: an emulator can tell that it is for good */
    cli
    hlt
    jmp boot_give_up

/* u32 protected_call(function in EAX, argument in EDX): EBX and ESI keep the real-mode stack. */
    .globl protected_call
protected_call:
    pushfl
    cli
    pushl %ebx
    pushl %esi
    pushl %edi
    pushl %ebp
    movl %eax, %ecx
    xorl %ebx, %ebx
    movw %ss, %bx
    movl %esp, %esi
    data32 lgdt %cs:gdt_pointer
    movl %cr0, %eax
    orb $1, %al
    movl %eax, %cr0
    ljmpl $CODE32, $protected_enter

protected_leave:                    /* 16-bit protected mode: segments get their real-mode limits */
    movw $DATA16, %dx
    movw %dx, %ds
    movw %dx, %es
    movw %dx, %fs
    movw %dx, %gs
    movw %dx, %ss
    movl %cr0, %edx
    andb $~1, %dl
    movl %edx, %cr0
    ljmp $ROM_SEGMENT, $real_again
real_again:
    movw %bx, %ss
    movl %esi, %esp
    movw %bx, %ds
    movw %bx, %es
    xorw %dx, %dx
    movw %dx, %fs
    movw %cs, %dx
    movw %dx, %gs
    popl %ebp
    popl %edi
    popl %esi
    popl %ebx
    popfl
    retl

    .section .text32, "ax"
    .code32
protected_enter:
    movw $DATA32, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %fs
    movw %ax, %gs
    movl %ebx, %edi
    shll $4, %edi
    addl %esi, %edi
    movw %ax, %ss
    movl %edi, %esp
    movl %edx, %eax
    call *%ecx
    ljmp $CODE16, $protected_leave

/* void multiboot_enter(entry in EAX, information in EDX) */
    .globl multiboot_enter
multiboot_enter:
    movl %eax, %ecx
    movl %edx, %ebx
    movl $0x2BADB002, %eax
    jmp *%ecx

    .section .rom, "a"

/* Vectors 00-1F, then 70-77: the interrupt vector table POST writes. All others are stub_ignore. */
    .globl vector_stubs
vector_stubs:
    .word stub_00, stub_ignore, stub_ignore, stub_ignore, stub_ignore, stub_ignore, stub_06, stub_07
    .word stub_08, stub_09, stub_0A, stub_0B, stub_0C, stub_0D, stub_0E, stub_0F
    .word stub_10, stub_11, stub_12, stub_13, stub_14, stub_15, stub_16, stub_ignore
    .word stub_18, stub_19, stub_1A, stub_ignore, stub_ignore, stub_ignore, stub_ignore, stub_ignore
    .word stub_70, stub_71, stub_72, stub_73, stub_74, stub_75, stub_76, stub_77

    .globl vector_ignore
vector_ignore:
    .word stub_ignore

/* Accessed bits are set already: the processor could not set them in a ROM. */
    .balign 8
gdt:
    .quad 0
    .quad 0x00CF9B000000FFFF        /* CODE32: base 0, limit 4 GiB */
    .quad 0x00CF93000000FFFF        /* DATA32 */
    .quad 0x00009B0F0000FFFF        /* CODE16: base F0000, limit 64 KiB */
    .quad 0x000093000000FFFF        /* DATA16: base 0, limit 64 KiB */
gdt_pointer:
    .word . - gdt - 1
    .long gdt + (ROM_SEGMENT << 4)

/* The machine writes its MultiProcessor tables over this (MP specification 1.4, chapter 4). */
    .section .tables, "a"
    .balign 16
    .asciz "(room for the MP configuration)"
    .zero 1024 - 32

    .section .note.GNU-stack, "", @progbits
