/* x87: states of the x87 that hit the corners, and what may differ between two processors. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/oracle/oracle.h"

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

/* --- numbers -----------------------------------------------------------------------------------
 */

static uint64_t digits(uint64_t *random)
{
    const uint64_t integer = UINT64_C(1) << 63;
    switch (next(random) % 12) {
    case 0: return 0;
    case 1: return integer;
    case 2: return UINT64_MAX;
    case 3: return integer | 1;
    case 4: return integer | UINT64_C(1) << next(random) % 63;
    case 5: return next(random) << next(random) % 64;
    case 6: return 3 * (integer >> 1);
    case 7: return integer | UINT64_MAX << next(random) % 64;
    case 8: return next(random); /* half of them unnormal */
    default: return next(random) | integer;
    }
}

static uint16_t head(uint64_t *random)
{
    static const uint16_t corners[] = {0,      1,      2,      0x3fbf, 0x3ffd, 0x3ffe, 0x3fff,
                                       0x4000, 0x400e, 0x401e, 0x403d, 0x403e, 0x7ffe, 0x7fff};
    uint64_t choice = next(random);
    uint16_t sign = (uint16_t)(choice >> 32 & 0x8000);
    if (choice % 4 == 0)
        return sign | corners[next(random) % (sizeof corners / sizeof corners[0])];
    if (choice % 4 == 1)
        return sign | (next(random) & 0x7fff);
    return sign | (uint16_t)(0x3fff - 40 + next(random) % 80);
}

static void number(uint64_t *random, uint8_t st[10])
{
    uint64_t bits = digits(random);
    uint16_t top = head(random);
    if ((top & 0x7fff) == 0 && next(random) % 4 != 0)
        bits &= UINT64_MAX >> 1;
    memcpy(st, &bits, 8);
    memcpy(st + 8, &top, 2);
}

/* Eight bytes that are a corner of one of the formats in memory. */
static uint64_t in_memory(uint64_t *random)
{
    static const uint64_t corners[] = {
        0,
        0x8000000000000000,
        0x3ff0000000000000,
        0x7ff0000000000000,
        0x7ff8000000000000,
        0x7ff4000000000000,
        0x000fffffffffffff,
        0x0000000000000001,
        0x7f8000003f800000,
        0x7fa00000007fffff,
        0xffffffffffffffff,
        0x7fffffff80000000,
        0x0123456789abcdef,
        0x1234567890123456,
    };
    return next(random) % 2 ? corners[next(random) % (sizeof corners / sizeof corners[0])]
                            : next(random);
}

void x87_generate(struct test_case *test, uint64_t seed)
{
    struct fpu_image *fpu = &test->fpu;
    uint64_t choice = next(&seed);
    test->x87 = true;
    /* Mostly masked, mostly nothing waiting, mostly a stack with room and numbers. */
    uint32_t masks = choice % 4 == 0 ? (uint32_t)(choice >> 8) & 0x3f : 0x3f;
    fpu->control = masks | 0x40 | ((uint32_t)(choice >> 16) & 0xf00);
    fpu->status = (uint32_t)(choice >> 28) & 0x7f00; /* TOP and condition codes */
    if (choice >> 44 & 1)
        fpu->status |= (uint32_t)(choice >> 45) & 0x7f;
    bool waits = (fpu->status & ~fpu->control & 0x3f) != 0;
    if (waits && (choice >> 52) % 8 != 0) {
        fpu->status &= ~0x3fu;
        waits = false;
    }
    fpu->status |= waits ? 0x8080 : 0;
    fpu->tags = 0;
    for (unsigned st = 0; st < 8; st++) {
        number(&seed, fpu->st[st]);
        unsigned empty = st > 5 ? next(&seed) % 8 != 0 : next(&seed) % 16 == 0;
        fpu->tags |= (empty ? 3u : 0) << 2 * (((fpu->status >> 11) + st) & 7);
    }
    if (next(&seed) % 8 == 0)
        memcpy(fpu->st[1], fpu->st[0], 10);
    for (unsigned i = 0; i < SHOWN_SIZE; i += 8) {
        uint64_t value = in_memory(&seed);
        memcpy(test->data + i, &value, 8);
    }
}

/* --- comparison --------------------------------------------------------------------------------
 */

/* The instruction behind its prefixes. */
static const uint8_t *opcode_of(const struct test_case *test)
{
    const uint8_t *at = test->code;
    while (*at == 0x66 || *at == 0x67)
        at++;
    return at;
}

