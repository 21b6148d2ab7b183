/* flood: in front of film, whose kernel it is: here each call says 104 bytes, and after a million of them
 * `enough` is called. */
        .globl  sys_write, enough, calls, said
        .type   sys_write, @function
sys_write:
        pushl   %ebp
        movl    %esp, %ebp
        incl    calls
        cmpl    $1000000, calls
        jne     1f
        call    enough
1:      movw    $0xe9, %dx              # the debug port
        movl    $line, %esi
        movl    $104, %ecx
        addl    %ecx, said
        rep outsb
        movl    $104, %eax
        popl    %ebp
        ret
        .size   sys_write, . - sys_write
        .type   enough, @function
enough: ret
        .size   enough, . - enough

        .data
calls:  .long   0
said:   .long   0
line:   .ascii  "This guest says more than anybody can read: 104....\n"
        .ascii  "bytes with each call, and it calls a million times.\n"
        .size   line, . - line
