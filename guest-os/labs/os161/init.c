/* Process 1 of a kernel that has no fork(): it becomes the program that the host gave, or that it
 * named. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The host's program, if it gave one, copied to where it can be run. */
static int fetch(const char *path)
{
    static char part[4096];
    int from = open("/dev/program", O_RDONLY), to;
    ssize_t n;

    if (from < 0)
        return -1;
    to = open(path, O_WRONLY | O_CREAT | O_TRUNC);
    while ((n = read(from, part, sizeof part)) > 0)
        write(to, part, (size_t)n);
    close(from);
    close(to);
    return 0;
}

/* A check gives the program's name and a second word; anybody else has the init that forks. */
static bool alone(char *name, size_t room)
{
    int fd = open("/dev/argv", O_RDONLY);
    ssize_t length = fd < 0 ? 0 : read(fd, name, room - 1);

    close(fd);
    return length > 0 && strlen(name) + 1 < (size_t)length &&
           strcmp(name + strlen(name) + 1, "--alone") == 0;
}

int main(void)
{
    static char name[64], path[80];
    char *words[] = {"init", NULL};

    if (!alone(name, sizeof name)) {
        execv("/bin/init.full", words);
        return 127;
    }
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    open("/dev/ttyS1", O_RDWR);
    open("/dev/ttyS1", O_RDWR);
    open("/dev/ttyS2", O_RDWR);
    snprintf(path, sizeof path, "/run/%.14s", name);
    if (fetch(path) < 0)
        snprintf(path, sizeof path, "/bin/%.14s", name);
    words[0] = name;
    execv(path, words);
    return 127;
}
