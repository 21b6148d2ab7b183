/* Checks of signals that need MIPS's instructions; and any call by its number. */
#include "linuxtests.h"

#include <asm/unistd.h>
#include <errno.h>

struct action action_of(void (*handler)(int signal), unsigned long flags)
{
    return (struct action){.flags = flags, .handler = handler};
}

uint32_t call_of_number(uint32_t number, const uint32_t arguments[5])
{
    register uint32_t v0 __asm__("$2") = number;
    register uint32_t a0 __asm__("$4") = arguments[0];
    register uint32_t a1 __asm__("$5") = arguments[1];
    register uint32_t a2 __asm__("$6") = arguments[2];
    register uint32_t a3 __asm__("$7") = arguments[3];
    register uint32_t t0 __asm__("$8") = arguments[4];

    __asm__ volatile("subu $29, 32; sw $8, 16($29); syscall; addiu $29, 32"
                     : "+r"(v0), "+r"(a3)
                     : "r"(a0), "r"(a1), "r"(a2), "r"(t0)
                     : "$3", "memory");
    return v0;
}

/* clang-format off */
static inline _syscall6(long, pread64, int, fd, void *, buf, unsigned long, n, int, unused, uint32_t, high, uint32_t, low)
static inline _syscall6(long, pwrite64, int, fd, const void *, buf, unsigned long, n, int, unused, uint32_t, high, uint32_t, low)
    /* clang-format on */

    long read_at(int fd, void *buf, unsigned long n, uint32_t offset)
{
    return pread64(fd, buf, n, 0, 0, offset);
}

long write_at(int fd, const void *buf, unsigned long n, uint32_t offset)
{
    return pwrite64(fd, buf, n, 0, 0, offset);
}

int clone_to(uint32_t flags, void *stack, void (*what)(void))
{
    register uint32_t v0 __asm__("$2") = __NR_clone;
    register uint32_t a0 __asm__("$4") = flags;
    register void *a1 __asm__("$5") = (char *)stack - 32;
    register void (*s0)(void) __asm__("$16") = what;

    __asm__ volatile("move $6, $0; move $7, $0; syscall; bnez $2, 1f\n\t"
                     "move $25, $16; jalr $25; li $2, 4246; move $4, $0; syscall\n"
                     "1:"
                     : "+r"(v0)
                     : "r"(a0), "r"(a1), "r"(s0)
                     : "$3", "$6", "$7", "$8", "$25", "$31", "memory");
    return (int)v0;
}

/* The descriptors come back in v0 and v1. */
int pipe(int *fds)
{
    register long v0 __asm__("$2") = __NR_pipe;
    register long v1 __asm__("$3");
    register long a3 __asm__("$7");

    __asm__ volatile("syscall" : "+r"(v0), "=r"(v1), "=r"(a3) : : "memory");
    if (a3 != 0)
        return -1;
    fds[0] = (int)v0;
    fds[1] = (int)v1;
    return 0;
}

static volatile uint32_t found[2];

static void note_with_info(int signal, const uint32_t *info)
{
    found[0] = (uint32_t)signal;
    found[1] = info[0];
}

/* Registers are after a handler what they were before it, hi and lo too; and v0 is the call's
 * result. */
static bool through_handler(void)
{
    uint32_t result, error, hi, lo, sum;

    __asm__ volatile("li $16, 0x12345678; li $8, 0x11111111; mthi $16; mtlo $8\n\t"
                     "move $4, %5; li $5, %6; li $2, 4037; syscall\n\t"
                     "move %0, $2; move %1, $7; mfhi %2; mflo %3; addu %4, $16, $8"
                     : "=&r"(result), "=&r"(error), "=&r"(hi), "=&r"(lo), "=&r"(sum)
                     : "r"(getpid()), "i"(SIGUSR1)
                     : "$2", "$3", "$4", "$5", "$7", "$8", "$16", "hi", "lo", "memory");
    return result == 0 && error == 0 && hi == 0x12345678 && lo == 0x11111111 && sum == 0x23456789;
}

bool check_handler(void)
{
    enum { SIGINFO = 8 };
    struct action old, info = {SIGINFO, (void (*)(int))(void (*)(void))note_with_info, {{0}}};

    if (catch_signal(SIGUSR1, 0) != 0 || !through_handler() || seen != SIGUSR1)
        return false;
    if (rt_sigaction(SIGUSR1, &info, &old, sizeof(struct set)) != 0 || old.handler != note)
        return false;
    return through_handler() && found[0] == SIGUSR1 && found[1] == SIGUSR1 &&
           rt_sigaction(SIGKILL, &old, 0, sizeof(struct set)) == -1 && errno == EINVAL;
}

/* Without a stack there is no frame: only this process ends. */
static void lose_stack(void)
{
    catch_signal(SIGUSR1, 0);
    __asm__ volatile("move $4, %1; li $5, %2; move $29, %0; li $2, 4037; syscall"
                     :
                     : "r"(0x80001000), "r"(getpid()), "i"(SIGUSR1)
                     : "$2", "$4", "$5", "$7", "memory");
}

static void wild_sigreturn(void)
{
    __asm__ volatile("move $29, %0; li $2, 4119; syscall" : : "r"(0x90000000) : "$2", "memory");
}

bool check_bad_frame(void)
{
    return in_child(lose_stack) == SIGSEGV && in_child(wild_sigreturn) == SIGSEGV;
}