/* Transcendental functions are within one unit of the last place (SDM vol. 1, 8.3.10). */
static bool transcendental(const uint8_t *opcode)
{
    return opcode[0] == 0xd9 &&
           (opcode[1] == 0xf0 || opcode[1] == 0xf1 || opcode[1] == 0xf2 || opcode[1] == 0xf3 ||
            opcode[1] == 0xf9 || opcode[1] == 0xfb || opcode[1] == 0xfe || opcode[1] == 0xff);
}

/* Position of a number among all numbers of its sign: neighbours differ by one. */
static bool neighbours(const uint8_t a[10], const uint8_t b[10])
{
    uint64_t sa, sb;
    uint16_t ha, hb;
    memcpy(&sa, a, 8);
    memcpy(&sb, b, 8);
    memcpy(&ha, a + 8, 2);
    memcpy(&hb, b + 8, 2);
    if (((ha ^ hb) & 0x8000) != 0)
        return false;
    if (ha == hb)
        return sa - sb == 1 || sb - sa == 1;
    uint64_t below = ha < hb ? sa : sb, above = ha < hb ? sb : sa;
    unsigned low = (ha < hb ? ha : hb) & 0x7fff;
    bool adjacent = ha - hb == 1 || hb - ha == 1;
    return adjacent && above == UINT64_C(1) << 63 &&
           below == (low == 0 ? UINT64_MAX >> 1 : UINT64_MAX);
}

/* Outside these ranges the manual leaves the result undefined. */
static bool undefined_result(const struct test_case *test, const uint8_t *opcode)
{
    uint16_t exponent;
    memcpy(&exponent, test->fpu.st[0] + 8, 2);
    exponent &= 0x7fff;
    return opcode[0] == 0xd9 &&
           ((opcode[1] == 0xf0 && exponent >= 0x3fff) || (opcode[1] == 0xf9 && exponent >= 0x3ffd));
}

/* FSTENV and FSAVE: pointers and opcode of the last instruction; AMD's and Intel's differ, and a
 * kernel that saved and restored them may have dropped them. */
static void ignore_pointers(const struct test_case *test, const uint8_t *opcode,
                            const struct outcome *host, struct outcome *ours)
{
    unsigned digit = opcode[1] >> 3 & 7;
    if (opcode[1] >= 0xc0 || digit != 6 || (opcode[0] != 0xd9 && opcode[0] != 0xdd))
        return;
    bool narrow = test->code_16 != (test->code[0] == 0x66 || test->code[1] == 0x66);
    unsigned slot = narrow ? 2 : 4;
    memcpy(ours->data + test->operand + 3 * slot, host->data + test->operand + 3 * slot, 4 * slot);
}

const char *x87_difference(const struct test_case *test, const struct outcome *host,
                           struct outcome *ours)
{
    static char why[300];
    const uint8_t *opcode = opcode_of(test);
    const struct fpu_image *h = &host->fpu, *o = &ours->fpu;
    ignore_pointers(test, opcode, host, ours);
    if (undefined_result(test, opcode))
        return NULL;
    bool loose = transcendental(opcode);
    uint32_t mask = loose ? 0xfdff : 0xffff; /* C1: the direction of rounding, which may differ */
    if (h->control != o->control || ((h->status ^ o->status) & mask) != 0) {
        snprintf(why, sizeof why,
                 "x87 control %04x: host %04x, ours %04x; status %04x: host %04x, ours %04x",
                 test->fpu.control, h->control, o->control, test->fpu.status, h->status, o->status);
        return why;
    }
    for (unsigned st = 0; st < 8; st++) {
        unsigned number = ((h->status >> 11) + st) & 7;
        bool he = (h->tags >> 2 * number & 3) == 3, oe = (o->tags >> 2 * number & 3) == 3;
        bool same = memcmp(h->st[st], o->st[st], 10) == 0;
        if (he == oe && (same || (loose && neighbours(h->st[st], o->st[st]))))
            continue;
        uint64_t hs, os, a, b;
        memcpy(&hs, h->st[st], 8);
        memcpy(&os, o->st[st], 8);
        memcpy(&a, test->fpu.st[0], 8);
        memcpy(&b, test->fpu.st[1], 8);
        snprintf(why, sizeof why,
                 "st%u: host %02x%02x %016" PRIx64 "%s, ours %02x%02x %016" PRIx64
                 "%s; control %04x status %04x tags %04x; was st0 %02x%02x %016" PRIx64
                 " st1 %02x%02x %016" PRIx64,
                 st, h->st[st][9], h->st[st][8], hs, he ? " empty" : "", o->st[st][9], o->st[st][8],
                 os, oe ? " empty" : "", test->fpu.control, test->fpu.status, test->fpu.tags,
                 test->fpu.st[0][9], test->fpu.st[0][8], a, test->fpu.st[1][9], test->fpu.st[1][8],
                 b);
        return why;
    }
    return NULL;
}
