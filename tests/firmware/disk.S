/* INT 13h on a disk of 4096 sectors (4 cylinders, 16 heads, 63 sectors), by each kind of call. */
#include "tests/firmware/sector.inc"

#define BUFFER 0x4000

    .macro DISK function, count
    movw $(\function << 8 | \count), %ax
    movb $0x80, %dl
    int $0x13
    .endm

    .macro STATUS text
    SAY_CARRY "\text"
    SAY_HEX "\text ax", %eax, 4
    .endm

    BEGIN
    DISK 0x08, 0
    STATUS "parameters"
    SAY_HEX "cx", %ecx, 4
    SAY_HEX "dx", %edx, 4
    DISK 0x15, 0
    SAY_CARRY "type"
    SAY_HEX "type cx", %ecx, 4
    SAY_HEX "type dx", %edx, 4
    movw %ax, %bx
    movzbl %bh, %eax
    SAY_HEX "type", %eax, 2
    movw $0x55AA, %bx
    DISK 0x41, 0
    SAY_CARRY "extensions"
    SAY_HEX "bx", %ebx, 4
    andw $1, %cx
    SAY_HEX "packet calls", %ecx, 4
    movw $parameters, %si
    DISK 0x48, 0
    STATUS "extended parameters"
    SAY_HEX "cylinders", parameters+4, 8
    SAY_HEX "heads", parameters+8, 8
    SAY_HEX "sectors a track", parameters+12, 8
    SAY_HEX "sectors", parameters+16, 8
    SAY_HEX "sector size", parameters+24, 4

    movl $0x11223344, BUFFER        /* write LBA 1071 as C/H/S 1/1/1, read it by packet */
    movl $0x55667788, BUFFER+508
    movw $BUFFER, %bx
    movw $0x0101, %cx
    movb $1, %dh
    DISK 0x03, 1
    STATUS "write"
    movl $0, BUFFER
    movl $0, BUFFER+508
    movw $packet, %si
    DISK 0x42, 0
    SAY_CARRY "packet read"
    SAY_HEX "first", BUFFER, 8
    SAY_HEX "last", BUFFER+508, 8
    SAY_HEX "next sector", BUFFER+512, 8
    movl $0xCAFEBABE, BUFFER        /* and the other way round */
    DISK 0x43, 0
    SAY_CARRY "packet write"
    movl $0, BUFFER
    movw $BUFFER, %bx
    movw $0x0101, %cx
    movb $1, %dh
    DISK 0x02, 2
    STATUS "read"
    SAY_HEX "first", BUFFER, 8
    movw $0x0101, %cx
    movb $1, %dh
    DISK 0x04, 2
    STATUS "verify"
    DISK 0x44, 0
    SAY_CARRY "packet verify"
    DISK 0x47, 0
    SAY_CARRY "packet seek"

    movw $0x1FFF, %bx               /* a buffer at an odd place that crosses 64 KiB: 1FFF:FF10 */
    movw %bx, %es
    movw $0xFF10, %bx
    movl $0x0BADF00D, %eax
    movl %eax, %es:(%bx)
    movw $0x0101, %cx
    movb $1, %dh
    DISK 0x02, 1
    movl %es:(%bx), %eax
    SAY_HEX "crossing first", %eax, 8
    movw $0x2FF0, %ax
    movw %ax, %es
    movl %es:0x10+508-16, %eax
    SAY_HEX "crossing last", %eax, 8
    xorw %ax, %ax
    movw %ax, %es

    movw $BUFFER, %bx               /* what must fail */
    movw $0x0100, %cx
    movb $0, %dh
    DISK 0x02, 1
    STATUS "sector 0"
    movw $0x0001, %cx
    movb $16, %dh
    DISK 0x02, 1
    STATUS "head 16"
    movw $0xFFC1, %cx
    movb $0, %dh
    DISK 0x02, 1
    STATUS "cylinder 1023"
    DISK 0x01, 0
    SAY_CARRY "status"
    movw %ax, %cx
    movzbl %ch, %eax
    SAY_HEX "status", %eax, 2
    movw $0x0001, %cx
    DISK 0x02, 0
    STATUS "no sectors"
    movl $4096, packet+8
    DISK 0x42, 0
    SAY_CARRY "behind the end"
    SAY_HEX "done", packet+2, 4
    movl $1071, packet+8
    movl $1, packet+12
    movw $1, packet+2
    DISK 0x42, 0
    SAY_CARRY "lba over 32 bits"
    DISK 0x7F, 0
    STATUS "unknown call"
    DISK 0x00, 0
    SAY_CARRY "reset"
    movw $0x0201, %ax
    movw $0x0001, %cx
    movw $0x0081, %dx
    int $0x13
    SAY_CARRY "drive 81"
    movw $0x0201, %ax
    movw $0x0000, %dx
    int $0x13
    SAY_CARRY "floppy"
    movw $0x1500, %ax
    int $0x13
    SAY_HEX "floppy type", %eax, 4
    jmp 9f
    .balign 4
packet:
    .byte 16, 0
    .word 2, BUFFER, 0
    .long 1071, 0
parameters:
    .word 0x1A
    .skip 0x18
9:
    END
