/* generate: makes the cases: every user-mode integer encoding, with operands that hit the corners.
 *
 * Rows name encodings as the manuals' opcode maps do and the flags that the SDM leaves undefined;
 * nothing here is taken from our own decoder. */
#include "tests/oracle/oracle.h"

#include <string.h>

enum { CF = 1, PF = 4, AF = 16, ZF = 64, SF = 128, OF = 0x800, DF = 0x400 };
enum { ARITH = CF | PF | AF | ZF | SF | OF };

enum form {
    NONE,
    MODRM = 1,    /* register or memory operand */
    MEMORY = 2,   /* memory operand only */
    REGISTER = 4, /* register operand only */
    IMM8 = 8,
    IMMV = 16, /* 2 or 4 bytes by operand size */
    IMM16 = 32,
    REL8 = 64,
    RELV = 128,
    DIGIT = 256,        /* reg field = digit */
    PLUS_REG = 512,     /* low 3 bits of the opcode are a register */
    STRING = 1024,      /* may take REP/REPNE; uses ESI and EDI */
    SHIFT = 2048,       /* undefined flags depend on the count */
    BIT_STRING = 4096,  /* BTx with a register bit offset: the offset must stay in the window */
    STACK_FLAGS = 8192, /* POPF: TF in the popped image would trap */
    BOUNDS = 16384,
    MOFFS = 32768, /* absolute offset of the address size */
    COUNT = 65536, /* ECX is a loop count */
    X87 = 131072,
};

struct row {
    const char *name;
    uint8_t prefix_0f;
    uint8_t opcode;
    uint8_t span; /* how many opcodes from here on have this row's shape */
    uint8_t step;
    uint8_t digit;
    uint32_t form;
    uint32_t undefined;
};

