/* mips_generate: makes the cases: every integer instruction of user mode, with operands that hit
 * the corners.
 *
 * Rows name encodings as the manual's opcode maps do; nothing here is taken from our own decoder.
 */
#include "tests/oracle/mips_oracle.h"

#include <string.h>

enum form {
    THREE,     /* rd, rs, rt */
    SHIFT,     /* rd, rt, sa */
    ONE_FROM,  /* rs */
    ONE_TO,    /* rd */
    MULTIPLY,  /* rs, rt */
    DIVIDE,    /* rs, rt; what is undefined is left out */
    IMMEDIATE, /* rt, rs, 16 bits */
    UPPER,     /* rt, 16 bits */
    ACCESS,    /* rt, 16 bits (rs) */
    STOP,
    TRAP,        /* rs, rt */
    TRAP_VALUE,  /* rs, 16 bits; the code is the rt field */
    SPECIAL2,    /* rd, rs, rt */
    COUNT,       /* rd, rs; rt is rd */
    BRANCH_TWO,  /* rs, rt, 16 bits */
    BRANCH_ONE,  /* rs, 16 bits; the code is the rt field */
    BRANCH_ZERO, /* rs, 16 bits; rt 0 */
    JUMP,
    JUMP_REGISTER,
    JUMP_LINK_REGISTER,
};

#define MIPS32    0x80 /* with a form: the R3000 has none */
#define FORM(row) ((enum form)((row)->form & ~MIPS32))

static const struct row {
    const char *name;
    uint8_t code; /* opcode, or function of the forms that have it, or rt */
    uint8_t form;
} rows[] = {
    {"sll", 0x00, SHIFT},
    {"srl", 0x02, SHIFT},
    {"sra", 0x03, SHIFT},
    {"sllv", 0x04, THREE},
    {"srlv", 0x06, THREE},
    {"srav", 0x07, THREE},
    {"add", 0x20, THREE},
    {"addu", 0x21, THREE},
    {"sub", 0x22, THREE},
    {"subu", 0x23, THREE},
    {"and", 0x24, THREE},
    {"or", 0x25, THREE},
    {"xor", 0x26, THREE},
    {"nor", 0x27, THREE},
    {"slt", 0x2a, THREE},
    {"sltu", 0x2b, THREE},
    {"mfhi", 0x10, ONE_TO},
    {"mthi", 0x11, ONE_FROM},
    {"mflo", 0x12, ONE_TO},
    {"mtlo", 0x13, ONE_FROM},
    {"mult", 0x18, MULTIPLY},
    {"multu", 0x19, MULTIPLY},
    {"div", 0x1a, DIVIDE},
    {"divu", 0x1b, DIVIDE},
    {"addi", 0x08, IMMEDIATE},
    {"addiu", 0x09, IMMEDIATE},
    {"slti", 0x0a, IMMEDIATE},
    {"sltiu", 0x0b, IMMEDIATE},
    {"andi", 0x0c, IMMEDIATE},
    {"ori", 0x0d, IMMEDIATE},
    {"xori", 0x0e, IMMEDIATE},
    {"lui", 0x0f, UPPER},
    {"lb", 0x20, ACCESS},
    {"lh", 0x21, ACCESS},
    {"lwl", 0x22, ACCESS},
    {"lw", 0x23, ACCESS},
    {"lbu", 0x24, ACCESS},
    {"lhu", 0x25, ACCESS},
    {"lwr", 0x26, ACCESS},
    {"ll", 0x30, ACCESS},
    {"sb", 0x28, ACCESS},
    {"sh", 0x29, ACCESS},
    {"swl", 0x2a, ACCESS},
    {"sw", 0x2b, ACCESS},
    {"swr", 0x2e, ACCESS},
    {"break", 0x0d, STOP},
    {"beq", 0x04, BRANCH_TWO},
    {"bne", 0x05, BRANCH_TWO},
    {"blez", 0x06, BRANCH_ZERO},
    {"bgtz", 0x07, BRANCH_ZERO},
    {"bltz", 0x00, BRANCH_ONE},
    {"bgez", 0x01, BRANCH_ONE},
    {"bltzal", 0x10, BRANCH_ONE},
    {"bgezal", 0x11, BRANCH_ONE},
    {"j", 0x02, JUMP},
    {"jal", 0x03, JUMP},
    {"jr", 0x08, JUMP_REGISTER},
    {"jalr", 0x09, JUMP_LINK_REGISTER},
    {"movz", 0x0a, MIPS32 | THREE},
    {"movn", 0x0b, MIPS32 | THREE},
    {"madd", 0x00, MIPS32 | SPECIAL2},
    {"maddu", 0x01, MIPS32 | SPECIAL2},
    {"mul", 0x02, MIPS32 | SPECIAL2},
    {"msub", 0x04, MIPS32 | SPECIAL2},
    {"msubu", 0x05, MIPS32 | SPECIAL2},
    {"clz", 0x20, MIPS32 | COUNT},
    {"clo", 0x21, MIPS32 | COUNT},
    {"tge", 0x30, MIPS32 | TRAP},
    {"tgeu", 0x31, MIPS32 | TRAP},
    {"tlt", 0x32, MIPS32 | TRAP},
    {"tltu", 0x33, MIPS32 | TRAP},
    {"teq", 0x34, MIPS32 | TRAP},
    {"tne", 0x36, MIPS32 | TRAP},
    {"tgei", 0x08, MIPS32 | TRAP_VALUE},
    {"tgeiu", 0x09, MIPS32 | TRAP_VALUE},
    {"tlti", 0x0a, MIPS32 | TRAP_VALUE},
    {"tltiu", 0x0b, MIPS32 | TRAP_VALUE},
    {"teqi", 0x0c, MIPS32 | TRAP_VALUE},
    {"tnei", 0x0e, MIPS32 | TRAP_VALUE},
    {"beql", 0x14, MIPS32 | BRANCH_TWO},
    {"bnel", 0x15, MIPS32 | BRANCH_TWO},
    {"blezl", 0x16, MIPS32 | BRANCH_ZERO},
    {"bgtzl", 0x17, MIPS32 | BRANCH_ZERO},
    {"bltzl", 0x02, MIPS32 | BRANCH_ONE},
    {"bgezl", 0x03, MIPS32 | BRANCH_ONE},
    {"bltzall", 0x12, MIPS32 | BRANCH_ONE},
    {"bgezall", 0x13, MIPS32 | BRANCH_ONE},
};

