/* main: compares our CPU with the host's own on generated instructions.
 *
 * usage: oracle [--seed S] [--cases N] [--case K]; the last prints one case in full. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/oracle/oracle.h"

#define COMPARED_FLAGS 0x3fcdd5u /* every flag that has a meaning, but IOPL's host bits */
#define SHOWN_FAILURES 20

static bool same(const struct test_case *test, const struct outcome *host, struct outcome *ours,
                 char *why, size_t room)
{
    static const char *const names[8] = {"eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi"};
    if (host->faulted != ours->faulted || (host->faulted && host->vector != ours->vector)) {
        snprintf(why, room, "trap: host %d, ours %d", host->faulted ? host->vector : -1,
                 ours->faulted ? ours->vector : -1);
        return false;
    }
    if (host->faulted && (host->vector == 13 || host->vector == 17) && host->error != ours->error) {
        snprintf(why, room, "error code: host %x, ours %x", host->error, ours->error);
        return false;
    }
    for (unsigned i = 0; i < 8; i++)
        if (host->gpr[i] != ours->gpr[i]) {
            snprintf(why, room, "%s: host %08x, ours %08x", names[i], host->gpr[i], ours->gpr[i]);
            return false;
        }
    if (host->eip != ours->eip) {
        snprintf(why, room, "eip: host %08x, ours %08x", host->eip, ours->eip);
        return false;
    }
    uint32_t mask = COMPARED_FLAGS & ~test->undefined;
    if (host->faulted)
        mask &= ~0x10000u; /* RF is set in the image of a fault, not in the register */
    if ((host->eflags ^ ours->eflags) & mask) {
        snprintf(why, room, "eflags: host %08x, ours %08x, compared %08x", host->eflags,
                 ours->eflags, mask);
        return false;
    }
    const char *x87 = test->x87 ? x87_difference(test, host, ours) : NULL;
    if (x87 != NULL) {
        snprintf(why, room, "%s", x87);
        return false;
    }
    for (unsigned i = 0; i < SHOWN_SIZE; i++)
        if (host->data[i] != ours->data[i]) {
            snprintf(why, room, "memory +%x: host %02x, ours %02x", SHOWN_BASE + i, host->data[i],
                     ours->data[i]);
            return false;
        }
    return true;
}

static void show(const struct test_case *test, uint64_t n, const char *why)
{
    printf("case %" PRIu64 " %-12s %s-bit ", n, test->name, test->code_16 ? "16" : "32");
    for (unsigned i = 0; i < test->length; i++)
        printf(" %02x", test->code[i]);
    printf(
        "\n   in: eax %08x ecx %08x edx %08x ebx %08x esp %08x ebp %08x esi %08x edi %08x fl %x\n",
        test->gpr[EAX], test->gpr[ECX], test->gpr[EDX], test->gpr[EBX], test->gpr[ESP],
        test->gpr[EBP], test->gpr[ESI], test->gpr[EDI], test->eflags);
    printf("   %s\n", why);
}

static bool compare(uint64_t seed, uint64_t n, bool shown)
{
    static struct test_case test;
    static struct outcome host, ours;
    char why[400] = "same";
    generate_case(seed, n, &test);
    host_run(&test, &host);
    ours_run(&test, &ours);
    bool equal = same(&test, &host, &ours, why, sizeof why);
    if (shown)
        show(&test, n, why);
    return equal;
}

int main(int argc, char **argv)
{
    uint64_t seed = 1, cases = 480000, only = UINT64_MAX;
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
    if (!host_open(&why)) {
        printf("oracle: this host's 32-bit mode cannot be used: %s\n", why);
        return EXIT_FAILURE;
    }
    ours_open();
    uint64_t failed = 0;
    for (uint64_t n = 0; only == UINT64_MAX && n < cases; n++)
        if (!compare(seed, n, false) && failed++ < SHOWN_FAILURES)
            compare(seed, n, true);
    if (only != UINT64_MAX)
        failed = !compare(seed, only, true);
    ours_close();
    printf("oracle: seed %" PRIu64 ": %" PRIu64 " cases, %" PRIu64
           " differ from this host's processor\n",
           seed, only == UINT64_MAX ? cases : 1, failed);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
