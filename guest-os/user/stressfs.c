/* stressfs: several processes write and read back files of their own at the same time. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 4, BLOCKS = 20, SIZE = 512 };

static void fail(const char *what, const char *path)
{
    fprintf(stderr, "stressfs: %s %s: %s\n", what, path, strerror(errno));
    exit(1);
}

static void work(int number)
{
    char path[] = "stressfs0", block[SIZE], back[SIZE];
    path[strlen(path) - 1] = (char)('0' + number);
    int fd = open(path, O_CREAT | O_RDWR | O_TRUNC);
    if (fd < 0)
        fail("cannot make", path);
    for (int i = 0; i < BLOCKS; i++) {
        memset(block, 'a' + number + i, SIZE);
        if (write(fd, block, SIZE) != SIZE)
            fail("cannot write", path);
    }
    lseek(fd, 0, SEEK_SET);
    for (int i = 0; i < BLOCKS; i++) {
        memset(block, 'a' + number + i, SIZE);
        if (read(fd, back, SIZE) != SIZE)
            fail("cannot read", path);
        if (memcmp(block, back, SIZE) != 0)
            fail("something else was read from", path);
    }
    close(fd);
    if (unlink(path) < 0)
        fail("cannot remove", path);
    exit(0);
}

int main(void)
{
    int failed = 0, status;
    for (int i = 0; i < PROCESSES; i++) {
        pid_t pid = fork();
        if (pid < 0)
            fail("cannot start process for", "file");
        if (pid == 0)
            work(i);
    }
    while (wait(&status) > 0)
        failed += status != 0;
    printf("stressfs: %s\n", failed == 0 ? "ok" : "FAIL");
    return failed != 0;
}
