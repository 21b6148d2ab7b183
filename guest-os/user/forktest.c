/* forktest: make processes until there are no more, and see each of them end. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
    enum { TOO_MANY = 1000 };
    int made = 0, ended = 0;
    while (made < TOO_MANY) {
        pid_t pid = fork();
        if (pid < 0)
            break;
        if (pid == 0)
            _exit(made & 0x7f);
        made++;
    }
    const char *reason = strerror(errno);
    while (wait(NULL) > 0)
        ended++;
    if (made == TOO_MANY || ended != made) {
        printf("forktest: FAIL: %d processes made, %d ended\n", made, ended);
        return 1;
    }
    printf("forktest: ok: %d processes, then: %s\n", made, reason);
    return 0;
}
