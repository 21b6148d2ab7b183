/* OS/161's calls by their numbers, in its words: what the C library here uses only a part of. */
#include "usertests.h"

#include <sys/syscall.h>

enum { CREAT = 4, EXCL = 8, TRUNC = 16, APPEND = 32 };

/* lseek(): a 64-bit number goes and comes in two registers. */
long long seek_call(int fd, long long offset, int whence);
__asm__(".text\n"
        ".set push\n"
        ".set noreorder\n"
        ".set noat\n"
        ".globl seek_call\n"
        ".type seek_call, @function\n"
        ".ent seek_call\n"
        "seek_call:\n"
        "    li $v0, 59\n"
        "    syscall\n"
        "    beqz $a3, 1f\n"
        "    lui $at, %hi(errno)\n"
        "    sw $v0, %lo(errno)($at)\n"
        "    li $v1, -1\n"
        "    li $v0, -1\n"
        "1:  jr $ra\n"
        "    nop\n"
        ".end seek_call\n"
        ".size seek_call, . - seek_call\n"
        ".set pop\n");

struct os161_stat {
    uint64_t size;
    uint32_t mode;
    uint16_t nlink;
    uint32_t blocks, dev, ino, rdev;
    uint64_t times[3];
    uint32_t rest[7];
};

struct os161_time {
    int64_t seconds;
    int32_t nanoseconds;
};

static int wait_for(int pid)
{
    int status = -1;
    expect(raw_call(SYS_waitpid, pid, &status, 0) == pid);
    return status;
}

static void end_with_7(void)
{
    _exit(7);
}

static void fault(void)
{
    *(volatile int *)8 = 1;
}

static void sleep_long(void)
{
    sleep(100);
}

/* Exit codes are shifted by 2; 1 in the two lowest bits stands for a signal. */
void os161_status(void)
{
    expect(wait_for(start(end_with_7)) == 7 << 2);
    expect(wait_for(start(fault)) == (11 << 2 | 1));
    int pid = start(sleep_long);
    int status = 99;
    expect(raw_call(SYS_waitpid, pid, &status, 1) == 0 && status == 99);
    expect(raw_call(SYS_kill, pid, 0) == 0);
    expect(raw_call(SYS_kill, pid, 15) == 0);
    expect(wait_for(pid) == (15 << 2 | 1));
    expect(raw_call(SYS_waitpid, start(end_with_7), 0, 0) > 0);
}

void os161_waitpid_refused(void)
{
    int status;
    expect_error(raw_call(SYS_waitpid, 12345, &status, 0), ESRCH);
    expect_error(raw_call(SYS_waitpid, -7, &status, 0), ESRCH);
    expect_error(raw_call(SYS_waitpid, 1, &status, 0), ECHILD);
    expect_error(raw_call(SYS_waitpid, -1, &status, 4), EINVAL);
    expect_error(raw_call(SYS_waitpid, -1, (void *)8, 0), EFAULT);
    expect(raw_call(SYS_getppid) > 1);
}

void os161_open_flags(void)
{
    expect_error(raw_call(SYS_open, "file", 3, 0), EINVAL);
    expect_error(raw_call(SYS_open, "file", 0x200, 0), EINVAL);
    expect_error(raw_call(SYS_open, "file", O_WRONLY, 0), ENOENT);
    int fd = raw_call(SYS_open, "file", O_WRONLY | CREAT | EXCL, 0);
    expect(write(fd, "abc", 3) == 3);
    expect_error(raw_call(SYS_open, "file", O_WRONLY | CREAT | EXCL, 0), EEXIST);
    fd = raw_call(SYS_open, "file", O_WRONLY | APPEND, 0);
    expect(write(fd, "de", 2) == 2 && seek_call(fd, 0, SEEK_CUR) == 5);
    fd = raw_call(SYS_open, "file", O_RDWR | TRUNC, 0);
    expect(seek_call(fd, 0, SEEK_END) == 0);
}

