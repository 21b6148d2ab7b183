/* clockwork: a ROM that never rests, for tests of machines: timer interrupts, halts, software
 * interrupts, memory that changes all the time, an echo of COM1 that changes everything after it.
 *
 * Says a byte at port E9 for every 16th timer interrupt. 'q' at COM1 switches the power off. */
    .code16
    .section .text
    .global start
start:
    cli
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movw $0x7000, %sp
    movw $timer, 0x08 * 4
    movw %cs, 0x08 * 4 + 2
    movw $serial, 0x0c * 4
    movw %cs, 0x0c * 4 + 2
    movw $mix, 0x40 * 4
    movw %cs, 0x40 * 4 + 2

    movb $0x11, %al             /* both 8259A: vectors 08 and 70, IRQ0 IRQ4 only */
    outb %al, $0x20
    movb $0x08, %al
    outb %al, $0x21
    movb $0x04, %al
    outb %al, $0x21
    movb $0x01, %al
    outb %al, $0x21
    movb $0xee, %al
    outb %al, $0x21

    movb $0x34, %al             /* counter 0, mode 2, every 1500 clocks: about 800 Hz */
    outb %al, $0x43
    movw $1500, %ax
    outb %al, $0x40
    movb %ah, %al
    outb %al, $0x40

    movw $0x3f9, %dx            /* COM1: interrupt for each byte received */
    movb $1, %al
    outb %al, %dx

    xorb %al, %al               /* the date is in everything that follows */
    outb %al, $0x70
    inb $0x71, %al
    movzbl %al, %ebx            /* EBX: the pseudo-random state */
    movw $0x1000, %ax
    movw %ax, %es
    sti

work:
    int $0x40
    movl %ebx, %edi
    shrl $14, %edi
    movb %bl, %es:(%di)         /* anywhere in 10000-1FFFF */
    testl $0x3ff000, %ebx
    jnz work
    hlt                         /* about one time in a thousand */
    jmp work

mix:                            /* EBX = EBX * 1664525 + 1013904223 (Knuth vol. 2, 3.3.4) */
    imull $1664525, %ebx, %ebx
    addl $1013904223, %ebx
    addl $1, 0x500
    iretw

timer:
    pushw %ax
    incw 0x510
    testw $15, 0x510
    jnz 1f
    movb %bl, %al
    outb %al, $0xe9
1:  movb $0x20, %al
    outb %al, $0x20
    popw %ax
    iretw

serial:
    pushw %ax
    pushw %dx
    movw $0x3f8, %dx
    inb %dx, %al
    outb %al, %dx
    cmpb $'q', %al
    jne 1f
    movw $0x604, %dx
    movw $0x2000, %ax
    outw %ax, %dx
1:  movzbl %al, %eax
    addl %eax, %ebx
    movb $0x20, %al
    outb %al, $0x20
    popw %dx
    popw %ax
    iretw

    .org 0xfff0
    ljmp $0xf000, $start
    .org 0xffff
    .byte 0xff
