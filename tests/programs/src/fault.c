/* fault: dies in the way that its argument names. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#ifdef __mips__
#include "fault_mips.h"
#else
#include "fault_x86.h"
#endif

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    volatile int zero = 0;
    if (strcmp(way, "null") == 0)
        return *(volatile int *)0;
    if (strcmp(way, "kernel") == 0)
        *(volatile int *)0x80100000 = 1;
    if (strcmp(way, "divide") == 0)
        return 100 / zero;
    do_instruction(way);
    if (strcmp(way, "kill") == 0) {
        kill(getpid(), SIGKILL);
        sleep(10);
    }
    return 99;
}