#define ROWS (sizeof rows / sizeof rows[0])

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
    static const uint32_t corners[] = {0,          1,          2,          3,          0x1f,
                                       0x20,       0x7f,       0x80,       0xff,       0x7fff,
                                       0x8000,     0xffff,     0x10000,    0x7ffffffe, 0x7fffffff,
                                       0x80000000, 0x80000001, 0xffff8000, 0xfffffffe, 0xffffffff};
    if (below(r, 2) == 0)
        return corners[below(r, sizeof corners / sizeof corners[0])];
    return (uint32_t)next(r) >> below(r, 32);
}

/* The place of another case, in reach of a branch. */
static uint32_t landing(struct random *r, uint32_t pc)
{
    uint32_t place = (pc - CODE_FIRST) / CODE_STRIDE, low = place > 900 ? place - 900 : 0;
    return CODE_FIRST + (low + below(r, 1800)) * CODE_STRIDE + LANDING + 4 * below(r, 3);
}

static uint32_t offset_to(uint32_t pc, uint32_t target)
{
    return (target - (pc + 4)) >> 2 & 0xffff;
}

/* An address in the shown memory, aligned more often than not. rs becomes its base. */
static uint32_t access_word(struct random *r, struct test_case *test, unsigned code, unsigned rs,
                            unsigned rt)
{
    uint32_t address = SHOWN_BASE + 4 + below(r, SHOWN_SIZE - 8);
    uint32_t offset = corner(r) & 0xffff;
    if (below(r, 4) != 0)
        address &= ~3u;
    if (rs != 0)
        test->gpr[rs] = address - (uint32_t)(int32_t)(int16_t)(uint16_t)offset;
    return code << 26 | rs << 21 | rt << 16 | offset;
}

/* Division by zero, and the quotient that does not fit, are undefined. */
static void define_division(struct test_case *test, unsigned rt)
{
    if (test->gpr[rt] == 0 || test->gpr[rt] == 0xffffffffu)
        test->gpr[rt] = 7;
}

static unsigned general(struct random *r)
{
    return below(r, 32);
}

/* Not 0, and not `taken`. */
static unsigned other(struct random *r, unsigned taken)
{
    unsigned number = 1 + below(r, 31);
    return number != taken ? number : number % 31 + 1;
}

