/* Fills memory with rubbish, makes its own disk unbootable, and boots again: now from the flash. */
#include "tests/firmware/sector.inc"

    BEGIN
    movw $0x2000, %ax               /* 64 KiB of rubbish at 20000h */
    movw %ax, %es
    xorw %di, %di
    movw $0xFFFF, %cx
    movb $0xA5, %al
    rep stosb
    movw $32, %bp                   /* copied to 1 MiB and up */
1:  xorw %ax, %ax
    movw %ax, %es
    movw $0x8000, %cx
    movw $table, %si
    movb $0x87, %ah
    int $0x15
    jc 2f
    incb table+0x1C
    decw %bp
    jnz 1b
    movw $0, 0x7DFE
    movw $0x7C00, %bx
    movw $0x0301, %ax
    movw $0x0001, %cx
    movw $0x0080, %dx
    int $0x13
    jc 2f
    int $0x19
2:  SAY "cannot prepare\n"
    jmp 9f

table:
    .skip 16
    .word 0xFFFF, 0x0000
    .byte 0x02, 0x93, 0, 0
    .word 0xFFFF, 0x0000
    .byte 0x10, 0x93, 0, 0
    .skip 16
9:
    END
