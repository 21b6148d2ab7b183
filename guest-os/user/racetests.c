/*
 * racetests: what several processes do to one thing at the same time, checked afterwards. What the
 * kernel's locks are for; with one of them removed it fails.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROCESSES = 4, RECORDS = 500, APPENDS = 60, CALLS = 4000, FORKS = 30, PAGES = 24 };

/* Its size divides that of a pipe, so that the kernel moves it whole. */
struct record {
    int writer;
    int number;
    int sum; /* of the other three words it is 0 */
    int padding;
};

static struct record make_record(int writer, int number)
{
    return (struct record){writer, number, -(writer + number + 7), 7};
}

static bool is_whole(const struct record *r)
{
    return r->writer + r->number + r->sum + r->padding == 0 && r->writer >= 0 &&
           r->writer < PROCESSES;
}

/* Have PROCESSES processes do it at the same time. Returns whether each said that all was well. */
static bool together(bool (*what)(int number, int fd), int fd)
{
    int failed = 0, status;

    for (int i = 0; i < PROCESSES; i++) {
        pid_t pid = fork();

        if (pid == 0)
            exit(what(i, fd) ? 0 : 1);
        failed += pid < 0;
    }
    while (wait(&status) > 0)
        failed += status != 0;
    return failed == 0;
}

static bool write_records(int number, int fd)
{
    for (int i = 0; i < RECORDS; i++) {
        struct record r = make_record(number, i);

        if (write(fd, &r, sizeof r) != sizeof r)
            return false;
    }
    return true;
}

/* Each writer's records arrive whole, once, and in their order. */
static bool read_records(int fd)
{
    int next[PROCESSES] = {0};
    struct record r;
    int n = 0;

    while (read(fd, &r, sizeof r) == sizeof r) {
        if (!is_whole(&r) || r.number != next[r.writer]++)
            return false;
        n++;
    }
    return n == PROCESSES * RECORDS;
}

static bool race_pipe(void)
{
    int fds[2], status;
    pid_t pid;

    if (pipe(fds) < 0 || (pid = fork()) < 0)
        return false;
    if (pid == 0) {
        close(fds[0]);
        exit(together(write_records, fds[1]) ? 0 : 1);
    }
    close(fds[1]);
    bool ok = read_records(fds[0]);
    close(fds[0]);
    return waitpid(pid, &status, 0) == pid && status == 0 && ok;
}

static bool append_records(int number, int fd)
{
    (void)fd;
    int own = open("race.file", O_WRONLY | O_APPEND);

    for (int i = 0; i < APPENDS; i++) {
        struct record r = make_record(number, i);

        if (write(own, &r, sizeof r) != sizeof r)
            return false;
    }
    return close(own) == 0;
}

/* What is appended is all there. */
static bool race_append(void)
{
    int next[PROCESSES] = {0}, n = 0;
    int fd = open("race.file", O_CREAT | O_RDWR | O_TRUNC);
    struct record r;
    bool ok = fd >= 0 && together(append_records, 0);

    while (ok && read(fd, &r, sizeof r) == sizeof r) {
        ok = is_whole(&r) && r.number == next[r.writer]++;
        n++;
    }
    close(fd);
    unlink("race.file");
    return ok && n == PROCESSES * APPENDS;
}

static bool call_read(int number, int fd)
{
    char byte;

    (void)number;
    for (int i = 0; i < CALLS; i++)
        read(fd, &byte, 1);
    return true;
}

/* The kernel counts the calls of read(). */
static bool race_count(void)
{
    int fd = open("/dev/null", O_RDONLY);
    int before = getreadcount();

    if (before < 0)
        return errno == ENOSYS; /* not every path has this call */
    bool ok = together(call_read, fd);

    close(fd);
    return ok && getreadcount() - before == PROCESSES * CALLS;
}

static char pages[PAGES][4096];

static bool has(int value)
{
    for (int i = 0; i < PAGES; i++)
        if (pages[i][0] != value || pages[i][4095] != value)
            return false;
    return true;
}

/* Processes that begin with the same pages and end: each has its own, and all come back. */
static bool fork_and_write(int number, int fd)
{
    int status;

    (void)fd;
    for (int i = 0; i < FORKS; i++) {
        memset(pages, number + i, sizeof pages);
        pid_t pid = fork();
        if (pid == 0) {
            bool ok = has(number + i);
            memset(pages, 'x', sizeof pages);
            exit(ok && has('x') ? 0 : 1);
        }
        if (pid < 0 || !has(number + i) || waitpid(pid, &status, 0) != pid || status != 0)
            return false;
    }
    return true;
}

static bool race_memory(void)
{
    return together(fork_and_write, 0);
}

/* Names made and removed in one directory. */
static bool make_names(int number, int fd)
{
    char own[] = "race.d/own0";

    (void)fd;
    own[strlen(own) - 1] = (char)('0' + number);
    for (int i = 0; i < APPENDS / 4; i++) {
        int file = open(own, O_CREAT | O_RDWR);

        if (file < 0 || (link(own, "race.d/all") < 0 && errno != EEXIST) ||
            (unlink("race.d/all") < 0 && errno != ENOENT) || unlink(own) < 0)
            return false;
        close(file);
    }
    return true;
}

static bool race_names(void)
{
    bool ok = mkdir("race.d", 0) == 0 && together(make_names, 0);

    unlink("race.d/all");
    return rmdir("race.d") == 0 && ok;
}

static const struct {
    const char *name;
    bool (*race)(void);
} races[] = {
    {"pipe", race_pipe},     {"append", race_append}, {"count", race_count},
    {"memory", race_memory}, {"names", race_names},
};

int main(int argc, char **argv)
{
    int failed = 0;

    for (unsigned i = 0; i < sizeof races / sizeof races[0]; i++) {
        if (argc > 1 && strcmp(argv[1], races[i].name) != 0)
            continue;
        bool ok = races[i].race();
        printf("%s %s\n", ok ? "ok" : "FAIL", races[i].name);
        failed += !ok;
    }
    printf("racetests: %s\n", failed == 0 ? "ok" : "FAIL");
    return failed != 0;
}