static uint32_t plain_word(struct random *r, struct test_case *test, const struct row *row)
{
    unsigned rs = general(r), rt = general(r), rd = general(r);
    test->mips32 |= (row->form & MIPS32) != 0;
    uint32_t sa = below(r, 32), code = row->code, immediate = corner(r) & 0xffff;
    switch (FORM(row)) {
    case THREE: return rs << 21 | rt << 16 | rd << 11 | code;
    case SHIFT: return rt << 16 | rd << 11 | sa << 6 | code;
    case ONE_FROM: return rs << 21 | code;
    case ONE_TO: return rd << 11 | code;
    case DIVIDE:
        rt = other(r, 0);
        define_division(test, rt);
        return rs << 21 | rt << 16 | code;
    case MULTIPLY: return rs << 21 | rt << 16 | code;
    case IMMEDIATE: return code << 26 | rs << 21 | rt << 16 | immediate;
    case UPPER: return code << 26 | rt << 16 | immediate;
    case TRAP: return rs << 21 | rt << 16 | code;
    case TRAP_VALUE: return 1u << 26 | rs << 21 | code << 16 | immediate;
    case SPECIAL2: return 0x70000000u | rs << 21 | rt << 16 | (code == 2 ? rd << 11 : 0) | code;
    case COUNT: return 0x70000000u | rs << 21 | rd << 16 | rd << 11 | code;
    case ACCESS: return access_word(r, test, code, other(r, 0), rt);
    default: return immediate << 6 | code;
    }
}

static uint32_t jump_word(struct random *r, struct test_case *test, const struct row *row)
{
    uint32_t target = landing(r, test->pc), offset = offset_to(test->pc, target);
    unsigned rs = below(r, 31), rt = below(r, 4) == 0 ? rs : general(r), rd;
    test->mips32 |= (row->form & MIPS32) != 0;
    switch (FORM(row)) {
    case BRANCH_TWO: return (uint32_t)row->code << 26 | rs << 21 | rt << 16 | offset;
    case BRANCH_ZERO: return (uint32_t)row->code << 26 | rs << 21 | offset;
    case BRANCH_ONE: return 1u << 26 | rs << 21 | (uint32_t)row->code << 16 | offset;
    case JUMP: return (uint32_t)row->code << 26 | (target >> 2 & 0x3ffffff);
    default: break;
    }
    rs = other(r, 0);
    rd = FORM(row) == JUMP_LINK_REGISTER ? other(r, rs) : 0;
    test->gpr[rs] = target;
    return rs << 21 | rd << 11 | row->code;
}

/* What a branch needs is in registers before the slot's instruction asks for some: that one takes
 * its operands as they are, and is none that needs them to be special. */
static uint32_t slot_word(struct random *r, struct test_case *test)
{
    const struct row *row;
    do
        row = &rows[below(r, ROWS)];
    while (FORM(row) == DIVIDE || FORM(row) == ACCESS || FORM(row) == STOP ||
           FORM(row) >= BRANCH_TWO);
    return plain_word(r, test, row);
}

/* LL and SC of one address, now and then of two. */
static void linked_words(struct random *r, struct test_case *test)
{
    unsigned base = other(r, 0), loaded = other(r, base);
    test->name = "ll, sc";
    test->code[0] = access_word(r, test, 0x30, base, loaded) & ~3u;
    test->gpr[base] &= ~3u;
    uint32_t offset = (test->code[0] + (below(r, 4) == 0 ? 4 : 0)) & 0xffff;
    test->code[1] = 0x38u << 26 | (test->code[0] & 31u << 21) | other(r, base) << 16 | offset;
}

void generate_case(uint64_t seed, uint64_t n, struct test_case *out)
{
    struct random random = {seed * 0x9e3779b97f4a7c15u + n * 0xd1342543de82ef95u}, *r = &random;
    out->pc = CODE_FIRST + (uint32_t)(n % CODE_PLACES) * CODE_STRIDE;
    out->mips32 = false;
    out->gpr[0] = 0;
    for (unsigned i = 1; i < 32; i++)
        out->gpr[i] = corner(r);
    out->hi = corner(r);
    out->lo = corner(r);
    for (unsigned i = 0; i < SHOWN_SIZE; i++)
        out->data[i] = (uint8_t)next(r);
    if (below(r, 40) == 0) {
        linked_words(r, out);
        return;
    }
    const struct row *row = &rows[below(r, ROWS)];
    out->name = row->name;
    out->code[0] = FORM(row) >= BRANCH_TWO ? jump_word(r, out, row) : plain_word(r, out, row);
    out->code[1] = slot_word(r, out);
}
