/* fault: dies in the way that its argument names. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

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
    if (strcmp(way, "illegal") == 0)
        __asm__ volatile("ud2");
    if (strcmp(way, "breakpoint") == 0)
        __asm__ volatile("int3");
    if (strcmp(way, "halt") == 0)
        __asm__ volatile("hlt");
    if (strcmp(way, "gate") == 0)
        __asm__ volatile("int $14");
    if (strcmp(way, "port") == 0)
        for (int port = 0; port < 65536; port++)
            __asm__ volatile("outb %%al, %%dx" : : "a"(0), "d"(port));
    if (strcmp(way, "stack") == 0)
        __asm__ volatile("movl $4, %esp; pushl %eax; pushl %eax; pushl %eax");
    if (strcmp(way, "kill") == 0) {
        kill(getpid(), SIGKILL);
        sleep(10);
    }
    return 99;
}
