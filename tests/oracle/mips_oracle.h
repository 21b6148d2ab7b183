/* mips_oracle: two generated instructions, and what a processor made of them.
 *
 * The same case runs on Unicorn's big-endian MIPS32 and on both of our models, by both engines, in
 * kernel mode, in kseg0. The R3000 is not asked for what only MIPS32 has. */
#ifndef TESTS_ORACLE_MIPS_ORACLE_H
#define TESTS_ORACLE_MIPS_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#define KSEG0        0x80000000u
#define MEMORY_SIZE  0x1000000u
#define CODE_FIRST   0x80200000u /* the first case's two words; each has a place of its own, */
#define CODE_STRIDE  0x20u       /* ... so that no translation is ever stale; */
#define CODE_PLACES  0x50000u    /* jumps go to the upper half of a place, which has no case */
#define LANDING      0x10u
#define SHOWN_BASE   0x80100000u /* the memory that a case may touch */
#define SHOWN_SIZE   64u
#define INSTRUCTIONS 2u

struct test_case {
    const char *name; /* of the first */
    bool mips32;      /* an instruction of it is none of the R3000's */
    uint32_t pc;
    uint32_t code[INSTRUCTIONS];
    uint32_t gpr[32];
    uint32_t hi, lo;
    uint8_t data[SHOWN_SIZE];
};

/* Cause.ExcCode, or this. */
#define NO_EXCEPTION 99u

struct outcome {
    uint32_t exception;
    uint32_t pc; /* where it went on; without meaning after an exception */
    uint32_t gpr[32];
    uint32_t hi, lo;
    uint8_t data[SHOWN_SIZE];
};

/* Case number n of a seed; the same for ever. */
void generate_case(uint64_t seed, uint64_t n, struct test_case *out);

/* False: *why says what is missing. */
bool unicorn_open(const char **why);
void unicorn_run(const struct test_case *test, struct outcome *out);
void unicorn_close(void);

/* Ours: each model by each engine. */
enum ours { OURS_R3000, OURS_R3000_CAREFUL, OURS_MIPS32, OURS_MIPS32_CAREFUL, OURS };

void ours_open(void);
void ours_run(enum ours which, const struct test_case *test, struct outcome *out);
void ours_close(void);
const char *ours_name(enum ours which);

#endif
