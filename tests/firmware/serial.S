/* INT 14h: COM1 in loopback mode answers what it sends. */
#include "tests/firmware/sector.inc"

    BEGIN
    movw $0x03FC, %dx               /* modem control: loopback */
    movb $0x10, %al
    outb %al, %dx
    xorw %dx, %dx
    movw $0x0155, %ax
    int $0x14
    movw %ax, %bx
    movb $0x02, %ah
    int $0x14
    movw %ax, %cx
    movw $0x03FC, %dx
    movb $0x03, %al
    outb %al, %dx
    andw $0x80FF, %bx
    andw $0x80FF, %cx
    SAY_HEX "sent", %ebx, 4
    SAY_HEX "received", %ecx, 4
    movb $0x03, %ah
    xorw %dx, %dx
    int $0x14
    andw $0xE000, %ax
    SAY_HEX "idle", %eax, 4
    movw $0x0203, %ax               /* no such port: nothing changes */
    movw $4, %dx
    int $0x14
    SAY_HEX "port 4", %eax, 4
    movw $0x00E3, %ax               /* 9600 baud, 8 bits, no parity: divisor 12 */
    xorw %dx, %dx
    int $0x14
    movw $0x03FB, %dx
    inb %dx, %al
    movb %al, %bh
    orb $0x80, %al
    outb %al, %dx
    movw $0x03F8, %dx
    inb %dx, %al
    movb %al, %bl
    movw $0x03FB, %dx
    movb %bh, %al
    outb %al, %dx
    SAY_HEX "format and divisor", %ebx, 4
    END