static const struct row rows[] = {
    {"alu rm,r", 0, 0x00, 8, 8, 0, MODRM, 0},
    {"alu rm,r", 0, 0x01, 8, 8, 0, MODRM, 0},
    {"alu r,rm", 0, 0x02, 8, 8, 0, MODRM, 0},
    {"alu r,rm", 0, 0x03, 8, 8, 0, MODRM, 0},
    {"alu al,i", 0, 0x04, 8, 8, 0, IMM8, 0},
    {"alu eax,i", 0, 0x05, 8, 8, 0, IMMV, 0},
    {"alu rm8,i8", 0, 0x80, 1, 1, 0, MODRM | IMM8, 0},
    {"alu rm,iv", 0, 0x81, 1, 1, 0, MODRM | IMMV, 0},
    {"alu rm8,i8", 0, 0x82, 1, 1, 0, MODRM | IMM8, 0},
    {"alu rm,i8", 0, 0x83, 1, 1, 0, MODRM | IMM8, 0},
    {"daa", 0, 0x27, 1, 1, 0, NONE, OF},
    {"das", 0, 0x2f, 1, 1, 0, NONE, OF},
    {"aaa", 0, 0x37, 1, 1, 0, NONE, OF | SF | ZF | PF},
    {"aas", 0, 0x3f, 1, 1, 0, NONE, OF | SF | ZF | PF},
    {"inc/dec r", 0, 0x40, 16, 1, 0, NONE, 0},
    {"push/pop r", 0, 0x50, 16, 1, 0, NONE, 0},
    {"pusha", 0, 0x60, 1, 1, 0, NONE, 0},
    {"popa", 0, 0x61, 1, 1, 0, NONE, 0},
    {"bound", 0, 0x62, 1, 1, 0, MEMORY | BOUNDS, 0},
    {"push iv", 0, 0x68, 1, 1, 0, IMMV, 0},
    {"imul r,rm,iv", 0, 0x69, 1, 1, 0, MODRM | IMMV, SF | ZF | AF | PF},
    {"push i8", 0, 0x6a, 1, 1, 0, IMM8, 0},
    {"imul r,rm,i8", 0, 0x6b, 1, 1, 0, MODRM | IMM8, SF | ZF | AF | PF},
    {"ins/outs", 0, 0x6c, 4, 1, 0, STRING, 0},
    {"jcc", 0, 0x70, 16, 1, 0, REL8, 0},
    {"test", 0, 0x84, 2, 1, 0, MODRM, AF},
    {"xchg", 0, 0x86, 2, 1, 0, MODRM, 0},
    {"mov", 0, 0x88, 4, 1, 0, MODRM, 0},
    {"lea", 0, 0x8d, 1, 1, 0, MEMORY, 0},
    {"pop rm", 0, 0x8f, 1, 1, 0, MODRM | DIGIT, 0},
    {"xchg/nop", 0, 0x90, 8, 1, 0, NONE, 0},
    {"cbw cwd", 0, 0x98, 2, 1, 0, NONE, 0},
    {"pushf", 0, 0x9c, 1, 1, 0, NONE, 0},
    {"popf", 0, 0x9d, 1, 1, 0, STACK_FLAGS, 0},
    {"sahf lahf", 0, 0x9e, 2, 1, 0, NONE, 0},
    {"mov moffs", 0, 0xa0, 4, 1, 0, MOFFS, 0},
    {"movs cmps", 0, 0xa4, 4, 1, 0, STRING, 0},
    {"test al,i", 0, 0xa8, 1, 1, 0, IMM8, AF},
    {"test eax,i", 0, 0xa9, 1, 1, 0, IMMV, AF},
    {"stos lods scas", 0, 0xaa, 6, 1, 0, STRING, 0},
    {"mov r8,i8", 0, 0xb0, 8, 1, 0, IMM8, 0},
    {"mov r,iv", 0, 0xb8, 8, 1, 0, IMMV, 0},
    {"shift i8", 0, 0xc0, 2, 1, 0, MODRM | IMM8 | SHIFT, 0},
    {"ret i16", 0, 0xc2, 1, 1, 0, IMM16, 0},
    {"ret", 0, 0xc3, 1, 1, 0, NONE, 0},
    {"mov rm8,i8", 0, 0xc6, 1, 1, 0, MODRM | IMM8 | DIGIT, 0},
    {"mov rm,iv", 0, 0xc7, 1, 1, 0, MODRM | IMMV | DIGIT, 0},
    {"leave", 0, 0xc9, 1, 1, 0, NONE, 0},
    {"shift 1", 0, 0xd0, 2, 1, 0, MODRM | SHIFT, 0},
    {"shift cl", 0, 0xd2, 2, 1, 0, MODRM | SHIFT, 0},
    {"aam", 0, 0xd4, 1, 1, 0, IMM8, OF | AF | CF},
    {"aad", 0, 0xd5, 1, 1, 0, IMM8, OF | AF | CF},
    {"salc", 0, 0xd6, 1, 1, 0, NONE, 0},
    {"xlat", 0, 0xd7, 1, 1, 0, NONE, 0},
    {"loop jcxz", 0, 0xe0, 4, 1, 0, REL8 | COUNT, 0},
    {"in/out i8", 0, 0xe4, 4, 1, 0, IMM8, 0},
    {"call", 0, 0xe8, 1, 1, 0, RELV, 0},
    {"jmp", 0, 0xe9, 1, 1, 0, RELV, 0},
    {"jmp", 0, 0xeb, 1, 1, 0, REL8, 0},
    {"in/out dx", 0, 0xec, 4, 1, 0, NONE, 0},
    {"hlt cmc", 0, 0xf4, 2, 1, 0, NONE, 0},
    {"test rm8,i8", 0, 0xf6, 1, 1, 0, MODRM | IMM8 | DIGIT, AF},
    {"test rm,iv", 0, 0xf7, 1, 1, 0, MODRM | IMMV | DIGIT, AF},
    {"not", 0, 0xf6, 2, 1, 2, MODRM | DIGIT, 0},
    {"neg", 0, 0xf6, 2, 1, 3, MODRM | DIGIT, 0},
    {"mul", 0, 0xf6, 2, 1, 4, MODRM | DIGIT, SF | ZF | AF | PF},
    {"imul", 0, 0xf6, 2, 1, 5, MODRM | DIGIT, SF | ZF | AF | PF},
    {"div", 0, 0xf6, 2, 1, 6, MODRM | DIGIT, ARITH},
    {"idiv", 0, 0xf6, 2, 1, 7, MODRM | DIGIT, ARITH},
    {"clc..std", 0, 0xf8, 6, 1, 0, NONE, 0},
    {"inc", 0, 0xfe, 2, 1, 0, MODRM | DIGIT, 0},
    {"dec", 0, 0xfe, 2, 1, 1, MODRM | DIGIT, 0},
    {"push rm", 0, 0xff, 1, 1, 6, MODRM | DIGIT, 0},
    {"clts", 1, 0x06, 1, 1, 0, NONE, 0},
    {"ud2", 1, 0x0b, 1, 1, 0, NONE, 0},
    {"mov cr", 1, 0x20, 4, 1, 0, REGISTER | DIGIT, 0},
    {"cmovcc", 1, 0x40, 16, 1, 0, MODRM, 0},
    {"jcc v", 1, 0x80, 16, 1, 0, RELV, 0},
    {"setcc", 1, 0x90, 16, 1, 0, MODRM, 0},
    {"bt", 1, 0xa3, 1, 1, 0, MODRM | BIT_STRING, OF | SF | AF | PF},
    {"bts", 1, 0xab, 1, 1, 0, MODRM | BIT_STRING, OF | SF | AF | PF},
    {"btr", 1, 0xb3, 1, 1, 0, MODRM | BIT_STRING, OF | SF | AF | PF},
    {"btc", 1, 0xbb, 1, 1, 0, MODRM | BIT_STRING, OF | SF | AF | PF},
    {"bt i8", 1, 0xba, 1, 1, 4, MODRM | IMM8 | DIGIT, OF | SF | AF | PF},
    {"bts i8", 1, 0xba, 1, 1, 5, MODRM | IMM8 | DIGIT, OF | SF | AF | PF},
    {"btr i8", 1, 0xba, 1, 1, 6, MODRM | IMM8 | DIGIT, OF | SF | AF | PF},
    {"btc i8", 1, 0xba, 1, 1, 7, MODRM | IMM8 | DIGIT, OF | SF | AF | PF},
    {"shld i8", 1, 0xa4, 1, 1, 0, MODRM | IMM8 | SHIFT, AF},
    {"shld cl", 1, 0xa5, 1, 1, 0, MODRM | SHIFT, AF},
    {"shrd i8", 1, 0xac, 1, 1, 0, MODRM | IMM8 | SHIFT, AF},
    {"shrd cl", 1, 0xad, 1, 1, 0, MODRM | SHIFT, AF},
    {"imul r,rm", 1, 0xaf, 1, 1, 0, MODRM, SF | ZF | AF | PF},
    {"cmpxchg", 1, 0xb0, 2, 1, 0, MODRM, 0},
    {"movzx", 1, 0xb6, 2, 1, 0, MODRM, 0},
    {"movsx", 1, 0xbe, 2, 1, 0, MODRM, 0},
    {"bsf", 1, 0xbc, 1, 1, 0, MODRM, CF | OF | SF | AF | PF},
    {"bsr", 1, 0xbd, 1, 1, 0, MODRM, CF | OF | SF | AF | PF},
    {"xadd", 1, 0xc0, 2, 1, 0, MODRM, 0},
    {"cmpxchg8b", 1, 0xc7, 1, 1, 1, MEMORY | DIGIT, 0},
    {"bswap", 1, 0xc8, 8, 1, 0, NONE, 0},
    {"wait", 0, 0x9b, 1, 1, 0, X87, 0},
};

