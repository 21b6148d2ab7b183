/* With the serial console on: INT 10h text comes out of COM1, INT 16h takes what is typed there. */
#include "tests/firmware/sector.inc"

    BEGIN
    movw $text, %si
1:  lodsb
    testb %al, %al
    jz 2f
    movb $0x0E, %ah
    movw $0x0007, %bx
    int $0x10
    jmp 1b
2:  movb $0x00, %ah                 /* echo until the line ends */
    int $0x16
    movl %eax, %edi
    movb $0x0E, %ah
    movw $0x0007, %bx
    int $0x10
    cmpb $13, %al
    jne 2b
    movb $10, %al
    int $0x10
    SAY_HEX "last key", %edi, 4
    movw $0x0200, %ax               /* the terminal follows the cursor */
    movw $0x0409, %dx
    movw $0, %bx
    int $0x10
    movw $0x0958, %ax
    movw $0x0007, %bx
    movw $3, %cx
    int $0x10
    movw $0x09C4, %ax               /* a line of code page 437, yellow on blue */
    movw $0x001E, %bx
    movw $2, %cx
    int $0x10
    movw $0x0003, %ax
    int $0x10
    jmp 9f
text: .asciz "Name? "
9:
    END
