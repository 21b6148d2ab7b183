/* INT 08h, 1Ch, 1Ah and the wait of INT 15h. */
#include "tests/firmware/sector.inc"

    .macro IS_BCD text, low, high   /* %al within two BCD bounds */
    call is_bcd
    jc 1f
    cmpb $\low, %al
    jb 1f
    cmpb $\high, %al
    ja 1f
    SAY "\text is fine\n"
    jmp 2f
1:  SAY_HEX "bad \text", %eax, 2
2:
    .endm

    BEGIN
    movb $0x01, %ah                /* just before midnight: 1800B0h ticks a day */
    movw $0x0018, %cx
    movw $0x00AE, %dx
    int $0x1A
    SAY_CARRY "set ticks"
    movl $user_tick, 0x1C * 4
1:  cmpw $3, user_ticks
    jb 1b
    cli
    movb $0x00, %ah
    int $0x1A
    SAY_HEX "cx", %ecx, 4
    SAY_HEX "dx", %edx, 4
    SAY_HEX "midnights", %eax, 2
    movb $0x00, %ah
    int $0x1A
    SAY_HEX "midnights again", %eax, 2
    sti

    movb $0x02, %ah
    int $0x1A
    SAY_CARRY "time"
    movb %ch, %al
    IS_BCD "hour", 0x00, 0x23
    movb %cl, %al
    IS_BCD "minute", 0x00, 0x59
    movb %dh, %al
    IS_BCD "second", 0x00, 0x59
    movb $0x04, %ah
    int $0x1A
    SAY_CARRY "date"
    movb %ch, %al
    IS_BCD "century", 0x19, 0x20
    movb %cl, %al
    IS_BCD "year", 0x00, 0x99
    movb %dh, %al
    IS_BCD "month", 0x01, 0x12
    movb %dl, %al
    IS_BCD "day", 0x01, 0x31
    movb $0x7F, %ah
    int $0x1A
    SAY_CARRY "unknown"

    movw user_ticks, %bx            /* 576 ms are 10.5 ticks of 54.9 ms */
1:  cmpw user_ticks, %bx
    je 1b
    movw user_ticks, %bx
    movw $0x0008, %cx
    movw $0xCA00, %dx
    movb $0x86, %ah
    int $0x15
    SAY_CARRY "wait"
    movw user_ticks, %ax
    subw %bx, %ax
    SAY_HEX "ticks waited", %eax, 2
    jmp 9f

user_tick:
    incw %cs:user_ticks
    iret
user_ticks: .word 0

is_bcd:                             /* carry = %al is not BCD */
    pushw %ax
    movb %al, %ah
    andw $0x0FF0, %ax
    cmpb $0x9F, %al
    ja 1f
    cmpb $0x09, %ah
    ja 1f
    popw %ax
    clc
    ret
1:  popw %ax
    stc
    ret
9:
    END
