/* INT 11h, 12h and 15h on a machine of 32 MiB. */
#include "tests/firmware/sector.inc"

#define SMAP 0x534D4150

    BEGIN
    xorl %eax, %eax
    int $0x12
    SAY_HEX "int 12", %eax, 4
    int $0x11
    andb $0x30, %al
    SAY_HEX "int 11 video", %eax, 2
    movb $0x88, %ah
    int $0x15
    SAY_CARRY "88"
    SAY_HEX "88", %eax, 4
    movw $0xE801, %ax
    int $0x15
    SAY_CARRY "E801"
    SAY_HEX "ax", %eax, 4
    SAY_HEX "bx", %ebx, 4
    SAY_HEX "cx", %ecx, 4
    SAY_HEX "dx", %edx, 4

    xorl %ebx, %ebx
1:  movl $0xE820, %eax
    movl $SMAP, %edx
    movl $20, %ecx
    movw $range, %di
    int $0x15
    jc 2f
    cmpl $SMAP, %eax
    jne 2f
    SAY_HEX "size", %ecx, 2
    SAY_HEX "base", range, 8
    SAY_HEX "length", range+8, 8
    SAY_HEX "type", range+16, 2
    testl %ebx, %ebx
    jnz 1b
2:  SAY_HEX "last", %ebx, 2
    movl $0xE820, %eax
    movl $0, %edx
    int $0x15
    SAY_CARRY "E820 without SMAP"

    movw $0x2403, %ax
    int $0x15
    SAY_CARRY "A20 ways"
    SAY_HEX "ways", %ebx, 4
    movw $0x2400, %ax
    int $0x15
    SAY_CARRY "A20 off"
    movw $0x2402, %ax
    int $0x15
    SAY_HEX "A20 state", %eax, 4
    movw $0xFFFF, %ax
    movw %ax, %fs
    movb $0x12, 0x600
    movb %fs:0x610, %al
    SAY_HEX "wraps", %eax, 2
    movw $0x2401, %ax
    int $0x15
    SAY_CARRY "A20 on"
    movw $0x2402, %ax
    int $0x15
    SAY_HEX "A20 state", %eax, 4
    movb $0x34, %fs:0x610
    movb 0x600, %al
    SAY_HEX "does not wrap", %eax, 2

    movw $4, %cx                    /* 4 words to 1 MiB + 64 KiB and back behind themselves */
    movw $up, %si
    movb $0x87, %ah
    int $0x15
    SAY_CARRY "move up"
    movb %ah, %al
    SAY_HEX "ah", %eax, 2
    movw $4, %cx
    movw $down, %si
    movb $0x87, %ah
    int $0x15
    SAY_CARRY "move down"
    SAY_HEX "first", words+8, 8
    SAY_HEX "last", words+12, 8
    movw $0x8001, %cx
    movb $0x87, %ah
    int $0x15
    SAY_CARRY "move too much"

    movb $0xC0, %ah
    int $0x15
    SAY_CARRY "C0"
    movzwl %es:(%bx), %eax
    SAY_HEX "table size", %eax, 4
    movzwl %es:2(%bx), %eax
    SAY_HEX "model", %eax, 2
    movb $0xBF, %ah
    int $0x15
    SAY_CARRY "unknown"
    movb %ah, %al
    SAY_HEX "unknown ah", %eax, 2
    jmp 9f

    .balign 4
range:
    .skip 20
words:
    .long 0x01020304, 0x0A0B0C0D, 0, 0
up:
    .skip 16
    .word 0xFFFF, words
    .byte 0, 0x93, 0, 0
    .word 0xFFFF, 0x0000
    .byte 0x11, 0x93, 0, 0
    .skip 16
down:
    .skip 16
    .word 0xFFFF, 0x0000
    .byte 0x11, 0x93, 0, 0
    .word 0xFFFF, words+8
    .byte 0, 0x93, 0, 0
    .skip 16
9:
    END
