/* Checks of calls about files, and of the errors that calls give. */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

static bool fails(long result, int number)
{
    return result == -1 && errno == number;
}

/* The book's call: the kernel's stack is 8 KiB for each process. */
bool check_foo(void)
{
    return foo() == 8192;
}

bool check_errors(void)
{
    char byte;

    return fails(close(99), EBADF) && fails(read(-1, &byte, 1), EBADF) &&
           fails(nothing(), ENOSYS) && fails(open("/nosuch", 0, 0), ENOENT) &&
           fails(open("/etc/motd/x", 0, 0), ENOTDIR) &&
           fails(open("/etc/motd", L_DIRECTORY, 0), ENOTDIR) &&
           fails(open("/etc/motd", L_CREAT | L_EXCL | L_RDWR, 0), EEXIST) &&
           fails(unlink("/etc"), EISDIR) && fails(rmdir("/etc/motd"), ENOTDIR) &&
           fails(rmdir("/etc"), ENOTEMPTY) && fails(kill(12345, SIGUSR1), ESRCH) &&
           fails(kill(getpid(), 65), EINVAL) && fails(waitpid(-1, 0, 0), ECHILD);
}

/* Addresses of the kernel, of nobody, and at the edge of what there is. */
bool check_pointers(void)
{
    void *const kernel = (void *)0x80100000, *const nobody = (void *)8;
    int fd = open("/etc/motd", 0, 0);

    return fails(read(fd, kernel, 4), EFAULT) && fails(read(fd, nobody, 4), EFAULT) &&
           fails(open(kernel, 0, 0), EFAULT) && fails(stat64("/etc/motd", kernel), EFAULT) &&
           fails(stat64("/etc/motd", (void *)0x7ffffff0), EFAULT) &&
           fails(pipe2(kernel, 0), EFAULT) && fails(getcwd(nobody, 64), EFAULT) &&
           fails(rt_sigaction(SIGUSR1, kernel, 0, sizeof(struct set)), EFAULT) &&
           fails(rt_sigpending(kernel, sizeof(struct set)), EFAULT) &&
           fails(nanosleep(kernel, 0), EFAULT);
}

bool check_files(void)
{
    char buf[8] = "";
    int fd = open("l_file", L_RDWR | L_CREAT, 0644);
    bool ok = fd >= 0 && write(fd, "turnstile", 9) == 9 && lseek(fd, 4, 0) == 4 &&
              read(fd, buf, 5) == 5 && strcmp(buf, "stile") == 0 && close(fd) == 0;

    return ok && unlink("l_file") == 0 && fails(open("l_file", 0, 0), ENOENT);
}

static bool holds(const char *path, const char *text)
{
    char buf[16] = "";
    int fd = open(path, 0, 0);
    bool ok =
        fd >= 0 && read(fd, buf, sizeof buf - 1) == (long)strlen(text) && strcmp(buf, text) == 0;

    close(fd);
    return ok;
}

static bool make(const char *path, const char *text)
{
    int fd = open(path, L_RDWR | L_CREAT, 0644);
    bool ok = write(fd, text, strlen(text)) == (long)strlen(text);

    close(fd);
    return ok;
}

/* In a directory, over a file, to another directory; a directory stays in its own. */
bool check_rename(void)
{
    bool ok = mkdir("l_dir", 0755) == 0 && make("l_one", "one") && make("l_two", "two") &&
              rename("l_one", "l_two") == 0 && fails(open("l_one", 0, 0), ENOENT) &&
              holds("l_two", "one") && rename("l_two", "l_dir/x") == 0 && holds("l_dir/x", "one") &&
              rename("l_dir/x", "l_dir/x") == 0 && holds("l_dir/x", "one") &&
              fails(rename("l_no", "l_dir"), ENOENT) && fails(rename("l_dir", "l_dir/y"), EXDEV) &&
              make("l_one", "1") && fails(rename("l_one", "l_dir"), EISDIR) &&
              fails(rename("l_dir", "l_one"), ENOTDIR) && rename("l_dir", "l_dir2") == 0 &&
              holds("l_dir2/x", "one");

    return ok && unlink("l_dir2/x") == 0 && rmdir("l_dir2") == 0 && unlink("l_one") == 0;
}

/* Shorter through all kinds of block, longer again with zeros. */
bool check_truncate(void)
{
    static const long sizes[] = {100000, 70000, 6000, 700, 3, 0};
    static char block[1000];
    char byte = 1;
    int fd = open("l_long", L_RDWR | L_CREAT, 0644);
    bool ok = fd >= 0;

    memset(block, 'x', sizeof block);
    for (int i = 0; i < 100; i++)
        ok = ok && write(fd, block, sizeof block) == sizeof block;
    for (unsigned i = 0; i + 1 < sizeof sizes / sizeof sizes[0]; i++) {
        long now = sizes[i + 1];

        ok = ok && ftruncate(fd, now) == 0 && lseek(fd, 0, 2) == now;
        ok = ok && ftruncate(fd, sizes[i]) == 0 && lseek(fd, now, 0) == now;
        ok = ok && read(fd, &byte, 1) == 1 && byte == 0 && ftruncate(fd, now) == 0;
        if (now > 0)
            ok = ok && lseek(fd, now - 1, 0) == now - 1 && read(fd, &byte, 1) == 1 && byte == 'x';
    }
    close(fd);
    return ok && unlink("l_long") == 0;
}

bool check_directories(void)
{
    char before[128], path[128];
    bool ok = getcwd(before, sizeof before) > 0 && mkdir("/tmp/l_a", 0755) == 0 &&
              mkdir("/tmp/l_a/l_b", 0755) == 0 && chdir("/tmp/l_a/l_b") == 0 &&
              getcwd(path, sizeof path) == 13 && strcmp(path, "/tmp/l_a/l_b") == 0 &&
              fails(getcwd(path, 12), ERANGE);

    ok = ok && rmdir("/tmp/l_a/l_b") == 0 && fails(getcwd(path, sizeof path), ENOENT);
    return ok && chdir(before) == 0 && rmdir("/tmp/l_a") == 0;
}
