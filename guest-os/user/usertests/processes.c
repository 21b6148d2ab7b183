/* Processes: fork, exec, wait, exit, kill, sleep. */
#include "usertests.h"

static int exit_value;

static void exit_with_value(void)
{
    exit(exit_value);
}

void exit_status(void)
{
    static const int values[] = {0, 1, 42, 127, 128, 255};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        exit_value = values[i];
        int status = status_of(exit_with_value);
        expect(WIFEXITED(status) && WEXITSTATUS(status) == values[i]);
    }
    exit_value = 0x1234;
    expect(status_of(exit_with_value) == 0x34 << 8);
    exit_value = -1;
    expect(status_of(exit_with_value) == 255 << 8);
}

void wait_without_child(void)
{
    int status;
    expect_error(wait(&status), ECHILD);
    expect_error(wait(NULL), ECHILD);
}

static void end_at_once(void)
{
}

void wait_ignores_status(void)
{
    pid_t pid = start(end_at_once);
    expect(wait(NULL) == pid);
}

void exit_and_wait(void)
{
    for (int i = 0; i < 100; i++) {
        exit_value = i;
        expect(status_of(exit_with_value) == i << 8);
    }
}

static pid_t parent_pid;

static void compare_pid(void)
{
    expect(getpid() != parent_pid && getpid() > 0);
}

void getpid_differs(void)
{
    parent_pid = getpid();
    expect(parent_pid > 1);
    expect(status_of(compare_pid) == 0);
    expect(getpid() == parent_pid);
}

/* As many as there are, then an error, then all of them end. Twice: nothing stays behind. */
void fork_until_full(void)
{
    int made[2];
    for (int round = 0; round < 2; round++) {
        made[round] = 0;
        pid_t pid;
        while ((pid = fork()) > 0 && made[round] < 1000)
            made[round]++;
        if (pid == 0)
            _exit(0);
        expect(pid == -1 && (errno == EAGAIN || errno == ENOMEM));
        for (int i = 0; i < made[round]; i++)
            expect(wait(NULL) > 0);
        expect(wait(NULL) == -1);
    }
    expect(made[0] > 10 && made[0] == made[1]);
}

static void spin(void)
{
    for (;;)
        continue;
}

static void sleep_long(void)
{
    sleep(1000);
}

static void read_empty_pipe(void)
{
    int fds[2];
    char byte;
    pipe(fds);
    read(fds[0], &byte, 1);
}

