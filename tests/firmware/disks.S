/* INT 13h with a second disk: drive 81h. */
#include "tests/firmware/sector.inc"

    BEGIN
    movw $0x0800, %ax
    movb $0x81, %dl
    int $0x13
    SAY_CARRY "parameters"
    SAY_HEX "drives", %edx, 2
    movw $0x0201, %ax
    movw $0x0001, %cx
    movw $0x0081, %dx
    movw $0x4000, %bx
    int $0x13
    SAY_CARRY "read 81"
    SAY_HEX "first", 0x4000, 8
    movw $0x0201, %ax
    movw $0x0001, %cx
    movw $0x0080, %dx
    int $0x13
    SAY_CARRY "read 80"
    SAY_HEX "signature", 0x41FE, 4
    movw $0x0201, %ax
    movw $0x0082, %dx
    int $0x13
    SAY_CARRY "read 82"
    END
