/* Bad arguments: pointers, descriptors, counts and numbers of calls. */
#include "usertests.h"

#include <limits.h>
#include <sys/syscall.h>

void write_bad_pointer(void)
{
    int fd = open("file", O_CREAT | O_RDWR);
    for_each_bad_address(p) expect_error(write(fd, p, 100), EFAULT);
    expect(lseek(fd, 0, SEEK_END) == 0);
}

void read_bad_pointer(void)
{
    make_file("file", "some text to be read, more than a few bytes of it");
    int fd = open("file", O_RDONLY);
    for_each_bad_address(p) expect_error(read(fd, p, 20), EFAULT);
}

void read_into_code(void)
{
    make_file("file", "text");
    int fd = open("file", O_RDONLY);
    unsigned *code = (unsigned *)(uintptr_t)read_into_code;
    unsigned before = *code;
    expect_error(read(fd, code, 4), EFAULT);
    expect(*(volatile unsigned *)code == before);
}

void path_bad_pointer(void)
{
    for_each_bad_address(p)
    {
        expect_error(open(p, O_RDONLY), EFAULT);
        expect_error(open(p, O_CREAT | O_RDWR), EFAULT);
        expect_error(chdir(p), EFAULT);
        expect_error(mkdir(p), EFAULT);
        expect_error(unlink(p), EFAULT);
        expect_error(mknod(p, 1, 1), EFAULT);
    }
}

void link_bad_pointer(void)
{
    make_file("file", "x");
    for_each_bad_address(p)
    {
        expect_error(link("file", p), EFAULT);
        expect_error(link(p, "file2"), EFAULT);
    }
}

void exec_bad_pointer(void)
{
    for_each_bad_address(p)
    {
        char *words[] = {"echo", p, NULL};
        expect_error(exec(p, words), EFAULT);
        expect_error(exec("/bin/echo", p), EFAULT);
        if (p != NULL)
            expect_error(exec("/bin/echo", words), EFAULT);
    }
}

void pipe_bad_pointer(void)
{
    for_each_bad_address(p) expect_error(pipe(p), EFAULT);
    /* None of the failed calls may have kept descriptors. */
    int fds[2];
    expect(pipe(fds) == 0);
    expect(fds[0] < DESCRIPTORS / 2 && fds[1] < DESCRIPTORS / 2);
}

void fstat_bad_pointer(void)
{
    int fd = open(".", O_RDONLY);
    for_each_bad_address(p) expect_error(raw_call(SYS_fstat, fd, p), EFAULT);
}

static void do_nothing(void)
{
}

void wait_bad_pointer(void)
{
    for_each_bad_address(p)
    {
        if (p == NULL)
            continue;
        start(do_nothing);
        expect_error(wait(p), EFAULT);
    }
    while (wait(NULL) > 0)
        continue;
    expect(errno == ECHILD);
}

/* Buffers that begin in the program's memory and end outside of it. */
void straddling_buffer(void)
{
    char *end = (char *)sbrk(PAGE) + PAGE;
    int fd = open("file", O_CREAT | O_RDWR);
    memset(end - 8, 'x', 8);
    expect(write(fd, end - 8, 8) == 8);
    expect_error(write(fd, end - 8, 9), EFAULT);
    expect_error(write(fd, end - 8, 10000), EFAULT);
    expect(lseek(fd, 0, SEEK_SET) == 0);
    expect_error(read(fd, end - 4, 8), EFAULT);
    expect(read(fd, end - 8, 8) == 8);
}

void straddling_string(void)
{
    char *end = (char *)sbrk(PAGE) + PAGE;
    memset(end - 8, 'x', 8);
    expect_error(open(end - 8, O_RDONLY), EFAULT);
    expect_error(mkdir(end - 8), EFAULT);
    end[-1] = '\0';
    expect_error(open(end - 8, O_RDONLY), ENOENT);
}

void bad_counts(void)
{
    static char byte[16];
    make_file("file", "0123456789");
    int fd = open("file", O_RDWR);
    expect_error(write(fd, byte, (size_t)-1), EINVAL);
    expect_error(write(fd, byte, (size_t)INT_MIN), EINVAL);
    expect_error(read(fd, byte, (size_t)-1), EINVAL);
    expect_error(read(fd, byte, (size_t)INT_MIN), EINVAL);
    expect(raw_call(SYS_write, fd, byte, INT_MAX) == -1);
    expect(raw_call(SYS_read, fd, byte, INT_MAX) == -1);
    expect(read(fd, byte, 0) == 0);
    expect(write(fd, byte, 0) == 0);
    expect(read(fd, byte, 10) == 10);
}

void bad_call_number(void)
{
    expect_error(raw_call(unused_call), ENOSYS);
    expect_error(raw_call(-1), ENOSYS);
    expect_error(raw_call(SYS_lseek + 100), ENOSYS);
    expect_error(raw_call(1000000), ENOSYS);
    expect_error(raw_call(INT_MIN), ENOSYS);
    expect_error(raw_call(INT_MAX), ENOSYS);
}

void bad_descriptor(void)
{
    static const int bad[] = {-1, INT_MIN, DESCRIPTORS, 1000, INT_MAX, DESCRIPTORS - 1};
    char byte[16];
    struct stat st;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        expect_error(read(bad[i], byte, 1), EBADF);
        expect_error(write(bad[i], byte, 1), EBADF);
        expect_error(close(bad[i]), EBADF);
        expect_error(dup(bad[i]), EBADF);
        expect_error(fstat(bad[i], &st), EBADF);
        expect_error(lseek(bad[i], 0, SEEK_SET), EBADF);
    }
}

void closed_descriptor(void)
{
    char byte;
    int fd = open("file", O_CREAT | O_RDWR);
    expect(close(fd) == 0);
    expect_error(close(fd), EBADF);
    expect_error(write(fd, "x", 1), EBADF);
    expect_error(read(fd, &byte, 1), EBADF);
}

void wrong_direction(void)
{
    char byte;
    make_file("file", "x");
    int in = open("file", O_RDONLY), out = open("file", O_WRONLY);
    expect_error(write(in, "y", 1), EBADF);
    expect_error(read(out, &byte, 1), EBADF);
    expect(read(in, &byte, 1) == 1 && byte == 'x');
}

void read_is_counted(void)
{
    char byte;
    int before = getreadcount();
    if (before == -1 && errno == ENOSYS)
        return;
    for (int i = 0; i < 10; i++)
        read(-1, &byte, 1);
    expect(getreadcount() == before + 10);
}
