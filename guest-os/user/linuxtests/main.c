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
    {"foo", check_foo},
    {"errors", check_errors},
    {"pointers", check_pointers},
    {"files", check_files},
    {"rename", check_rename},
    {"truncate", check_truncate},
    {"directories", check_directories},
    {"mmap", check_mmap},
    {"mprotect", check_mprotect},
    {"tls", check_tls},
    {"tls-gone", check_tls_gone},
    {"handler", check_handler},
    {"mask", check_mask},
    {"restart", check_restart},
    {"interrupted", check_interrupted},
    {"bad-frame", check_bad_frame},
    {"pipe", check_pipe},
    {"context", check_context},
    {"anything", check_anything},
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

    if (argc == 2 && strcmp(argv[1], "-gs") == 0) {
        load_stale_segment();
        return 0;
    }
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
