/* A reset through the 8042 starts the firmware anew, and memory stays. */
#include "tests/firmware/sector.inc"

#define MARK 0x600

    BEGIN
    cmpl $0x12345678, MARK
    je 1f
    SAY "first\n"
    movl $0x12345678, MARK
    movb $0xFE, %al                 /* pulse output bit 0 */
    outb %al, $0x64
2:  hlt
    jmp 2b
1:  SAY "again\n"
    END
