/* wild: a multiboot kernel that does what -DWAY says: 1 writes every port, 2 reads wild sectors, 3
 * writes to the ROM, 4 triple fault, 5 loops. Says "survived" through port F4 where it can. */
    .long 0x1badb002, 0, -0x1badb002
    .global start
start:
#if WAY == 1
    xorl %edx, %edx
    movb $0x5a, %al
ports:
    cmpw $0xf4, %dx             /* debug exit (four ports), and the ways to switch off or reset */
    je next
    cmpw $0xf5, %dx
    je next
    cmpw $0xf6, %dx
    je next
    cmpw $0xf7, %dx
    je next
    cmpw $0x605, %dx
    je next
    cmpw $0x604, %dx
    je next
    cmpw $0x64, %dx
    je next
    cmpw $0x92, %dx
    je next
    outb %al, %dx
    inb %dx, %al
next:
    incl %edx
    cmpl $0x10000, %edx
    jne ports
#elif WAY == 2
    movl $0x1f1, %edx
    movb $0xff, %al
sector:
    outb %al, %dx
    incl %edx
    cmpl $0x1f7, %edx
    jne sector
    movb $0x20, %al
    outb %al, %dx
    movl $0x1f0, %edx
    movl $0x90000, %edi
    movl $70000, %ecx
    cld
    rep insw
#elif WAY == 3
    movl $0xf0000, %edi
    movl $0x4000, %ecx
    xorl %eax, %eax
    cld
    rep stosl
#elif WAY == 4
    lidt nothing
    int3
nothing:
    .long 0, 0
#else
    jmp start
#endif
    movl $21, %eax
    outl %eax, $0xf4
