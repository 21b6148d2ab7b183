/* kill: end processes by their numbers. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    int failed = 0;
    if (argc < 2) {
        fprintf(stderr, "usage: kill PID...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        char *end;
        long pid = strtol(argv[i], &end, 10);
        if (*end != '\0' || end == argv[i] || pid <= 0) {
            fprintf(stderr, "kill: %s: not the number of a process; see ps\n", argv[i]);
            failed = 1;
        } else if (kill((pid_t)pid, SIGKILL) < 0) {
            fprintf(stderr, "kill: %ld: %s\n", pid, strerror(errno));
            failed = 1;
        }
    }
    return failed;
}
