/* Makes the lab's call by a bare trap; what comes of it is watched from outside. It runs as
 * process 1. */
#include <sys/wait.h>
#include <unistd.h>

static long call(long number)
{
    register long v0 __asm__("$2") = number;
    register long a3 __asm__("$7");

    __asm__ volatile("syscall" : "+r"(v0), "=r"(a3) : : "$3", "$8", "$9", "$10", "$11", "memory");
    return a3 ? -1 : v0;
}

int main(void)
{
    long pid = call(0);

    if (pid == 0) {
        getpid();
        _exit(0);
    }
    if (pid > 0)
        wait(NULL);
    return 0;
}
