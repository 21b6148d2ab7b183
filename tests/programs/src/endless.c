/* endless: never ends, in the way that its argument names. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    const char *way = argc > 1 ? argv[1] : "";
    puts("begun");
    fflush(stdout);
    for (;;) {
        if (strcmp(way, "write") == 0)
            write(1, "0123456789abcdef", 16);
        if (strcmp(way, "fork") == 0)
            fork();
        if (strcmp(way, "sleep") == 0)
            sleep(100);
        if (strcmp(way, "memory") == 0)
            *(volatile char *)sbrk(4096) = 1;
    }
}