void os161_seek(void)
{
    int fds[2];
    make_file("file", "0123456789");
    int fd = open("file", O_RDWR);
    expect(seek_call(fd, 4, SEEK_SET) == 4 && seek_call(fd, -2, SEEK_CUR) == 2);
    expect(seek_call(fd, 100000, SEEK_END) == 100010);
    expect_error(seek_call(fd, 1ll << 32, SEEK_SET), EINVAL);
    expect_error(seek_call(fd, -(1ll << 32), SEEK_CUR), EINVAL);
    expect_error(seek_call(fd, 0, 3), EINVAL);
    expect(seek_call(fd, -(1ll << 40), SEEK_SET) == -1);
    expect(seek_call(fd, 0, SEEK_CUR) == 100010);
    expect(pipe(fds) == 0);
    expect_error(seek_call(fds[0], 1ll << 32, SEEK_SET), ESPIPE);
}

void os161_truncate(void)
{
    make_file("file", "0123456789");
    int fd = open("file", O_RDWR);
    expect(raw_call(SYS_ftruncate, fd, 0, 0, 4) == 0 && lseek(fd, 0, SEEK_END) == 4);
    expect_error(raw_call(SYS_ftruncate, fd, 0, 1, 0), EFBIG);
    expect_error(raw_call(SYS_ftruncate, fd, 0, -1, 0), EINVAL);
    expect_error(raw_call(SYS_ftruncate, open("file", O_RDONLY), 0, 0, 4), EBADF);
    expect(raw_call(SYS_fsync, fd) == 0 && raw_call(SYS_sync) == 0);
    expect_error(raw_call(SYS_fsync, 99), EBADF);
}

void os161_dup2(void)
{
    char c;
    make_file("file", "0123456789");
    int fd = open("file", O_RDONLY);
    expect(raw_call(SYS_dup2, fd, 9) == 9 && raw_call(SYS_dup2, 9, 9) == 9);
    expect(read(fd, &c, 1) == 1 && read(9, &c, 1) == 1 && c == '1');
    expect_error(raw_call(SYS_dup2, fd, DESCRIPTORS), EBADF);
    expect_error(raw_call(SYS_dup2, fd, -1), EBADF);
    expect_error(raw_call(SYS_dup2, 8, fd), EBADF);
    int fds[2];
    expect(pipe(fds) == 0 && raw_call(SYS_dup2, fd, fds[1]) == fds[1]);
    expect(read(fds[0], &c, 1) == 0); /* that was the last writer */
}

void os161_names(void)
{
    char all[64] = "", name[16];
    int n;
    make_file("one", "");
    expect(mkdir("fourteen_bytes") == 0);
    int fd = open(".", O_RDONLY);
    while ((n = raw_call(SYS_getdirentry, fd, name, sizeof name)) > 0) {
        strncat(all, name, (size_t)n);
        strcat(all, " ");
    }
    expect(n == 0 && strcmp(all, ". .. one fourteen_bytes ") == 0);
    expect(lseek(fd, 0, SEEK_SET) == 0 && raw_call(SYS_getdirentry, fd, name, 16) == 1);
    expect_error(raw_call(SYS_getdirentry, fd, (void *)8, 16), EFAULT);
    expect_error(raw_call(SYS_getdirentry, open("one", O_WRONLY), name, 16), EBADF);
    expect_error(raw_call(SYS_getdirentry, open("one", O_RDONLY), name, 16), ENOTDIR);
}

void os161_cwd(void)
{
    char path[32] = "................";
    expect(mkdir("/tmp/usertests/in") == 0 && chdir("in") == 0);
    expect(raw_call(SYS___getcwd, path, sizeof path) == 17);
    expect(memcmp(path, "/tmp/usertests/in", 17) == 0 && path[17] == '\0');
    expect(raw_call(SYS___getcwd, path, 17) == 17);
    expect_error(raw_call(SYS___getcwd, path, 16), ERANGE);
    expect_error(raw_call(SYS___getcwd, (void *)8, 32), EFAULT);
    expect(chdir("/") == 0 && raw_call(SYS___getcwd, path, 32) == 1);
}

