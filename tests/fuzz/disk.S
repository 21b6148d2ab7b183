/* disk: a guest that reads sector 0 of its disk and takes it for 64 commands to the disk, each eight
 * bytes: features, count, LBA (3 bytes), device, command, words to move (128 up: written). */
    .code16
    .text
    .global start
start:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %es
    movw %ax, %ss
    movw $0x7c00, %sp
    cld
    movw $first, %si
    movw $0x5000, %di
    call command
    movw $0x5000, %si
    movw $64, %cx
rows:
    pushw %cx
    movw $0x5400, %di
    call command
    popw %cx
    loop rows
stop:
    cli
    hlt
    jmp stop

/* Sends the eight bytes at SI and moves data between the disk and ES:DI. SI goes on behind them. */
command:
    movw $0x1f1, %dx
registers:
    lodsb
    outb %al, %dx
    incw %dx
    cmpw $0x1f8, %dx
    jne registers
    xorw %cx, %cx
    movw $2000, %bx             /* polls at most */
poll:
    decw %bx
    jz data
    movw $0x3f6, %dx
    inb %dx, %al
    testb $0x80, %al
    jnz poll
data:
    lodsb
    movw $0x1f0, %dx
    testb $0x80, %al
    jnz write
    movb %al, %cl
    shlw $4, %cx                /* in 16 words */
    rep insw
    ret
write:
    andb $0x7f, %al
    movb %al, %cl
    shlw $4, %cx
    pushw %si
    movw $0x5000, %si
    rep outsw
    popw %si
    ret

first:
    .byte 0, 1, 0, 0, 0, 0xe0, 0x20, 16