static void kill_one(void (*f)(void))
{
    int status;
    pid_t pid = start(f);
    usleep(20000);
    expect(kill(pid, SIGKILL) == 0);
    expect(waitpid(pid, &status, 0) == pid);
    expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

void kill_running(void)
{
    kill_one(spin);
}

void kill_sleeping(void)
{
    kill_one(sleep_long);
}

void kill_reading(void)
{
    kill_one(read_empty_pipe);
}

void kill_nobody(void)
{
    static const pid_t bad[] = {0, -1, 30000, (pid_t)0x80000000, 0x7fffffff};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_error(kill(bad[i], SIGKILL), ESRCH);
    pid_t pid = start(end_at_once);
    expect(waitpid(pid, NULL, 0) == pid);
    expect_error(kill(pid, SIGKILL), ESRCH);
}

static void kill_oneself(void)
{
    kill(getpid(), SIGKILL);
    exit(1);
}

void kill_self(void)
{
    expect(killed_by(kill_oneself) == SIGKILL);
}

/* Processes that never give up the processor do not keep it. */
void preemption(void)
{
    pid_t spinners[3];
    for (int i = 0; i < 3; i++)
        spinners[i] = start(spin);
    int begin = uptime();
    for (int i = 0; i < 20; i++)
        expect(status_of(end_at_once) == 0);
    expect(uptime() >= begin);
    for (int i = 0; i < 3; i++)
        expect(kill(spinners[i], SIGKILL) == 0);
    for (int i = 0; i < 3; i++)
        expect(wait(NULL) > 0);
}

static void leave_orphan(void)
{
    if (fork() == 0) {
        usleep(50000);
        _exit(0);
    }
}

/* The child of a process that has ended belongs to init, which waits for it. */
void orphans(void)
{
    for (int i = 0; i < 10; i++)
        expect(status_of(leave_orphan) == 0);
    expect_error(wait(NULL), ECHILD);
}

void sleep_passes_time(void)
{
    int begin = uptime();
    expect(usleep(50000) == 0);
    int passed = uptime() - begin;
    expect(passed >= 5 && passed < 500);
    expect(usleep(0) == 0);
}

static void run_echo_into_pipe(int out)
{
    char *words[] = {"echo", "-n", "one", "two three", "", "four", NULL};
    dup2(out, STDOUT_FILENO);
    exec("/bin/echo", words);
}

void exec_passes_words(void)
{
    static const char wanted[] = "one two three  four";
    char text[64] = "";
    int fds[2], length = 0;
    ssize_t n;
    expect(pipe(fds) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        run_echo_into_pipe(fds[1]);
        _exit(1);
    }
    close(fds[1]);
    while ((n = read(fds[0], text + length, sizeof text - 1 - (size_t)length)) > 0)
        length += n;
    int status;
    expect(waitpid(pid, &status, 0) == pid && status == 0);
    expect(strcmp(text, wanted) == 0);
}

void exec_missing(void)
{
    char *words[] = {"x", NULL};
    expect_error(exec("/bin/there-is-none", words), ENOENT);
    expect_error(exec("", words), ENOENT);
    expect_error(exec("/bin", words), EACCES);
    expect_error(exec("/README/x", words), ENOTDIR);
}

void exec_of_text(void)
{
    char *words[] = {"x", NULL};
    make_file("empty", "");
    expect_error(exec("empty", words), ENOEXEC);
    make_file("text", "#!/bin/sh\nThis is no program, but it is longer than the header of one.\n");
    expect_error(exec("text", words), ENOEXEC);
}

void exec_too_many_words(void)
{
    static char *words[200];
    for (int i = 0; i < 199; i++)
        words[i] = "word";
    expect_error(exec("/bin/echo", words), E2BIG);
    words[33] = NULL;
    expect_error(exec("/bin/echo", words), E2BIG);
}

/* Words that fit one by one and not together. */
void exec_too_long_words(void)
{
    enum { LENGTH = 10000 };
    static char word[LENGTH + 1];
    char *words[] = {word, word, word, word, word, word, word, word, word,
                     word, word, word, word, word, word, word, NULL};
    memset(word, 'w', LENGTH);
    expect_error(exec("/bin/echo", words), E2BIG);
    static char endless[200000];
    memset(endless, 'w', sizeof endless - 1);
    char *one[] = {endless, NULL};
    expect_error(exec("/bin/echo", one), E2BIG);
}

static void echo_without_output(void)
{
    char *words[] = {"echo", "words", NULL};
    close(STDOUT_FILENO);
    exec("/bin/echo", words);
}

/* What was closed stays closed: echo says that it cannot write. */
void exec_keeps_files(void)
{
    expect(status_of(echo_without_output) == 1 << 8);
}

/* An executable with one field changed either cannot be run or is killed; nothing else happens. */
struct patch {
    unsigned offset, size;
    uint32_t value;
};

enum { CLASS = 4, MACHINE = 18, ENTRY = 24, PROGRAM_HEADERS = 28, COUNT_FIELD = 44, FIRST = 52 };

static const struct patch patches[] = {
    {0, 4, 0},               /* no magic number */
    {CLASS, 1, 2},           /* a 64-bit file */
    {MACHINE, 2, 40},        /* for ARM */
    {ENTRY, 4, 0x80100000u}, /* starts in the kernel */
    {ENTRY, 4, 0xfffffffc},
    {PROGRAM_HEADERS, 4, 0xffffff00}, /* headers outside of the file */
    {PROGRAM_HEADERS, 4, 0x7ffffff0},
    {COUNT_FIELD, 2, 0xffff},   /* 65535 headers */
    {FIRST + 4, 4, 0xfffffff0}, /* contents outside of the file */
    {FIRST + 4, 4, 0x7fffffff},
    {FIRST + 8, 4, 0x80000000}, /* loaded over the kernel */
    {FIRST + 8, 4, 0xfffff000},
    {FIRST + 8, 4, 0x7ffff000},  /* loaded over the stack */
    {FIRST + 16, 4, 0xffffffff}, /* more in the file than in memory */
    {FIRST + 20, 4, 0xffffffff}, /* larger than all memory */
    {FIRST + 20, 4, 0x7ffff000},
    {FIRST + 20, 4, 0x40000000},
};

static void copy_patched(const struct patch *p)
{
    static char bytes[16384];
    int from = open("/bin/hello", O_RDONLY), to = open("patched", O_CREAT | O_WRONLY | O_TRUNC);
    ssize_t n = read(from, bytes, sizeof bytes);
    uint16_t half = (uint16_t)p->value;
    expect(n > FIRST + 32 && to >= 0);
    if (p->size == sizeof half)
        memcpy(bytes + p->offset, &half, sizeof half);
    else if (p->size == 1)
        bytes[p->offset] = (char)p->value;
    else
        memcpy(bytes + p->offset, &p->value, sizeof p->value);
    expect(write(to, bytes, (size_t)n) == n);
    close(from);
    close(to);
}

static void exec_patched(void)
{
    char *words[] = {"patched", NULL};
    close(STDOUT_FILENO);
    exec("patched", words);
    exit(100);
}

void exec_damaged(void)
{
    for (size_t i = 0; i < sizeof patches / sizeof patches[0]; i++) {
        copy_patched(&patches[i]);
        int status = status_of(exec_patched);
        expect(status == 100 << 8 || WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGKILL);
    }
}

/* Executables that end within their headers or contents. */
void exec_truncated(void)
{
    static char bytes[4200];
    static const size_t lengths[] = {1, 4, 20, 51, 52, 60, 84, 4096, 4200};
    int from = open("/bin/hello", O_RDONLY);
    expect(read(from, bytes, sizeof bytes) == sizeof bytes);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        int to = open("patched", O_CREAT | O_WRONLY | O_TRUNC);
        expect(write(to, bytes, lengths[i]) == (ssize_t)lengths[i]);
        close(to);
        expect(status_of(exec_patched) == 100 << 8);
    }
}
