/* mips_main: compares both of our models, by both engines, with Unicorn's MIPS32 on generated
 * instructions.
 *
 * usage: oracle_mips [--seed S] [--cases N] [--case K]; the last prints one case in full. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/mips_oracle.h"

#define SHOWN_FAILURES 20

static bool same(const struct outcome *host, const struct outcome *ours, char *why, size_t room)
{
    if (host->exception != ours->exception) {
        snprintf(why, room, "exception: unicorn %u, ours %u", host->exception, ours->exception);
        return false;
    }
    for (unsigned i = 0; i < 32; i++)
        if (host->gpr[i] != ours->gpr[i]) {
            snprintf(why, room, "$%u: unicorn %08x, ours %08x", i, host->gpr[i], ours->gpr[i]);
            return false;
        }
    if (host->hi != ours->hi || host->lo != ours->lo) {
        snprintf(why, room, "hi lo: unicorn %08x %08x, ours %08x %08x", host->hi, host->lo,
                 ours->hi, ours->lo);
        return false;
    }
    if (host->exception == NO_EXCEPTION && host->pc != ours->pc) {
        snprintf(why, room, "pc: unicorn %08x, ours %08x", host->pc, ours->pc);
        return false;
    }
    for (unsigned i = 0; i < SHOWN_SIZE; i++)
        if (host->data[i] != ours->data[i]) {
            snprintf(why, room, "memory +%x: unicorn %02x, ours %02x", i, host->data[i],
                     ours->data[i]);
            return false;
        }
    return true;
}

static void show(const struct test_case *test, uint64_t n, const char *why)
{
    printf("case %" PRIu64 " %-7s %08x: %08x %08x  hi %08x lo %08x\n", n, test->name, test->pc,
           test->code[0], test->code[1], test->hi, test->lo);
    for (unsigned i = 0; i < 32; i++)
        printf("%s$%-2u %08x%s", i % 8 == 0 ? "   " : " ", i, test->gpr[i], i % 8 == 7 ? "\n" : "");
    printf("   %s\n", why);
}

static bool compare(uint64_t seed, uint64_t n, bool shown)
{
    static struct test_case test;
    static struct outcome host, ours;
    char why[120];
    bool equal = true;
    generate_case(seed, n, &test);
    unicorn_run(&test, &host);
    for (unsigned which = test.mips32 ? OURS_MIPS32 : OURS_R3000; which < OURS; which++) {
        strcpy(why, "same");
        ours_run((enum ours)which, &test, &ours);
        bool good = same(&host, &ours, why, sizeof why);
        if (shown || !good) {
            printf("%s: ", ours_name((enum ours)which));
            show(&test, n, why);
        }
        equal &= good;
    }
    return equal;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, cases = 240000, only = UINT64_MAX;
    for (int i = 1; i + 1 < argc; i += 2) {
        uint64_t value = strtoull(argv[i + 1], NULL, 0);
        if (strcmp(argv[i], "--seed") == 0)
            seed = value;
        else if (strcmp(argv[i], "--cases") == 0)
            cases = value;
        else if (strcmp(argv[i], "--case") == 0)
            only = value;
    }
    const char *why;
    if (!unicorn_open(&why)) {
        printf("oracle: Unicorn cannot be used: %s\n", why);
        return EXIT_FAILURE;
    }
    if (cases > CODE_PLACES)
        cases = CODE_PLACES;
    ours_open();
    uint64_t failed = 0;
    for (uint64_t n = 0; only == UINT64_MAX && n < cases && failed < SHOWN_FAILURES; n++)
        failed += !compare(seed, n, false);
    if (only != UINT64_MAX)
        failed = !compare(seed, only, true);
    ours_close();
    unicorn_close();
    printf("oracle: seed %" PRIu64 ": %" PRIu64 " cases of %u instructions, %" PRIu64
           " differ from Unicorn's MIPS32, on two models by two engines\n",
           seed, only == UINT64_MAX ? cases : 1, INSTRUCTIONS, failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
