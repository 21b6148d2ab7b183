/* Boot state: the registers at 0000:7C00, teletype output, and the end through the debug-exit port. */
#include "tests/firmware/sector.inc"
    BEGIN
    movl %eax, %edi
    SAY_HEX "eax", %edi, 8
    SAY_HEX "esp", %esp, 8
    movzbl %dl, %eax
    SAY_HEX "dl", %eax, 2
    pushfl
    popl %eax
    shrl $9, %eax
    andl $1, %eax
    SAY_HEX "if", %eax, 1
    movl %cr0, %eax
    SAY_HEX "cr0.pe", %eax, 1
    movzwl 0x40E, %eax
    SAY_HEX "ebda", %eax, 4
    movzwl 0x413, %eax
    SAY_HEX "base kib", %eax, 4
    movzwl 0x410, %eax
    andl $0x30, %eax
    SAY_HEX "video", %eax, 2
    movzwl 0x400, %eax
    SAY_HEX "com1", %eax, 4
    END
