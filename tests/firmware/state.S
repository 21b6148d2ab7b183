/* The registers and the BIOS data area a boot sector finds. */
#include "tests/firmware/sector.inc"

    BEGIN
    SAY_HEX "eax", boot_eax, 8
    SAY_HEX "dl", boot_edx, 2
    SAY_HEX "esp", boot_esp, 8
    movl boot_flags, %eax
    shrl $9, %eax
    SAY_HEX "if", %eax, 1
    movl %cr0, %eax
    SAY_HEX "cr0", %eax, 8
    SAY_HEX "ebda", 0x40E, 4
    SAY_HEX "base kib", 0x413, 4
    movw 0x410, %ax
    andb $0x30, %al
    SAY_HEX "equipment video", %eax, 2
    SAY_HEX "com1", 0x400, 4
    SAY_HEX "disks", 0x475, 2
    SAY_HEX "video mode", 0x449, 2
    SAY_HEX "columns", 0x44A, 4
    SAY_HEX "keyboard head", 0x41A, 4
    SAY_HEX "keyboard tail", 0x41C, 4
    SAY_HEX "keyboard start", 0x480, 4
    SAY_HEX "keyboard end", 0x482, 4
    movl 0x46C, %eax
1:  hlt
    cmpl %eax, 0x46C
    je 1b
    SAY "ticks advance\n"
    END
