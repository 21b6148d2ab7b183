/* smp: a kernel that tries out what several processors of a PC do to each other, says what it saw,
 * and switches the power off. The same on every PC:
 *
 *   processors N        by the MP table; all have started
 *   sum N*10000         LOCK XADD by all of them, at once
 *   ping-pong 100*(N-1) fixed IPIs to each other processor and back
 *   nmi N-1             to all but itself
 *   ioapic 5 on N-1     interrupts of the 8254, sent to the last one
 *   timer 5 on 0        interrupts of its own local APIC */
#include "smp.inc"

#define ROUNDS 10000
#define PINGS  100
#define TICKS  5

#define PING   0x41
#define PONG   0x42
#define CLOCK  0x50
#define TIMER  0x60

first:
    GATE 2, on_nmi
    GATE PING, on_ping
    GATE PONG, on_pong
    GATE CLOCK, on_clock
    GATE TIMER, on_timer
    movl $said_processors, %esi
    movl processors, %eax
    call say_number
    call say_line

    movl $1, go                 /* --- all add up */
    call add_up
    movl processors, %eax
1:  pause
    cmpl %eax, added
    jne 1b
    movl $said_sum, %esi
    movl sum, %eax
    call say_number
    call say_line

    sti                         /* --- ping-pong with each other one */
    movl $1, %edi
2:  cmpl processors, %edi
    jae 5f
    movl $PINGS, %ecx
3:  movl pongs, %ebp
    movl %edi, %eax
    shll $24, %eax
    movl %eax, LAPIC_TO
    movl $0x4000 + PING, LAPIC_ICR
4:  pause
    cmpl pongs, %ebp
    je 4b
    loop 3b
    incl %edi
    jmp 2b
5:  movl $said_pongs, %esi
    movl pongs, %eax
    call say_number
    call say_line

    movl $0xc4400, LAPIC_ICR    /* --- NMI */
    movl processors, %eax
    decl %eax
6:  pause
    cmpl %eax, nmis
    jne 6b
    movl $said_nmis, %esi
    call say_number
    call say_line

    movl processors, %eax       /* --- the 8254 by way of the I/O APIC */
    decl %eax
    shll $24, %eax
    IOAPIC_WRITE 0x15, %eax
    IOAPIC_WRITE 0x14, $CLOCK
    movb $0x34, %al             /* counter 0, both bytes, mode 2 */
    outb %al, $0x43
    movb $1193 & 0xff, %al      /* a millisecond */
    outb %al, $0x40
    movb $1193 >> 8, %al
    outb %al, $0x40
7:  pause
    cmpl $TICKS, clocks
    jb 7b
    IOAPIC_WRITE 0x14, $0x10000
    movl $said_clocks, %esi
    movl clocks, %eax
    call say_number
    movl $said_on, %esi
    movl clock_on, %eax
    call say_number
    call say_line

    movl $0xb, LAPIC_BY         /* --- the local APIC's timer: divided by 1, periodic */
    movl $0x20000 + TIMER, LAPIC_TIMER
    movl $1000000, LAPIC_COUNT
8:  hlt
    cmpl $TICKS, timers
    jb 8b
    movl $0x10000, LAPIC_TIMER
    movl $said_timers, %esi
    movl timers, %eax
    call say_number
    movl $said_on, %esi
    movl timer_on, %eax
    call say_number
    call say_line
    jmp power_off

other:
    pause
    cmpl $0, go
    je other
    call add_up
    sti
1:  hlt
    jmp 1b

add_up:
    movl $ROUNDS, %ecx
1:  movl $1, %eax
    lock xaddl %eax, sum
    loop 1b
    lock incl added
    ret

on_nmi:
    lock incl nmis
    iret

on_ping:
    movl $0, LAPIC_EOI
    movl $0, LAPIC_TO
    movl $0x4000 + PONG, LAPIC_ICR
    iret

on_pong:
    incl pongs
    jmp end_of_interrupt

/* Says who it was, and stops at TICKS. */
    .macro COUNT count, on
    pushl %eax
    cmpl $TICKS, \count
    jae 1f
    movl LAPIC_ID, %eax
    shrl $24, %eax
    movl %eax, \on
    incl \count
1:  popl %eax
    jmp end_of_interrupt
    .endm

on_clock:
    COUNT clocks, clock_on
on_timer:
    COUNT timers, timer_on

unexpected:
    movl $said_unexpected, %esi
    call say
    jmp power_off

/* ESI, and then EAX in decimal */
say_number:
    pushl %eax
    call say
    popl %eax
    movl $10, %ecx
    pushl $-1
1:  xorl %edx, %edx
    divl %ecx
    pushl %edx
    testl %eax, %eax
    jnz 1b
2:  popl %eax
    cmpl $-1, %eax
    je 3f
    addb $'0', %al
    call put
    jmp 2b
3:  ret

say_line:
    movb $'\n', %al
    jmp put

say:
    lodsb
    testb %al, %al
    jz 1f
    call put
    jmp say
1:  ret

    .data
said_processors:
    .asciz "processors "
said_sum:
    .asciz "sum "
said_pongs:
    .asciz "ping-pong "
said_nmis:
    .asciz "nmi "
said_clocks:
    .asciz "ioapic "
said_timers:
    .asciz "timer "
said_on:
    .asciz " on "
said_unexpected:
    .asciz "unexpected interrupt\n"
    .balign 4
go:
    .long 0
added:
    .long 0
sum:
    .long 0
pongs:
    .long 0
nmis:
    .long 0
clocks:
    .long 0
clock_on:
    .long 0
timers:
    .long 0
timer_on:
    .long 0
