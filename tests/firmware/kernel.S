/* A multiboot-1 kernel, linked at 80100000, that prints what the firmware handed over. */
#define HIGH 0x80000000
    .section .head, "ax"
    .code32
    .long 0x1BADB002, 0x00000003, -(0x1BADB002 + 3)

    .globl _start
_start:
    movl $(stack_end - HIGH), %esp
    pushl %ebx
    movl %eax, %edi
    movl $'A', %edx                 /* "A magic" */
    call print
    popl %esi
    movl 0(%esi), %edi
    movl $'F', %edx                 /* flags */
    call print
    movl 4(%esi), %edi
    movl $'L', %edx                 /* mem_lower */
    call print
    movl 8(%esi), %edi
    movl $'U', %edx                 /* mem_upper */
    call print
    movl 20(%esi), %edi
    movl $'N', %edx                 /* number of modules */
    call print
    movl 24(%esi), %ebp
    movl 0(%ebp), %edi
    movl $'S', %edx                 /* module start */
    call print
    movl 4(%ebp), %edi
    subl 0(%ebp), %edi
    movl $'Z', %edx                 /* module size */
    call print
    movl 0(%ebp), %edi              /* sum of the module's words, each times its index + 1 */
    movl 4(%ebp), %ecx
    xorl %eax, %eax
    movl $1, %ebx
1:  movl (%edi), %edx
    imull %ebx, %edx
    addl %edx, %eax
    incl %ebx
    addl $4, %edi
    cmpl %ecx, %edi
    jb 1b
    movl %eax, %edi
    movl $'M', %edx
    call print
    movl $(zeros - HIGH), %edi      /* .bss must be clear */
    movl $1024, %ecx
    xorl %eax, %eax
    repe scasl
    movl %ecx, %edi
    movl $'B', %edx
    call print
    pushfl
    popl %edi
    andl $0x20200, %edi             /* VM and IF */
    movl $'E', %edx
    call print
    movl %cr0, %edi
    andl $0x80000001, %edi
    movl $'C', %edx
    call print
    movl 44(%esi), %ecx
    movl 48(%esi), %ebp
    addl %ebp, %ecx
2:  movl 4(%ebp), %edi
    movl $'b', %edx                 /* each range of the map: base, length, type */
    call print
    movl 12(%ebp), %edi
    movl $'l', %edx
    call print
    movl 20(%ebp), %edi
    movl $'t', %edx
    call print
    addl (%ebp), %ebp
    addl $4, %ebp
    cmpl %ecx, %ebp
    jb 2b
    movl 16(%esi), %ebp             /* command line */
    call print_string
    movl 64(%esi), %ebp             /* boot loader */
    call print_string
    xorl %eax, %eax
    movw $0xF4, %dx
    outl %eax, %dx
3:  hlt
    jmp 3b

print_byte:                         /* %al */
    pushl %edx
    pushl %eax
    movw $0x3FD, %dx
1:  inb %dx, %al
    testb $0x20, %al
    jz 1b
    popl %eax
    movw $0x3F8, %dx
    outb %al, %dx
    popl %edx
    ret
print:                              /* letter %dl, value %edi */
    pushl %ecx
    movb %dl, %al
    call print_byte
    movb $' ', %al
    call print_byte
    movl $8, %ecx
1:  roll $4, %edi
    movl %edi, %eax
    andb $15, %al
    addb $'0', %al
    cmpb $'9', %al
    jbe 2f
    addb $7, %al
2:  call print_byte
    loop 1b
    movb $'\n', %al
    call print_byte
    popl %ecx
    ret
print_string:                       /* %ebp */
    movb (%ebp), %al
    incl %ebp
    testb %al, %al
    jz 1f
    call print_byte
    jmp print_string
1:  movb $'\n', %al
    jmp print_byte

    .bss
zeros:
    .skip 4096
    .skip 1024
stack_end:
