/* mips-boot: entry, exception vectors of both models, stubs, user-mode code. One file runs on an
 * R3000 and on a MIPS32: what differs is there twice, and the kernel copies what fits. */
#define RFE .word 0x42000010
#define ERET .word 0x42000018

#define v0 $2
#define a0 $4
#define a1 $5
#define a2 $6
#define t0 $8
#define t1 $9
#define k0 $26
#define k1 $27
#define sp $29
#define ra $31

#define ENTRYLO0 $2
#define ENTRYLO1 $3
#define CONTEXT $4
#define BADVADDR $8
#define ENTRYHI $10
#define STATUS $12
#define CAUSE $13
#define EPC $14

    .set noreorder
    .set noat
    .text
    .globl start
start:
    lui     sp, %hi(stack_top)
    addiu   sp, sp, %lo(stack_top)
    addiu   sp, sp, -32
    jal     bench_main
    nop
1:  b       1b
    nop

/* --- TLB refill: the page table is where Context points --------------------------------------- */

    .globl refill_r3000, refill_r3000_end
refill_r3000:
    mfc0    k0, CONTEXT
    mfc0    k1, EPC
    lw      k0, 0(k0)
    nop
    mtc0    k0, ENTRYLO0
    nop
    tlbwr
    jr      k1
    RFE
refill_r3000_end:

    .globl refill_mips32, refill_mips32_end
refill_mips32:
    mfc0    k0, CONTEXT
    nop
    lw      k1, 4(k0)
    lw      k0, 0(k0)
    mtc0    k1, ENTRYLO1
    mtc0    k0, ENTRYLO0
    nop
    tlbwr
    ERET
refill_mips32_end:

    .globl general_r3000, general_r3000_end, general_mips32, general_mips32_end
general_r3000:
    j       entry_r3000
    nop
general_r3000_end:
general_mips32:
    j       entry_mips32
    nop
general_mips32_end:

/* --- every other exception: all registers onto the kernel stack, as small kernels do it -------- */

#define SAVE(n) sw $##n, 4 * n(sp)
#define LOAD(n) lw $##n, 4 * n(sp)

    .macro  ENTER user
    mfc0    k0, STATUS
    move    k1, sp
    andi    k0, k0, \user
    beqz    k0, 1f
    nop
    lui     sp, %hi(trap_stack_top)
    addiu   sp, sp, %lo(trap_stack_top)
1:  addiu   sp, sp, -176
    SAVE(1)
    SAVE(2)
    SAVE(3)
    SAVE(4)
    SAVE(5)
    SAVE(6)
    SAVE(7)
    SAVE(8)
    SAVE(9)
    SAVE(10)
    SAVE(11)
    SAVE(12)
    SAVE(13)
    SAVE(14)
    SAVE(15)
    SAVE(16)
    SAVE(17)
    SAVE(18)
    SAVE(19)
    SAVE(20)
    SAVE(21)
    SAVE(22)
    SAVE(23)
    SAVE(24)
    SAVE(25)
    SAVE(28)
    SAVE(30)
    SAVE(31)
    sw      k1, 116(sp)
    mflo    t0
    mfhi    t1
    sw      t0, 128(sp)
    sw      t1, 132(sp)
    mfc0    t0, STATUS
    mfc0    t1, CAUSE
    sw      t0, 136(sp)
    sw      t1, 140(sp)
    mfc0    t0, EPC
    mfc0    t1, BADVADDR
    sw      t0, 144(sp)
    sw      t1, 148(sp)
    addiu   a0, sp, 0
    addiu   sp, sp, -24
    jal     on_trap
    nop
    addiu   sp, sp, 24
    lw      t0, 128(sp)
    lw      t1, 132(sp)
    mtlo    t0
    mthi    t1
    lw      t0, 136(sp)
    LOAD(1)
    mtc0    t0, STATUS
    LOAD(2)
    LOAD(3)
    LOAD(4)
    LOAD(5)
    LOAD(6)
    LOAD(7)
    LOAD(8)
    LOAD(9)
    LOAD(10)
    LOAD(11)
    LOAD(12)
    LOAD(13)
    LOAD(14)
    LOAD(15)
    LOAD(16)
    LOAD(17)
    LOAD(18)
    LOAD(19)
    LOAD(20)
    LOAD(21)
    LOAD(22)
    LOAD(23)
    LOAD(24)
    LOAD(25)
    LOAD(28)
    LOAD(30)
    LOAD(31)
    lw      k0, 144(sp)
    lw      sp, 116(sp)
    .endm