/* As many of these as of all the others: there are few opcodes, but many numbers. */
static const struct row x87_row = {"x87", 0, 0xd8, 8, 1, 0, MODRM | X87, 0};
enum { ROWS = sizeof rows / sizeof rows[0] };

struct random {
    uint64_t state;
};

/* SplitMix64 (Steele, Lea, Flood 2014): any seed gives a good stream. */
static uint64_t next(struct random *r)
{
    uint64_t z = r->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static uint32_t below(struct random *r, uint32_t n)
{
    return (uint32_t)(next(r) >> 32) % n;
}

static uint32_t corner(struct random *r)
{
    static const uint32_t corners[] = {0,          1,          2,          0x7f,       0x80,
                                       0xff,       0x100,      0x7fff,     0x8000,     0xffff,
                                       0x10000,    0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe,
                                       0x55555555, 0xaaaaaaaa, 0x80008000, 0xffff0000, 0x00ff00ff};
    if (below(r, 3) == 0)
        return corners[below(r, sizeof corners / sizeof corners[0])];
    return (uint32_t)next(r) >> below(r, 32);
}

struct encoder {
    struct test_case *test;
    struct random *random;
    bool operand_16, address_16;
};

static void put(struct encoder *e, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        e->test->code[e->test->length++] = (uint8_t)(value >> 8 * i);
}

/* Where in the data segment an operand may lie: 1 KiB from either end of what is shown. */
static uint32_t target(struct encoder *e)
{
    uint32_t offset = SHOWN_BASE + 0x400 + below(e->random, SHOWN_SIZE - 0x800);
    e->test->operand = offset - SHOWN_BASE;
    return e->test->code_16 ? offset : DATA_BASE + offset;
}

static void memory_16(struct encoder *e, unsigned reg)
{
    static const uint8_t base[8] = {EBX, EBX, EBP, EBP, ESI, EDI, EBP, EBX};
    static const int8_t index[8] = {ESI, EDI, ESI, EDI, -1, -1, -1, -1};
    unsigned rm = below(e->random, 8), mod = below(e->random, 3);
    uint32_t at = target(e), displacement = 0;
    put(e, mod << 6 | reg << 3 | rm, 1);
    if (mod == 0 && rm == 6) {
        put(e, at, 2);
        return;
    }
    if (index[rm] >= 0) {
        uint32_t small = below(e->random, 128);
        e->test->gpr[index[rm]] = (e->test->gpr[index[rm]] & 0xffff0000u) | small;
        at -= small;
    }
    if (mod == 1) {
        displacement = below(e->random, 256);
        put(e, displacement, 1);
        at -= (uint32_t)(int32_t)(int8_t)displacement;
    } else if (mod == 2) {
        displacement = (uint32_t)next(e->random) & 0xffff;
        put(e, displacement, 2);
        at -= displacement;
    }
    uint32_t *r = &e->test->gpr[base[rm]];
    *r = (*r & 0xffff0000u) | (at & 0xffff);
}

static void memory_32(struct encoder *e, unsigned reg)
{
    unsigned mod = below(e->random, 3), rm = below(e->random, 8), base = rm;
    uint32_t at = target(e);
    if (rm == ESP) {
        unsigned scale = below(e->random, 4), index = below(e->random, 8);
        do
            base = below(e->random, 8);
        while (base == index && index != ESP);
        if (base == ESP)
            mod = 2;
        put(e, mod << 6 | reg << 3 | rm, 1);
        put(e, scale << 6 | index << 3 | base, 1);
        if (index != ESP) {
            e->test->gpr[index] = below(e->random, 100);
            at -= e->test->gpr[index] << scale;
        }
    } else {
        put(e, mod << 6 | reg << 3 | rm, 1);
    }
    if (mod == 0 && base == EBP) {
        put(e, at, 4);
        return;
    }
    if (base == ESP) { /* stays a stack pointer */
        put(e, at - e->test->gpr[ESP], 4);
        return;
    }
    if (mod == 1) {
        uint32_t displacement = below(e->random, 256);
        put(e, displacement, 1);
        at -= (uint32_t)(int32_t)(int8_t)displacement;
    } else if (mod == 2) {
        uint32_t displacement = (uint32_t)next(e->random);
        put(e, displacement, 4);
        at -= displacement;
    }
    e->test->gpr[base] = at;
}

static void modrm(struct encoder *e, const struct row *row)
{
    unsigned reg = row->form & DIGIT ? row->digit : below(e->random, 8);
    bool memory = row->form & MEMORY || (!(row->form & REGISTER) && below(e->random, 2));
    unsigned start = e->test->length;
    if (row->form & BIT_STRING && memory) /* reaches 256 bytes around the operand */
        e->test->gpr[reg] = below(e->random, 4096) - 2048;
    uint32_t bit_offset = e->test->gpr[reg], count = e->test->gpr[ECX];
    if (memory && e->address_16)
        memory_16(e, reg);
    else if (memory)
        memory_32(e, reg);
    /* A bit offset in a register that also addresses would reach anywhere; a 16-bit SHLD by more
     * than 16 has no defined result. */
    bool spoilt =
        (row->form & BIT_STRING && e->test->gpr[reg] != bit_offset) ||
        (row->form & SHIFT && row->prefix_0f && e->operand_16 && e->test->gpr[ECX] != count);
    if (!memory || spoilt) {
        e->test->gpr[ECX] = count;
        e->test->length = start;
        put(e, 0xc0 | reg << 3 | below(e->random, 8), 1);
    }
}

/* SDM: for a masked count of 0 no flag changes; OF is defined for 1 only; the CF of SHL, SHR beyond
 * the operand's width is undefined; so is the result of a 16-bit SHLD, SHRD beyond 16. */
static uint32_t shift_undefined(const struct row *row, const struct test_case *test,
                                unsigned opcode, unsigned digit, bool operand_16)
{
    unsigned count = 1, width = operand_16 ? 16 : 32;
    if (row->prefix_0f ? opcode == 0xa4 || opcode == 0xac : opcode == 0xc0 || opcode == 0xc1)
        count = test->code[test->length - 1];
    else if (row->prefix_0f || opcode >= 0xd2)
        count = test->gpr[ECX];
    count &= 31;
    if (!row->prefix_0f && !(opcode & 1))
        width = 8;
    if (count == 0)
        return 0;
    uint32_t undefined = row->prefix_0f || digit >= 4 ? AF : 0;
    if (count != 1)
        undefined |= OF;
    if ((digit == 4 || digit == 5 || digit == 6) && !row->prefix_0f && count >= width)
        undefined |= CF;
    return undefined;
}

static void fill(struct encoder *e, const struct row *row)
{
    struct test_case *test = e->test;
    for (unsigned i = 0; i < 8; i++)
        test->gpr[i] = corner(e->random);
    test->gpr[ESP] = target(e) & ~3u;
    test->eflags = 2 | 0x200 | ((uint32_t)next(e->random) & (ARITH | DF));
    test->undefined = row->undefined;
    for (unsigned i = 0; i < SHOWN_SIZE; i += 8) {
        uint64_t value = next(e->random);
        memcpy(test->data + i, &value, 8);
    }
}

/* Later processors have FISTTP where the i486 has nothing (DB /1, DD /1, DF /1). */
static bool later_than_i486(const struct test_case *test, unsigned at)
{
    uint8_t opcode = test->code[at - 1], byte = test->code[at];
    return byte < 0xc0 && (byte >> 3 & 7) == 1 &&
           (opcode == 0xdb || opcode == 0xdd || opcode == 0xdf);
}

static void modrm_x87(struct encoder *e, const struct row *row)
{
    struct test_case before = *e->test;
    unsigned at = before.length;
    do {
        *e->test = before;
        modrm(e, row);
    } while (later_than_i486(e->test, at));
}

/* Registers that an encoding uses without naming them in a ModRM byte. */
static void implied(struct encoder *e, const struct row *row, unsigned opcode)
{
    struct test_case *test = e->test;
    if (row->form & STRING) {
        test->gpr[ESI] = target(e);
        test->gpr[EDI] = target(e);
        test->gpr[ECX] = below(e->random, 64);
    }
    if (row->form & SHIFT && row->prefix_0f && e->operand_16)
        test->gpr[ECX] = below(e->random, 17); /* as for an immediate count */
    if (row->form & COUNT && below(e->random, 2))
        test->gpr[ECX] = below(e->random, 3);
    if (!row->prefix_0f && opcode == 0xd7)
        test->gpr[EBX] = target(e);
    if (!row->prefix_0f && opcode == 0xc9)
        test->gpr[EBP] = target(e);
    if (row->form & STACK_FLAGS) {
        uint32_t at = test->gpr[ESP] - SHOWN_BASE - (test->code_16 ? 0 : DATA_BASE);
        test->data[at + 1] &= (uint8_t)~0x41; /* TF would trap; NT is not for a user to keep */
        test->data[at + 2] &= (uint8_t)~0x04; /* AC would make the rest misaligned */
    }
    if (!row->prefix_0f && (opcode == 0xc2 || opcode == 0xc3)) {
        uint32_t at = test->gpr[ESP] - SHOWN_BASE - (test->code_16 ? 0 : DATA_BASE);
        uint32_t to = (test->code_16 ? 0 : CODE_BASE) + 0x100 + below(e->random, 0x4000);
        memcpy(test->data + at, &to, 4);
    }
}

static void prefixes(struct encoder *e, const struct row *row)
{
    e->operand_16 = e->address_16 = e->test->code_16;
    /* A 16-bit jump in 32-bit code cuts EIP to 64 KiB, which the host does not give either. */
    bool jumps = row->form & (REL8 | RELV) || strncmp(row->name, "ret", 3) == 0;
    if (!(jumps && !e->test->code_16) && below(e->random, 3) == 0) {
        put(e, 0x66, 1);
        e->operand_16 = !e->operand_16;
    }
    /* A 67 prefix in 32-bit code would address the first 64 KiB, which the host does not give. */
    if (e->test->code_16 && below(e->random, 4) == 0) {
        put(e, 0x67, 1);
        e->address_16 = false;
    }
    if (row->form & STRING && below(e->random, 2))
        put(e, 0xf2 + below(e->random, 2), 1);
    if (row->form & (MODRM | MEMORY) && !(row->form & X87) && below(e->random, 40) == 0)
        put(e, 0xf0, 1);
}

static void immediates(struct encoder *e, const struct row *row)
{
    unsigned word = e->operand_16 ? 2 : 4;
    if (row->form & IMM8 && row->form & SHIFT && row->prefix_0f && e->operand_16)
        put(e, below(e->random, 17), 1); /* beyond 16 the result is undefined */
    else if (row->form & IMM8)
        put(e, corner(e->random), 1);
    if (row->form & IMM16)
        put(e, below(e->random, 200) * 4, 2);
    if (row->form & IMMV)
        put(e, corner(e->random), word);
    /* Never back into the instruction itself: that would loop. */
    if (row->form & REL8)
        put(e, below(e->random, 2) ? below(e->random, 128) : 128 + below(e->random, 100), 1);
    if (row->form & RELV)
        put(e, below(e->random, 2) ? below(e->random, 0x2000) : -0x20 - below(e->random, 0x2000),
            word);
    if (row->form & MOFFS)
        put(e, target(e), e->address_16 ? 2 : 4);
}

void generate_case(uint64_t seed, uint64_t n, struct test_case *out)
{
    struct random random = {.state = seed * 0x100000001b3u + n};
    next(&random);
    struct encoder e = {.test = out, .random = &random};
    const struct row *row = n % 2 != 0 ? &x87_row : &rows[n / 2 % ROWS];
    *out = (struct test_case){.name = row->name, .code_16 = below(&random, 3) == 0};
    fill(&e, row);
    unsigned opcode = row->opcode + below(&random, row->span) * row->step;
    prefixes(&e, row);
    if (row->prefix_0f)
        put(&e, 0x0f, 1);
    put(&e, opcode, 1);
    unsigned at = out->length;
    implied(&e, row, opcode);
    if (row->form & X87)
        x87_generate(out, next(&random));
    if (row == &x87_row)
        modrm_x87(&e, row);
    else if (row->form & (MODRM | MEMORY | REGISTER))
        modrm(&e, row);
    immediates(&e, row);
    unsigned digit = out->code[at] >> 3 & 7;
    if (row->form & SHIFT)
        out->undefined |= shift_undefined(row, out, opcode, digit, e.operand_16);
    bool logic = (!row->prefix_0f && opcode < 0x40 &&
                  ((opcode >> 3) == 1 || (opcode >> 3) == 4 || (opcode >> 3) == 6)) ||
                 (!row->prefix_0f && opcode >= 0x80 && opcode <= 0x83 &&
                  (digit == 1 || digit == 4 || digit == 6));
    if (logic)
        out->undefined |= AF;
}
