/*
 * reentry: a system call is no place of one process alone. It can sleep in the middle; another
 * process comes into the same call meanwhile, passes or sleeps there too; and the clock takes the
 * processor from a process that works in it.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORK = 400000, MOMENTS = 1000 };

static void give_up(const char *why)
{
    printf("reentry: %s\n", why);
    exit(1);
}

/* The state of a process, as /dev/ps tells it. */
static bool sleeps(pid_t pid)
{
    char text[4096];
    int fd = open("/dev/ps", O_RDONLY);
    int n = read(fd, text, sizeof text - 1);

    close(fd);
    text[n > 0 ? n : 0] = '\0';
    for (char *line = text; (line = strchr(line, '\n')) != NULL;)
        if (atoi(++line) == pid)
            return strncmp(line + 16, "sleep", 5) == 0;
    return false;
}

/* A process that reads one byte of the pipe and ends with it as its status. */
static pid_t reader(int fd)
{
    pid_t pid = fork();
    char byte = 0;

    if (pid == 0)
        exit(read(fd, &byte, 1) == 1 ? byte : 1);
    if (pid < 0)
        give_up("there is no process");
    while (!sleeps(pid))
        usleep(10000);
    return pid;
}

/* One sleeps in read(); this one reads; a second one sleeps there; each gets what it waited for. */
static void sleep_inside(void)
{
    int empty[2], full[2], status[2];
    char byte = 0;

    if (pipe(empty) < 0 || pipe(full) < 0)
        give_up("there is no pipe");
    pid_t first = reader(empty[0]);
    printf("one process sleeps in read()\n");
    if (write(full[1], "x", 1) != 1 || read(full[0], &byte, 1) != 1 || byte != 'x' ||
        !sleeps(first))
        give_up("a second one could not read meanwhile");
    printf("a second one has called read() and is back; the first still sleeps there\n");
    pid_t third = reader(empty[0]);
    if (!sleeps(first) || !sleeps(third))
        give_up("two processes cannot sleep in read() at a time");
    printf("a third one sleeps there, too\n");
    write(empty[1], "ab", 2);
    waitpid(first, &status[0], 0);
    waitpid(third, &status[1], 0);
    if (status[0] >> 8 == status[1] >> 8 || (status[0] >> 8) + (status[1] >> 8) != 'a' + 'b')
        give_up("they did not get a byte each");
    printf("both have got their byte\n");
}

/* Notes at which ticks it runs, until it cannot tell them any more. */
static void note_moments(int fd)
{
    static int moment[MOMENTS];
    int begin = uptime(), n = 0, last = -1;

    while (n < MOMENTS && last < begin + 40)
        if (uptime() != last)
            last = moment[n++] = uptime();
    write(fd, moment, n * sizeof moment[0]);
    exit(0);
}

/* One call of read() that takes many ticks; another process runs while this one is in it. */
static void preempted_inside(void)
{
    static char much[WORK];
    int fds[2], moment, inside = 0;
    int file = open("reentry.file", O_CREAT | O_RDWR | O_TRUNC);

    for (int done = 0; done < WORK; done += WORK / 8)
        if (write(file, much, WORK / 8) != WORK / 8)
            give_up("there is no room for a file");
    if (pipe(fds) < 0)
        give_up("there is no pipe");
    pid_t pid = fork();
    if (pid == 0)
        note_moments(fds[1]);
    close(fds[1]);
    usleep(20000);
    lseek(file, 0, SEEK_SET);
    int before = uptime();
    if (read(file, much, WORK) != WORK)
        give_up("the file is not what was written");
    int after = uptime();
    while (read(fds[0], &moment, sizeof moment) == sizeof moment)
        inside += moment > before && moment < after;
    waitpid(pid, NULL, 0);
    unlink("reentry.file");
    if (inside == 0)
        give_up("nobody ran while read() worked");
    printf("while one read() worked, another process ran\n");
}

int main(void)
{
    sleep_inside();
    preempted_inside();
    printf("reentry: ok\n");
    return 0;
}
