/* Checks of signals that need the i386's instructions; and any call by its number. */
#include "linuxtests.h"

#include <asm/unistd.h>
#include <errno.h>

/* clang-format off */
_syscall1(int, pipe, int *, fds)
static inline _syscall5(long, pread64, int, fd, void *, buf, unsigned long, n, uint32_t, low, uint32_t, high)
static inline _syscall5(long, pwrite64, int, fd, const void *, buf, unsigned long, n, uint32_t, low, uint32_t, high)
    /* clang-format on */

    long read_at(int fd, void *buf, unsigned long n, uint32_t offset)
{
    return pread64(fd, buf, n, offset, 0);
}

long write_at(int fd, const void *buf, unsigned long n, uint32_t offset)
{
    return pwrite64(fd, buf, n, offset, 0);
}

int clone_to(uint32_t flags, void *stack, void (*what)(void))
{
    int pid;

    __asm__ volatile("int $0x80; testl %%eax, %%eax; jne 1f\n\t"
                     "call *%%esi; movl $252, %%eax; xorl %%ebx, %%ebx; int $0x80\n"
                     "1:"
                     : "=a"(pid)
                     : "0"(__NR_clone), "b"(flags), "c"(stack), "S"(what), "d"(0), "D"(0)
                     : "memory");
    return pid;
}

extern void restorer(void);
__asm__("restorer: popl %eax; movl $119, %eax; int $0x80"); /* sigreturn() */

struct action action_of(void (*handler)(int signal), unsigned long flags)
{
    enum { RESTORER = 0x04000000 };

    return (struct action){handler, RESTORER | flags, restorer, {{0}}};
}

uint32_t call_of_number(uint32_t number, const uint32_t arguments[5])
{
    uint32_t result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "0"(number), "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2]),
                       "S"(arguments[3]), "D"(arguments[4])
                     : "memory");
    return result;
}

/* Registers and the x87's are after a handler what they were before it. */
bool check_handler(void)
{
    struct action old;
    uint32_t control = 0;
    int pid = getpid(), result = -1;

    if (catch_signal(SIGUSR1, 0) != 0)
        return false;
    __asm__ volatile(
        "fninit; fldl2t; movl $0x12345678, %%esi; int $0x80; cmpl $0x12345678, %%esi\n\t"
        "jne 1f; fldl2t; fcompp; fnstsw %%ax; andl $0x4000, %%eax; movl %%eax, %1\n"
        "1:"
        : "=a"(result), "=m"(control)
        : "0"(37), "b"(pid), "c"(SIGUSR1)
        : "esi", "memory", "cc");
    return seen == SIGUSR1 && control == 0x4000 && rt_sigaction(SIGUSR1, 0, &old, 8) == 0 &&
           old.handler == note && rt_sigaction(SIGKILL, &old, 0, 8) == -1 && errno == EINVAL;
}

/* Without a stack there is no frame: only this process ends. */
static void lose_stack(void)
{
    catch_signal(SIGUSR1, 0);
    __asm__ volatile("movl %0, %%esp; int $0x80"
                     :
                     : "r"(0x80001000), "a"(37), "b"(getpid()), "c"(SIGUSR1)
                     : "memory");
}

static void wild_sigreturn(void)
{
    __asm__ volatile("movl %0, %%esp; int $0x80" : : "r"(0x90000000), "a"(119) : "memory");
}

bool check_bad_frame(void)
{
    return in_child(lose_stack) == SIGSEGV && in_child(wild_sigreturn) == SIGSEGV;
}
