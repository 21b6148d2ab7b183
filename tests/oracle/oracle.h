/* oracle: one generated instruction, and what a processor made of it.
 *
 * The same case runs on our CPU and on the processor of this host in its own 32-bit (or, through
 * the LDT, 16-bit) protected mode at CPL 3: silicon that nobody here wrote. */
#ifndef TESTS_ORACLE_ORACLE_H
#define TESTS_ORACLE_ORACLE_H

#include <stdbool.h>
#include <stdint.h>

#define CODE_BASE  0x10000000u /* linear; code segment base of 16-bit cases */
#define CODE_SIZE  0x10000u
#define CODE_START 0x8000u     /* offset of the instruction under test */
#define DATA_BASE  0x20000000u /* linear; data and stack segment base of 16-bit cases */
#define DATA_SIZE  0x10000u
#define SHOWN_BASE 0x7000u /* the part of the data that a case may touch */
#define SHOWN_SIZE 0x2000u

enum { EAX, ECX, EDX, EBX, ESP, EBP, ESI, EDI };

/* The x87, as FSAVE lays it out with 32-bit operands. */
struct fpu_image {
    uint32_t control, status, tags, ip, code, dp, data;
    uint8_t st[8][10];
};

struct test_case {
    const char *name;
    uint8_t code[16];
    unsigned length;
    bool code_16;
    uint32_t gpr[8];
    uint32_t eflags;
    uint32_t undefined; /* flags that the manual leaves undefined for it */
    bool x87;           /* `fpu` is the state before; without it there is none to compare */
    struct fpu_image fpu;
    uint32_t operand; /* where in data the ModRM operand is */
    uint8_t data[SHOWN_SIZE];
};

struct outcome {
    bool faulted;
    uint8_t vector;
    uint32_t error;
    uint32_t gpr[8];
    uint32_t eip; /* offset in the code segment for 16-bit cases, else linear */
    uint32_t eflags;
    struct fpu_image fpu;
    uint8_t data[SHOWN_SIZE];
};

/* x87.c. The state before an x87 instruction and numbers in memory, from a seed. */
void x87_generate(struct test_case *test, uint64_t seed);
/* NULL, or what differs of the x87's state. What processors leave in memory as they like (pointers
 * of the last instruction) becomes the host's in ours->data. */
const char *x87_difference(const struct test_case *test, const struct outcome *host,
                           struct outcome *ours);

/* Case number n of a seed; the same for ever. */
void generate_case(uint64_t seed, uint64_t n, struct test_case *out);

/* False: this host offers no such mode; *why says what is missing. */
bool host_open(const char **why);
void host_run(const struct test_case *test, struct outcome *out);

void ours_open(void);
void ours_run(const struct test_case *test, struct outcome *out);
void ours_close(void);

#endif
