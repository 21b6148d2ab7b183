/* Calls by two paths into one kernel: the C library's by int 64, our own by int 0x80. */
#include <asm/unistd.h>
#include <fcntl.h>
#include <unistd.h>

#define __NR_linux_write __NR_write

long foo(void);
int linux_write(int fd, const char *text, int n);

int main(void)
{
    write(1, "one\n", 4);
    linux_write(1, "two\n", 4);
    linux_write(9, "three\n", 6);
    open("/none", O_RDONLY);
    return (int)foo();
}

/* clang-format off */
_syscall0(long, foo)
_syscall3(int, linux_write, int, fd, const char *, text, int, n)
