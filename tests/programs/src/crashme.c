/* crashme: children that execute random bytes, one after the other; whatever they do, the system
 * must survive them. usage: crashme SEED CHILDREN */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned char code[4096] __attribute__((aligned(4)));
static unsigned state;

/* Knuth vol. 2, 3.3.4; its high bits. */
static unsigned next(void)
{
    state = state * 1664525u + 1013904223u;
    return state >> 16;
}

#ifdef __mips__
static void put_call(unsigned number)
{
    unsigned *at = (unsigned *)code + next() % (sizeof code / 4 - 1);
    at[0] = 0x24020000 | number; /* li v0, number */
    at[1] = 0x0000000c;          /* syscall */
}
#else
static void put_call(unsigned number)
{
    unsigned char *at = code + next() % (sizeof code - 8);
    at[0] = 0xb8; /* movl $number, %eax */
    at[1] = number;
    at[2] = at[3] = at[4] = 0;
    at[5] = 0xcd; /* int $64 */
    at[6] = 64;
}
#endif

static void misbehave(void)
{
    for (unsigned i = 0; i < sizeof code; i++)
        code[i] = next();
    /* Some system calls, of any number but kill's, with any arguments. */
    for (unsigned i = 0; i < 40; i++) {
        unsigned number = next() % 26;
        put_call(number == 6 ? 0 : number);
    }
    close(0), close(1), close(2);
    ((void (*)(void))code)();
    _exit(0);
}

int main(int argc, char **argv)
{
    unsigned seed = argc > 1 ? atoi(argv[1]) : 1, children = argc > 2 ? atoi(argv[2]) : 100;
    unsigned ended = 0;
    for (unsigned i = 0; i < children; i++) {
        state = seed * 7919 + i;
        int child = fork();
        if (child == 0)
            misbehave();
        int watcher = fork();
        if (watcher == 0) {
            usleep(20000);
            kill(child, SIGKILL);
            _exit(0);
        }
        while (wait(0) > 0)
            ended++;
    }
    printf("%s\n", ended >= 2 * children ? "survived" : "lost children");
    return 0;
}
