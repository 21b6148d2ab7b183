/* mips_faults: a kernel for the MIPS machine whose program breaks one rule, FAULT. Its TLB has what
 * the rule needs; its handlers stop. test_mips_explain.c knows the numbers, and the lines that
 * carry a remark. */

typedef unsigned word;

#define ASID(n) ((n) << 6)
#define VALID   0x200
#define DIRTY   0x400
#define PROGRAM 0x00400000u /* one page: code */
#define DATA    0x00401000u /* and one of data */
#define INVALID 0x00402000u
#define OTHERS  0x00403000u /* another address space's */
#define NOTHING 0x00404000u /* the entry is there, memory is not */
#define WILD    0x00500000u

/* Code of the program: linked in kseg0, run in kuseg. */
extern char program_page[];

void set_entry(word index, word hi, word lo)
{
    __asm__ volatile("mtc0 %1, $10; mtc0 %2, $2; mtc0 %0, $0; nop; nop; tlbwi"
                     :
                     : "r"(index << 8), "r"(hi), "r"(lo)
                     : "memory");
}

static word physical(void *address)
{
    return (word)address - 0x80000000u;
}

word data[1024] __attribute__((aligned(4096)));
volatile word *pointer;

void kernel(void)
{
    for (word i = 0; i < 64; i++)
        set_entry(i, 0x80000000u + (i << 12), 0);
    set_entry(0, PROGRAM | ASID(1), physical(program_page) | VALID);
    set_entry(1, DATA | ASID(1), physical(data) | VALID | DIRTY);
    set_entry(2, INVALID | ASID(1), physical(data));
    set_entry(3, OTHERS | ASID(2), physical(data) | VALID | DIRTY);
    set_entry(4, NOTHING | ASID(1), 0x0f000000 | VALID | DIRTY);
    data[0] = OTHERS;      /* the other's page */
    data[1] = INVALID;     /* the invalid page */
    data[2] = PROGRAM;     /* the page of code */
    data[3] = DATA + 2;    /* the odd address */
    data[4] = 0x80001000;  /* the kernel's address */
    data[5] = NOTHING;     /* the hole */
    data[6] = WILD;        /* the wild jump */
    data[7] = PROGRAM + 2; /* the odd jump */
    data[8] = 0x7fffffff;  /* the large number */
    data[9] = 0;           /* the null pointer */
    __asm__ volatile(
        ".set push; .set noreorder; mtc0 %0, $10; mtc0 %1, $12; move $8, %2; jr %3; rfe; .set pop"
        :
        : "r"(ASID(1)), "r"(8), "r"(DATA), "r"(PROGRAM)
        : "$8");
}

void stop(void)
{
    for (;;)
        ;
}

__asm__(".section .vectors, \"ax\"\n"
        ".set push\n.set noreorder\n"
        ".globl refill\n.type refill, @function\n"
        "refill: j stop\n nop\n"
        ".org 0x80\n"
        ".globl general\n.type general, @function\n"
        "general: j stop\n nop\n"
        ".org 0x200\n"
        ".globl _start\n.type _start, @function\n"
        "_start: j kernel\n nop\n"
        ".set pop\n.text\n");

/* $8 is the page of data. */
#define TAKE(n) "lw $9, " #n "*4($8)\n nop\n"
#if FAULT == 1
#define BODY TAKE(0) "lw $10, 4($9)\n"
#elif FAULT == 2
#define BODY TAKE(1) "lw $10, 0($9)\n"
#elif FAULT == 3
#define BODY TAKE(2) "sw $10, 16($9)\n"
#elif FAULT == 4
#define BODY TAKE(3) "lw $10, 0($9)\n"
#elif FAULT == 5
#define BODY TAKE(4) "sw $10, 0($9)\n"
#elif FAULT == 6
#define BODY TAKE(5) "lw $10, 0($9)\n"
#elif FAULT == 7
#define BODY TAKE(6) "jr $9\n nop\n"
#elif FAULT == 8
#define BODY TAKE(7) "jr $9\n nop\n"
#elif FAULT == 9
#define BODY TAKE(8) "add $10, $9, $9\n"
#elif FAULT == 10
#define BODY ".word 0x0000003f\n"
#elif FAULT == 11
#define BODY "mfc0 $10, $12\n"
#elif FAULT == 12
#define BODY "break 7\n"
#elif FAULT == 13
#define BODY TAKE(9) "sw $10, 8($9)\n"
#elif FAULT == 14
#define BODY TAKE(5) "jr $9\n nop\n"
#elif FAULT == 15
#define BODY TAKE(0) "beq $0, $0, 1f\n lw $10, 4($9)\n 1: nop\n"
#elif FAULT == 16
#define BODY ".word 0x44800000\n" /* MTC1: the R3000's FPU, which is not there */
#endif

__asm__(".text\n.balign 4096\n.set push\n.set noreorder\n.set noat\n"
        ".globl program_page\n.type program_page, @function\n"
        "program_page:\n" BODY "2: b 2b\n nop\n"
        ".size program_page, . - program_page\n.balign 4096\n.set pop\n");
