/* INT 09h and INT 16h: scan codes from the 8042 (by its command D2h) come out as keys. */
#include "tests/firmware/sector.inc"

    .macro SCAN codes:vararg        /* presses and releases, one interrupt each */
    .irp code, \codes
    movb $0x\code, %al
    call scan
    .endr
    .endm

    .macro KEY function, text
    movb $0x\function, %ah
    int $0x16
    SAY_HEX "\text", %eax, 4
    .endm

    .macro PEEK function, text      /* "empty" or the key */
    movb $0x\function, %ah
    int $0x16
    jz 1f
    SAY_HEX "\text", %eax, 4
    jmp 2f
1:  SAY "\text: empty\n"
2:
    .endm

    BEGIN
    PEEK 01, "at start"
    SCAN 1E, 9E
    PEEK 01, "peek a"
    KEY 00, "a"
    PEEK 11, "taken"
    SCAN 2A, 1E, 9E, AA
    KEY 00, "shift a"
    SCAN 36, 02, 82, B6
    KEY 00, "right shift 1"
    SCAN 1D, 2E, AE, 9D
    KEY 00, "ctrl c"
    SCAN 1D, 1C, 9C, 0E, 8E, 9D
    KEY 00, "ctrl enter"
    KEY 00, "ctrl backspace"
    SCAN 38, 1E, 9E, 02, 82, B8
    KEY 00, "alt a"
    KEY 00, "alt 1"
    SCAN 3A, BA, 1E, 9E, 2A, 1E, 9E, AA, 02, 82
    KEY 00, "caps a"
    KEY 00, "caps shift a"
    KEY 00, "caps 1"
    movb $0x02, %ah
    int $0x16
    SAY_HEX "flags with caps", %eax, 2
    SCAN 3A, BA
    movb $0x02, %ah
    int $0x16
    SAY_HEX "flags without", %eax, 2
    SCAN 2A
    movb $0x02, %ah
    int $0x16
    SAY_HEX "flags shift held", %eax, 2
    SCAN 0F, 8F, AA
    KEY 00, "back tab"
    SCAN 1C, 9C, 0E, 8E, 01, 81, 39, B9
    KEY 00, "enter"
    KEY 00, "backspace"
    KEY 00, "escape"
    KEY 00, "space"
    SCAN 3B, BB, 2A, 3B, BB, AA, 1D, 3B, BB, 9D, 38, 3B, BB, B8
    KEY 00, "f1"
    KEY 00, "shift f1"
    KEY 00, "ctrl f1"
    KEY 00, "alt f1"
    SCAN 57, D7, 58, D8
    KEY 10, "f11"
    KEY 10, "f12"
    SCAN E0, 48, E0, C8, E0, 48, E0, C8, 48, C8
    KEY 00, "up, old call"
    KEY 10, "up, new call"
    KEY 10, "keypad 8"
    SCAN 45, C5, 48, C8, E0, 2A, E0, 48, E0, C8, E0, AA, 45, C5
    KEY 00, "num lock 8"
    KEY 00, "num lock up"
    SCAN E0, 1C, E0, 9C, E0, 1C, E0, 9C, E0, 35, E0, B5
    KEY 00, "grey enter, old call"
    KEY 10, "grey enter, new call"
    KEY 10, "grey slash"
    SCAN E1, 1D, 45, E1, 9D, C5, 10, 90
    KEY 00, "pause, then q"
    SCAN 4A, CA, 4E, CE
    KEY 00, "keypad -"
    KEY 00, "keypad +"
    movb $0x05, %ah
    movw $0x1234, %cx
    int $0x16
    SAY_HEX "push", %eax, 2
    KEY 10, "pushed"

    movw $20, %cx                   /* the ring holds 15 keys */
    xorw %bx, %bx
1:  pushw %cx
    movw $0x3920, %cx
    movb $0x05, %ah
    int $0x16
    popw %cx
    testb %al, %al
    jnz 2f
    incw %bx
2:  loop 1b
    SAY_HEX "fits", %ebx, 2
    jmp 9f

scan:                               /* %al: wait until it was taken */
    pushw %ax
1:  inb $0x64, %al
    testb $3, %al
    jnz 1b
    movb $0xD2, %al
    outb %al, $0x64
2:  inb $0x64, %al
    testb $2, %al
    jnz 2b
    popw %ax
    outb %al, $0x60
3:  inb $0x64, %al
    testb $3, %al
    jnz 3b
    ret
9:
    END