void os161_stat_fields(void)
{
    struct os161_stat st, other;
    int fds[2];
    make_file("file", "0123456789");
    memset(&st, 0xff, sizeof st);
    expect(raw_call(SYS_stat, "file", &st) == 0 && st.size == 10 && st.mode == 010755);
    expect(st.nlink == 1 && st.blocks == 1 && st.ino > 1 && st.times[0] == 0);
    expect(raw_call(SYS_fstat, open("file", O_RDONLY), &other) == 0);
    expect(memcmp(&st, &other, sizeof st) == 0);
    expect(raw_call(SYS_lstat, "/", &st) == 0 && st.mode == 020755 && st.ino == 1);
    expect(raw_call(SYS_stat, "/dev/null", &st) == 0 && st.mode == 060666);
    expect(pipe(fds) == 0 && raw_call(SYS_fstat, fds[0], &st) == 0 && st.mode == 040600);
    expect_error(raw_call(SYS_stat, "none", &st), ENOENT);
    expect_error(raw_call(SYS_stat, "file", (void *)8), EFAULT);
}

void os161_remove_and_rmdir(void)
{
    make_file("file", "");
    expect(raw_call(SYS_rename, "file", "other") == 0 && raw_call(SYS_mkdir, "dir", 0777) == 0);
    expect_error(raw_call(SYS_remove, "dir"), EISDIR);
    expect_error(raw_call(SYS_rmdir, "other"), ENOTDIR);
    expect_error(raw_call(SYS_remove, "file"), ENOENT);
    expect(raw_call(SYS_remove, "other") == 0 && raw_call(SYS_rmdir, "dir") == 0);
}

void os161_time(void)
{
    int64_t seconds = -1, later;
    uint32_t nanoseconds = UINT32_MAX, then;
    struct os161_time wait = {0, 50000000}, bad = {0, 1000000000};
    expect(raw_call(SYS___time, &seconds, &nanoseconds) == 0);
    expect(seconds >= 0 && seconds < 100000 && nanoseconds < 1000000000);
    expect(raw_call(SYS_nanosleep, &wait, &bad) == 0 && bad.nanoseconds == 0);
    expect(raw_call(SYS___time, &later, &then) == 0 && raw_call(SYS___time, 0, 0) == 0);
    expect((later - seconds) * 100 + then / 10000000 - nanoseconds / 10000000 >= 5);
    bad.nanoseconds = -1;
    expect_error(raw_call(SYS_nanosleep, &bad, 0), EINVAL);
    expect_error(raw_call(SYS___time, (void *)8, 0), EFAULT);
}

/* raw_call() leaves in errno what came back in v0. The numbers are those of OS/161's kern/errno.h.
 */
void os161_error_numbers(void)
{
    expect_error(raw_call(unused_call), 1);
    expect_error(raw_call(SYS_chdir, (void *)8), 6);
    expect_error(raw_call(SYS_nanosleep, 0, 0), 6);
    expect_error(raw_call(SYS_open, "file", 3, 0), 8);
    expect_error(raw_call(SYS_execv, "/etc/motd", (char *[]){"x", NULL}), 13);
    expect_error(raw_call(SYS_kill, 12345, 9), 15);
    expect_error(raw_call(SYS_waitpid, -1, 0, 0), 16);
    expect_error(raw_call(SYS_chdir, "/etc/motd"), 17);
    expect_error(raw_call(SYS_open, "/etc", O_WRONLY, 0), 18);
    expect_error(raw_call(SYS_chdir, "none"), 19);
    expect_error(raw_call(SYS_rmdir, "/etc"), 21);
    expect_error(raw_call(SYS_mkdir, "/etc"), 22);
    expect_error(raw_call(SYS_close, 99), 30);
}
