/* mips_vectors: published single-step vectors of the R3000, as the repository SingleStepTests/r3000
 * has them ("v1/ADD.json.bin"): one instruction, all registers before and after, what went over the
 * bus. They are of the PlayStation's processor: little-endian, with load delays, without a TLB.
 *
 * A file is all 32-bit little-endian words but for the names: how many vectors; each is
 *   a length byte and 50 bytes of name; the instruction, its address;
 *   twice, before and after: $0 to $31, HI, LO, EPC, TAR, Cause, PC; the branch whose slot this is:
 *   target, is there one, is it taken; the load still on its way: register or -1, value;
 *   how many accesses; each of 24 bytes: value (64 bits), kind, address (64 bits), size */
#ifndef TESTS_ORACLE_MIPS_VECTORS_H
#define TESTS_ORACLE_MIPS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VECTOR_ACCESSES 3u /* the fetch, and one or two of data */

struct vector_state {
    uint32_t gpr[32];
    uint32_t hi, lo, epc, tar, cause, pc;
    uint32_t branch_target, in_slot, branch_taken;
    uint32_t load_register, load_value; /* NO_LOAD */
};

#define NO_LOAD 0xffffffffu

enum vector_kind { VECTOR_READ = 1, VECTOR_WRITE = 2, VECTOR_FETCH = 4 };

struct vector_access {
    uint32_t value, kind, address, size;
};

struct vector {
    char name[51];
    uint32_t word, address;
    struct vector_state before, after;
    uint32_t accesses;
    struct vector_access access[VECTOR_ACCESSES];
};

struct vector_file {
    uint8_t *bytes;
    size_t size, at;
    uint32_t left; /* vectors to come */
};

/* False: `why` says what is wrong with it. */
bool vectors_open(struct vector_file *file, const char *path, const char **why);
/* The next. False: there is none; then *why is NULL, or what is wrong with the file. */
bool vectors_next(struct vector_file *file, struct vector *out, const char **why);
void vectors_close(struct vector_file *file);

#endif
