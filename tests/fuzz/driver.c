/* driver: a fuzz target without a fuzzer: every seed, cut at every length and each byte of it
 * flipped as far as RUNS reaches, then random changes that are the same every time.
 * usage: fuzz_NAME RUNS SEED... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/host/files.h"
#include "tests/fuzz/target.h"

#define MOST_SEED (UINT64_C(1) << 20)

/* xorshift64* (Vigna 2016). */
static uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

/* A copy of exactly this size, so that a sanitizer sees the first byte read behind it. */
static void run_copy(const uint8_t *bytes, size_t size)
{
    uint8_t *copy = bug_alloc(1, size + 1);
    uint8_t *exact = realloc(copy, size == 0 ? 1 : size);
    bug_unless(exact != NULL);
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static void run_cut(const uint8_t *bytes, size_t size, size_t runs)
{
    size_t step = size / (runs + 1) + 1;
    for (size_t at = 0; at <= size; at += step)
        run_copy(bytes, at);
}

static void run_flipped(uint8_t *bytes, size_t size, size_t runs)
{
    size_t step = size / (runs + 1) + 1;
    for (size_t at = 0; at < size; at += step) {
        uint8_t was = bytes[at];
        bytes[at] = step > 1 || at % 2 == 0 ? (uint8_t)~was : was ^ (1u << at / 2 % 8);
        run_copy(bytes, size);
        bytes[at] = was;
    }
}

static void run_random(uint8_t *bytes, size_t size, size_t runs)
{
    static const uint8_t interesting[] = {0, 1, 0x7f, 0x80, 0xff, 0xfe, '-', '9', '/', '('};
    uint64_t state = 0x9e3779b97f4a7c15 ^ size;
    uint8_t *changed = bug_alloc(1, size + 1);
    for (; runs > 0 && size > 0; runs--) {
        memcpy(changed, bytes, size);
        for (unsigned n = 1 + random_next(&state) % 6; n > 0; n--) {
            uint64_t dice = random_next(&state);
            size_t to = dice % size, from = (dice >> 20) % size, length = (dice >> 40) % 9;
            if (length == 0)
                changed[to] = interesting[(dice >> 50) % sizeof interesting];
            else if (length == 1)
                changed[to] = (uint8_t)(dice >> 50);
            else if (to + length <= size && from + length <= size)
                memmove(changed + to, bytes + from, length);
        }
        run_copy(changed, size);
    }
    free(changed);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s RUNS SEED...\n", argv[0]);
        return 2;
    }
    size_t runs = strtoul(argv[1], NULL, 10) / (size_t)(argc - 2) / 3;
    run_copy((const uint8_t *)"", 0);
    for (int i = 2; i < argc; i++) {
        const char *why;
        size_t size;
        uint8_t *bytes = file_read(argv[i], MOST_SEED, &size, &why);
        if (bytes == NULL) {
            fprintf(stderr, "%s: %s\n", argv[i], why);
            return 2;
        }
        run_copy(bytes, size);
        run_cut(bytes, size, runs);
        run_flipped(bytes, size, runs);
        run_random(bytes, size, runs);
        free(bytes);
    }
    return 0;
}
