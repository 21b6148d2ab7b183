/* Checks of thread-local storage on MIPS, and of layouts that only this processor has. */
#include "linuxtests.h"

#include <asm/unistd.h>
#include <errno.h>
#include <string.h>

/* clang-format off */
static inline _syscall1(int, set_thread_area, void *, address)
static inline _syscall4(int, ftruncate64, int, fd, int, unused, uint32_t, high, uint32_t, low)
static inline _syscall2(int, fstat64, int, fd, void *, st)
static inline _syscall5(int, _llseek, int, fd, long, high, long, low, int64_t *, result, int, whence)
static inline _syscall2(int, clock_gettime64, int, clock, void *, time)
static inline _syscall3(int, cacheflush, void *, address, int, length, int, cache)
    /* clang-format on */

    /* rdhwr v1, $29 and rdhwr t0, $29: the processor does not know them, the kernel does. */
    static uint32_t thread_pointer(void)
{
    register uint32_t v1 __asm__("$3");
    register uint32_t t0 __asm__("$8");

    __asm__ volatile(".word 0x7c03e83b; .word 0x7c08e83b" : "=r"(v1), "=r"(t0));
    return v1 == t0 ? v1 : 0;
}

/* Each process sees its own, however often they take turns; a new program has none. */
bool check_tls(void)
{
    int status = 0, pid;

    if (thread_pointer() != 0 || set_thread_area((void *)0x1234) != 0)
        return false;
    pid = fork();
    if (pid == 0) {
        if (thread_pointer() != 0x1234 || set_thread_area((void *)0x5678) != 0)
            exit_group(1);
        for (int i = 0; i < 100; i++, sched_yield())
            if (thread_pointer() != 0x5678)
                exit_group(1);
        exit_group(0);
    }
    for (int i = 0; i < 100; i++, sched_yield())
        if (thread_pointer() != 0x1234)
            return false;
    return waitpid(pid, &status, 0) == pid && status == 0 && thread_pointer() == 0x1234;
}

static void another_rdhwr(void)
{
    __asm__ volatile(".word 0x7c03103b"); /* rdhwr v1, $2 */
}

static void rdhwr_in_delay_slot(void)
{
    __asm__ volatile(".set push; .set noreorder; b 1f; .word 0x7c03e83b; 1: .set pop" : : : "$3");
}

/* struct stat64 and numbers of 64 bits, upper half first; the numbers are those of Linux's headers.
 */
bool check_layouts(void)
{
    uint32_t st[27];
    int64_t position = -1, time[2] = {-1, -1};
    int fd = open("l_layout", L_RDWR | L_CREAT, 0644);

    memset(st, 0xff, sizeof st);
    if (write(fd, "0123456789", 10) != 10 || fstat64(fd, st) != 0 || st[26] != UINT32_MAX)
        return false;
    if (st[6] != 0100755 || st[7] != 1 || st[14] != 0 || st[15] != 10 || st[25] != 1)
        return false;
    if (_llseek(fd, -1, -4, &position, 2) != 0 || position != 6)
        return false;
    if (ftruncate64(fd, 0, 0, 3) != 0 || lseek(fd, 0, 2) != 3 || ftruncate64(fd, 0, 1, 0) != -1 ||
        errno != EFBIG)
        return false;
    if (clock_gettime64(1, time) != 0 || time[0] < 0 || time[1] < 0 || time[1] >= 1000000000)
        return false;
    return cacheflush(st, 4, 3) == 0 && cacheflush(st, 4, 4) == -1 && errno == EINVAL &&
           call_of_number(NO_CALL, st) == 89 && in_child(another_rdhwr) == SIGILL &&
           in_child(rdhwr_in_delay_slot) == SIGILL && close(fd) == 0 && unlink("l_layout") == 0;
}

bool begun_with(const char *word)
{
    (void)word;
    return false;
}
