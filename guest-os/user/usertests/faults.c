/* What a program must not do: each ends only that program, with the right signal. */
#include "usertests.h"

static volatile unsigned *volatile address;
static volatile int zero, one = 1;

FAULT(null_read, SIGSEGV, address = NULL; (void)*address)
FAULT(null_write, SIGSEGV, address = NULL; *address = 1)
FAULT(null_call, SIGSEGV, address = NULL; ((void (*)(void))(uintptr_t)address)())
FAULT(unmapped_read, SIGSEGV, address = (unsigned *)0x40000000; (void)*address)
FAULT(code_write, SIGSEGV, address = (unsigned *)(uintptr_t)code_write; *address = 1)
FAULT(kernel_call, SIGSEGV, ((void (*)(void))(uintptr_t)(0x80100000 + (unsigned)zero))())
FAULT(divide_by_zero, SIGFPE, zero = one / zero)

static uintptr_t victim;

static void read_victim(void)
{
    exit(*(volatile unsigned char *)victim == 0x5a ? 1 : 2);
}

static void write_victim(void)
{
    *(volatile unsigned char *)victim = 0x5a;
}

/* All over the kernel's half. */
void kernel_read(void)
{
    for (victim = (uintptr_t)KERNEL; victim < (uintptr_t)KERNEL + 0x400000; victim += 0x64000)
        expect(killed_by(read_victim) == SIGSEGV);
    victim = 0xfffffff0;
    expect(killed_by(read_victim) == SIGSEGV);
}

void kernel_write(void)
{
    for (victim = (uintptr_t)KERNEL; victim < (uintptr_t)KERNEL + 0x400000; victim += 0x64000)
        expect(killed_by(write_victim) == SIGSEGV);
    victim = 0xfffffff0;
    expect(killed_by(write_victim) == SIGSEGV);
}

/* After all this another process still runs undisturbed. */
void fault_is_private(void)
{
    int fds[2];
    char byte;
    expect(pipe(fds) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        read(fds[0], &byte, 1);
        _exit(byte == 'g' ? 0 : 1);
    }
    for (int i = 0; i < 5; i++)
        expect(killed_by(do_null_write) == SIGSEGV);
    write(fds[1], "g", 1);
    int status;
    expect(waitpid(pid, &status, 0) == pid && status == 0);
}