entry_r3000:
    ENTER 8
    jr      k0
    RFE

entry_mips32:
    ENTER 16
    mtc0    k0, EPC
    ERET

/* --- to user mode and back -------------------------------------------------------------------- */

/* enter_user(address, argument, status): until the program makes system call 0. */
    .globl enter_user
enter_user:
    addiu   sp, sp, -48
    sw      $16, 0(sp)
    sw      $17, 4(sp)
    sw      $18, 8(sp)
    sw      $19, 12(sp)
    sw      $20, 16(sp)
    sw      $21, 20(sp)
    sw      $22, 24(sp)
    sw      $23, 28(sp)
    sw      $30, 32(sp)
    sw      ra, 36(sp)
    lui     t0, %hi(kernel_sp)
    sw      sp, %lo(kernel_sp)(t0)
    move    k0, a0
    move    a0, a1
    mtc0    a2, STATUS
    andi    t0, a2, 2 /* EXL: a MIPS32; on the R3000 KUc, which is 0 here */
    bnez    t0, 1f
    nop
    jr      k0
    RFE
1:  mtc0    k0, EPC
    ERET

    .globl leave_user
leave_user:
    lui     t0, %hi(kernel_sp)
    lw      sp, %lo(kernel_sp)(t0)
    nop
    lw      $16, 0(sp)
    lw      $17, 4(sp)
    lw      $18, 8(sp)
    lw      $19, 12(sp)
    lw      $20, 16(sp)
    lw      $21, 20(sp)
    lw      $22, 24(sp)
    lw      $23, 28(sp)
    lw      $30, 32(sp)
    lw      ra, 36(sp)
    mtc0    $0, STATUS
    jr      ra
    addiu   sp, sp, 48

/* switch_to(from, to, entryhi): two kernel contexts in two address spaces. */
    .globl switch_to
switch_to:
    addiu   sp, sp, -48
    sw      $16, 0(sp)
    sw      $17, 4(sp)
    sw      $18, 8(sp)
    sw      $19, 12(sp)
    sw      $20, 16(sp)
    sw      $21, 20(sp)
    sw      $22, 24(sp)
    sw      $23, 28(sp)
    sw      $30, 32(sp)
    sw      ra, 36(sp)
    sw      sp, 0(a0)
    mtc0    a2, ENTRYHI
    lw      sp, 0(a1)
    nop
    lw      $16, 0(sp)
    lw      $17, 4(sp)
    lw      $18, 8(sp)
    lw      $19, 12(sp)
    lw      $20, 16(sp)
    lw      $21, 20(sp)
    lw      $22, 24(sp)
    lw      $23, 28(sp)
    lw      $30, 32(sp)
    lw      ra, 36(sp)
    nop
    jr      ra
    addiu   sp, sp, 48

/* The routine that patches() changes: addiu v0, zero, n. */
    .data
    .align  6
    .globl patched
patched:
    jr      ra
    addiu   v0, $0, 0

/* --- user mode ---------------------------------------------------------------------------------- */

    .section .user, "ax"
/* n system calls of number 1, then number 0. */
    .globl user_calls
user_calls:
    move    $16, a0
1:  addiu   v0, $0, 1
    syscall
    addiu   $16, $16, -1
    bnez    $16, 1b
    nop
    addiu   v0, $0, 0
    syscall

/* n times a load and a store of each of 256 pages that the kernel takes away again. */
    .globl user_touch
user_touch:
    move    $16, a0
1:  lui     $17, 0x0080
    addiu   $18, $0, 256
2:  lw      $19, 0($17)
    nop
    sw      $18, 0($17)
    addiu   $18, $18, -1
    bnez    $18, 2b
    addiu   $17, $17, 4096
    addiu   v0, $0, 2
    syscall
    addiu   $16, $16, -1
    bnez    $16, 1b
    nop
    addiu   v0, $0, 0
    syscall

    .bss
    .align  4
kernel_sp: .space 16
    .space  16384
stack_top:
    .globl  trap_stack_top
    .space  8192
trap_stack_top:
    .section .note.GNU-stack, "", @progbits
