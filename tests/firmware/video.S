/* INT 10h, checked in the memory at B8000 and in the cursor registers. */
#include "tests/firmware/sector.inc"

    .macro CELL text, row, column   /* character and attribute in the screen memory */
    pushal
    movw $0xB800, %ax
    movw %ax, %fs
    movzwl %fs:(\row * 80 + \column) * 2, %eax
    SAY_HEX "\text", %eax, 4
    popal
    .endm

    .macro CURSOR text              /* position INT 10h tells, and cell number in CRTC 0E/0F */
    pushal
    movb $0x03, %ah
    movb $0, %bh
    int $0x10
    SAY_HEX "\text position", %edx, 4
    movw $0x3D4, %dx
    movb $0x0E, %al
    outb %al, %dx
    incw %dx
    inb %dx, %al
    movb %al, %bh
    decw %dx
    movb $0x0F, %al
    outb %al, %dx
    incw %dx
    inb %dx, %al
    movb %al, %bl
    SAY_HEX "\text crtc", %ebx, 4
    popal
    .endm

    .macro TYPE character
    movb $\character, %al
    movb $0x0E, %ah
    movw $0x0007, %bx
    int $0x10
    .endm

    BEGIN
    movw $0, 0x400                  /* no COM1 for the firmware: text goes to the screen only */
    xorl %edx, %edx
    xorl %ebx, %ebx
    movw $0x0003, %ax
    int $0x10
    movb $0x0F, %ah
    int $0x10
    SAY_HEX "columns and mode", %eax, 4
    CELL "cleared", 24, 79
    CURSOR "home"

    TYPE 'H'
    TYPE 'i'
    CELL "H", 0, 0
    CELL "i", 0, 1
    CURSOR "typed"
    TYPE 8
    CURSOR "backspace"
    TYPE 13
    TYPE 10
    CURSOR "new line"
    TYPE 7
    CURSOR "bell"

    movw $0x0200, %ax               /* to row 10, column 79; the next character wraps */
    movw $0x0A4F, %dx
    movb $0, %bh
    int $0x10
    TYPE 'w'
    CELL "w", 10, 79
    CURSOR "wrapped"

    movw $0x0200, %ax               /* a new line on the last row scrolls all */
    movw $0x1805, %dx
    movb $0, %bh
    int $0x10
    TYPE 'L'
    TYPE 10
    CELL "scrolled L", 23, 5
    CELL "last row", 24, 5
    CELL "scrolled w", 9, 79
    CELL "H is gone", 0, 0
    CURSOR "after scroll"

    movw $0x0200, %ax               /* 3 stars, attribute 1E; then 2 pluses, attributes stay */
    movw $0x0503, %dx
    int $0x10
    movw $0x092A, %ax
    movw $0x001E, %bx
    movw $3, %cx
    int $0x10
    CELL "star 1", 5, 3
    CELL "star 3", 5, 5
    CELL "no star", 5, 6
    movw $0x0A2B, %ax
    movw $0x0000, %bx
    movw $2, %cx
    int $0x10
    CELL "plus", 5, 4
    CURSOR "stays"
    movb $0x08, %ah
    movb $0, %bh
    int $0x10
    SAY_HEX "read back", %eax, 4

    movw $0x0601, %ax               /* window 5,0-6,79 up by one, new line in attribute 4F */
    movb $0x4F, %bh
    movw $0x0500, %cx
    movw $0x064F, %dx
    int $0x10
    CELL "up: moved in", 5, 3
    CELL "up: blank", 6, 3
    movw $0x0701, %ax               /* and down */
    movb $0x2F, %bh
    movw $0x0500, %cx
    movw $0x064F, %dx
    int $0x10
    CELL "down: blank", 5, 3
    CELL "down: moved in", 6, 3

    movw $0x1301, %ax               /* a string, cursor moves */
    movw $0x0070, %bx
    movw $2, %cx
    movw $0x0C08, %dx
    movw $string, %bp
    int $0x10
    CELL "string", 12, 9
    CURSOR "string"
    movw $0x1302, %ax               /* with attributes, cursor stays */
    movw $1, %cx
    movw $0x0D00, %dx
    movw $string, %bp
    int $0x10
    CELL "attribute from string", 13, 0
    CURSOR "stays"

    movw $0x0100, %ax
    movw $0x060D, %cx
    int $0x10
    movb $0x03, %ah
    movb $0, %bh
    int $0x10
    SAY_HEX "shape", %ecx, 4

    movw $0x0501, %ax               /* page 1 is its own */
    int $0x10
    movb $0x0F, %ah
    int $0x10
    movzbl %bh, %eax
    SAY_HEX "page", %eax, 2
    TYPE 'P'
    movw $0xB800, %ax
    movw %ax, %fs
    movzwl %fs:4096, %eax
    SAY_HEX "page 1", %eax, 4
    jmp 9f
string: .ascii "AB"
9:
    END
