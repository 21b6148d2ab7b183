/* A division by zero that nobody handles: the firmware says where, and stops. */
#include "tests/firmware/sector.inc"

    BEGIN
    movw $user_tick, 0x1C * 4
    movw $0, 0x1C * 4 + 2
    ljmp $0x0400, $faulting - 0x4000
    .org 0x400                      /* 0000:8000 = 0400:4000 */
faulting:
    xorw %cx, %cx
    divw %cx
    SAY "not reached\n"
user_tick:
    END
