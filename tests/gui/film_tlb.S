/* film_tlb: a kernel for pictures of the TLB that never change, for both models. Its program stores to one
 * page over and over: first nobody has the page (refill), then its entry is not valid, then it takes no
 * stores; the handler writes the next entry each time. Another address space has the page from the
 * beginning. */
        .set noreorder
        .set noat

#define CP0_INDEX    $0
#define CP0_ENTRYLO  $2
#define CP0_ENTRYLO1 $3
#define CP0_ENTRYHI  $10
#define CP0_STATUS   $12
#define CP0_EPC      $14

#ifdef MIPS32
#define USER_MODE     0x12 /* UM, EXL */
#define V             0x2
#define D             0x4
#define FRAME         6    /* bits by which a physical address is shifted */
#define GENERAL       0x180
#define OTHER_PAGE    mtc0 $zero, CP0_ENTRYLO1
#define RETURN        eret
#define RETURN_DELAY  nop
#define TO_USER       eret
#define ASID_SHIFT    0
#define INDEX(n)      (n)
#else
#define USER_MODE     0x8 /* the mode before */
#define V             0x200
#define D             0x400
#define FRAME         0
#define GENERAL       0x80
#define OTHER_PAGE    nop
#define RETURN        jr $k0
#define RETURN_DELAY  rfe
#define TO_USER       rfe
#define ASID_SHIFT    6
#define INDEX(n)      ((n) << 8)
#endif

#define PROGRAM 0x00400000
#define PAGE    0x00410000
#define OURS    (3 << ASID_SHIFT)
#define THEIRS  (5 << ASID_SHIFT)

        .section .vectors, "ax"
        .globl refill, general
        .type refill, @function
refill: j next_entry
        nop
        .size refill, . - refill
        .org GENERAL
        .type general, @function
general:
        j next_entry
        nop
        .size general, . - general

        .text
        .globl _start, next_entry
/* EntryHi has the page already. */
        .type next_entry, @function
next_entry:
        la $k1, turn
        lw $k0, 0($k1)
        nop
        addiu $k0, $k0, 4
        sw $k0, 0($k1)
        addu $k1, $k1, $k0
        lw $k0, 0($k1)
        li $k1, INDEX(2)
        mtc0 $k0, CP0_ENTRYLO
        OTHER_PAGE
        mtc0 $k1, CP0_INDEX
        nop
        nop
        tlbwi
        mfc0 $k0, CP0_EPC
        nop
        RETURN
        RETURN_DELAY
        .size next_entry, . - next_entry

        .type _start, @function
_start: lui $t0, PROGRAM >> 16
        ori $t1, $t0, OURS
        mtc0 $t1, CP0_ENTRYHI
        la $t1, (program - 0x80000000)
        srl $t1, $t1, FRAME
        ori $t1, $t1, V | D
        mtc0 $t1, CP0_ENTRYLO
        OTHER_PAGE
        mtc0 $zero, CP0_INDEX
        nop
        nop
        tlbwi                           /* [0]: the program */
        lui $t1, PAGE >> 16
        ori $t1, $t1, THEIRS
        mtc0 $t1, CP0_ENTRYHI
        li $t1, (0x8000 >> FRAME) | V | D
        mtc0 $t1, CP0_ENTRYLO
        li $t1, INDEX(1)
        mtc0 $t1, CP0_INDEX
        nop
        nop
        tlbwi                           /* [1]: the page, another's */
        ori $t1, $t0, OURS
        mtc0 $t1, CP0_ENTRYHI
        li $t1, USER_MODE
        mtc0 $t1, CP0_STATUS
        mtc0 $t0, CP0_EPC
        nop
        jr $t0
        TO_USER
        .size _start, . - _start

        .data
        .balign 4
turn:   .word 0
        .word (0x9000 >> FRAME)
        .word (0x9000 >> FRAME) | V
        .word (0x9000 >> FRAME) | V | D

        .text
        .balign 4096
        .globl program
        .type program, @function
program:
        lui $a0, PAGE >> 16
        li $v0, 7
        sw $v0, 16($a0)
        lw $v1, 16($a0)
1:      b 1b
        nop
        .size program, . - program
        .balign 4096
