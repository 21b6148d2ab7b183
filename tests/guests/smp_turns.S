/* smp_turns: a kernel for a PC that never rests, on as many processors as there are, for tests of
 * machines: LOCK XADD on one word, INT, memory that changes all the time, code and a page table that
 * each processor changes for all, timers of the local APICs, the 8254 and COM1 through the I/O APIC,
 * interrupts from one processor to the next, HLT, an echo of COM1 that changes everything after it.
 *
 * Says a letter for every 16th interrupt of the 8254. 'q' at COM1 switches the power off.
 *
 * EDI pseudo-random state   EBX own number   EBP the next processor's, at its place in ICR high */
#include "smp.inc"

#define PING      0x41
#define KEY       0x44
#define CLOCK     0x50
#define TIMER     0x60
#define CALL      0x80

#define DIRECTORY 0x60000
#define TABLE     0x61000
#define FRAME     0x62000       /* two of them */
#define WINDOW    0x400000      /* where one or the other is seen */
#define SCRATCH   0x40000       /* 64 KiB */

#define PAGE      0x003         /* present, writable */
#define LARGE     0x083

first:
    GATE PING, on_ping
    GATE KEY, on_key
    GATE CLOCK, on_clock
    GATE TIMER, on_timer
    GATE CALL, on_call
    movl $LARGE, DIRECTORY      /* the first 4 MiB, and the APICs, where they are */
    movl $TABLE + PAGE, DIRECTORY + 4
    movl $0xfec00000 + LARGE, DIRECTORY + 4 * 0x3fb
    movl $FRAME + PAGE, TABLE
    movl processors, %eax
    decl %eax
    shll $24, %eax
    IOAPIC_WRITE 0x15, %eax     /* the 8254 interrupts the last one */
    IOAPIC_WRITE 0x14, $CLOCK
    IOAPIC_WRITE 0x18, $KEY     /* COM1 the first */
    movb $0x34, %al             /* counter 0, both bytes, mode 2: 170 microseconds */
    outb %al, $0x43
    movb $203, %al
    outb %al, $0x40
    xorb %al, %al
    outb %al, $0x40
    movw $COM1 + 1, %dx         /* a byte received interrupts */
    movb $1, %al
    outb %al, %dx
    movw $COM1 + 4, %dx
    movb $8, %al
    outb %al, %dx
    movb $0, %al                /* the date is in everything that follows */
    outb %al, $0x70
    inb $0x71, %al
    movzbl %al, %eax
    movl %eax, mix
    movl $1, go

other:
    pause
    cmpl $0, go
    je other
    movl %cr4, %eax
    orl $0x10, %eax             /* PSE */
    movl %eax, %cr4
    movl $DIRECTORY, %eax
    movl %eax, %cr3
    movl %cr0, %eax
    andl $0x9fffffff, %eax
    orl $0x80010000, %eax       /* PG, WP */
    movl %eax, %cr0
    leal 0x163ca341(%ebx), %edi
    leal 1(%ebx), %ebp
    cmpl processors, %ebp
    jb 1f
    xorl %ebp, %ebp
1:  shll $24, %ebp
    movl $0xb, LAPIC_BY
    movl $0x20000 + TIMER, LAPIC_TIMER
    imull $7000, %ebx, %eax
    addl $200000, %eax          /* 200 microseconds and something */
    movl %eax, LAPIC_COUNT
    sti

work:
    movl %edi, %eax
    lock xaddl %eax, shared
    addl mix, %edi
    movl %edi, %eax             /* xorshift32 (Marsaglia 2003) */
    shll $13, %eax
    xorl %eax, %edi
    movl %edi, %eax
    shrl $17, %eax
    xorl %eax, %edi
    movl %edi, %eax
    shll $5, %eax
    xorl %eax, %edi
    movl shared, %eax
    movzwl %di, %ecx
    andl $0xfffc, %ecx
    movl %eax, SCRATCH(%ecx)
    movl %edi, WINDOW
    xorl SCRATCH, %edi
    int $CALL
    call changing
    testl $0xf00, %edi
    jnz work
    movl %edi, changing + 1     /* one time in sixteen: code for all */
    testl $0x3000, %edi
    jnz work
    lock xorl $0x1000, TABLE    /* ... in sixty-four: the other frame for all */
    invlpg WINDOW
    addl WINDOW, %edi
    testl $0x1c000, %edi
    jnz work
    cli                         /* ... in five hundred: the next one, and rest */
    movl %ebp, LAPIC_TO
    movl $0x4000 + PING, LAPIC_ICR
    sti
    hlt
    jmp work

    .balign 16
changing:
    movl $0, %eax
    addl %eax, %edi
    ret

on_call:
    xorl $0x4d, %edi
    iret

on_ping:
    addl $0x11, %edi
    jmp end_of_interrupt

on_timer:
    xorl $0x5a5a, %edi
    jmp end_of_interrupt

on_key:
    pushl %eax
    pushl %edx
    movw $COM1, %dx
    inb %dx, %al
    movzbl %al, %eax
    addl %eax, mix
    cmpb $'q', %al
    je power_off
    popl %edx
    popl %eax
    jmp end_of_interrupt

on_clock:
    pushl %eax
    incl clocks
    testl $15, clocks
    jnz 1f
    movl %edi, %eax
    andb $15, %al
    addb $'a', %al
    call put
1:  popl %eax
    jmp end_of_interrupt

unexpected:
    movb $'!', %al
    call put
    jmp power_off

    .data
    .balign 4
go:
    .long 0
shared:
    .long 0
mix:
    .long 0
clocks:
    .long 0
