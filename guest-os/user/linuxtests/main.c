/*
 * linuxtests: the Linux path, tried from a program that makes its calls with <asm/unistd.h>'s
 * macros. Prints `ok` or `FAIL` for each check; status 0 if all passed.
 */
#include "linuxtests.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    bool (*check)(void);
} checks[] = {
#define CHECK(name, function) {#name, function},
#include "checks.def"
#undef CHECK
};

enum { CHECKS = sizeof checks / sizeof checks[0] };

/* Each check has a process of its own. */
static bool run(int i)
{
    int status = -1;
    int pid = fork();

    if (pid == 0)
        exit_group(checks[i].check() ? 0 : 1);
    return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(int argc, char **argv)
{
    int failed = 0;

    if (argc == 2 && begun_with(argv[1]))
        return 0;
    for (int i = 0; i < CHECKS; i++) {
        bool wanted = argc == 1;

        for (int a = 1; a < argc; a++)
            wanted |= strcmp(argv[a], checks[i].name) == 0;
        if (wanted) {
            bool ok = run(i);

            printf("%s %s\n", ok ? "ok" : "FAIL", checks[i].name);
            failed += !ok;
        }
    }
    printf("%d failed\n", failed);
    return failed != 0;
}
