/* Checks of threads: what they share, how they end, and where they run. */
#include "linuxtests.h"

#include <errno.h>
#include <string.h>

enum {
    THREAD = 0x00010f00, /* CLONE_VM, _FS, _FILES, _SIGHAND, _THREAD */
    THREADS = 4,
    ROUNDS = 200,
    WAIT = 0,
    WAKE = 1,
    WAIT_BITSET = 9,
    WAKE_BITSET = 10,
};

static char stacks[THREADS][8192] __attribute__((aligned(16)));
static volatile uint32_t ended;

static void finish(void)
{
    __sync_fetch_and_add(&ended, 1);
    futex(&ended, WAKE, 1000, 0);
    exit_thread(0);
}

static bool begin(int i, void (*what)(void))
{
    return clone_to(THREAD, stacks[i] + sizeof stacks[i], what) > 0;
}

/* Wait until so many threads have ended. */
static void join(uint32_t wanted)
{
    uint32_t now;

    while ((now = ended) < wanted)
        futex(&ended, WAIT, now, 0);
}

static volatile uint32_t counter, lock;

static void count(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        while (__sync_lock_test_and_set(&lock, 1))
            sched_yield();
        counter = counter + 1;
        __sync_lock_release(&lock);
    }
    finish();
}

/* Threads share memory, have numbers of their own, and one process. */
bool check_threads(void)
{
    for (int i = 0; i < THREADS; i++)
        if (!begin(i, count))
            return false;
    join(THREADS);
    return counter == THREADS * ROUNDS && gettid() == getpid();
}

static volatile uint32_t page[1024] __attribute__((aligned(4096)));
static volatile bool stop;

static void write_page(void)
{
    while (!stop)
        page[0]++;
    finish();
}

/*
 * While a thread writes to a page, its process makes children: what the thread writes afterwards
 * must never show in them, wherever it runs.
 */
bool check_thread_fork(void)
{
    bool ok = begin(0, write_page);

    for (int i = 0; i < 20 && ok; i++) {
        int status = -1;
        int pid = fork();

        if (pid == 0) {
            uint32_t before = page[0];

            for (volatile int n = 0; n < 20000; n++)
                ;
            exit_group(page[0] != before);
        }
        ok = waitpid(pid, &status, 0) == pid && status == 0;
    }
    stop = true;
    join(1);
    return ok;
}

static int fds[2];
static volatile long got;

static void read_pipe(void)
{
    char byte;

    got = read(fds[0], &byte, 1);
    finish();
}

/* A file that one thread uses may be closed by another one meanwhile. */
bool check_thread_files(void)
{
    got = -2;
    if (pipe(fds) != 0 || !begin(0, read_pipe))
        return false;
    pause_ticks(2);
    if (close(fds[0]) != 0 || write(fds[1], "x", 1) != 1)
        return false;
    join(1);
    return got == 1 && read(fds[0], stacks[1], 1) == -1 && errno == EBADF;
}

static void run_on(void)
{
    for (;;)
        sched_yield();
}

static void end_all(void)
{
    exit_group(5);
}

static void with_thread_that_ends_all(void)
{
    begin(0, run_on);
    begin(1, end_all);
    run_on();
}

static void only_leader_ends(void)
{
    begin(0, count);
    exit_thread(7);
}

static void be_killed(void)
{
    begin(0, run_on);
    begin(1, run_on);
    kill(getpid(), SIGKILL);
}

bool check_thread_ends(void)
{
    return in_child(with_thread_that_ends_all) == 5 << 8 && in_child(only_leader_ends) == 7 << 8 &&
           in_child(be_killed) == SIGKILL;
}

static void exec_other(void)
{
    char *const argv[] = {"sh", "-c", "exit 9", 0};
    char *const envp[] = {0};

    execve("/bin/sh", argv, envp);
    exit_group(1);
}

static void with_thread_that_execs(void)
{
    begin(0, run_on);
    begin(1, exec_other);
    run_on();
}

/* exec() by a thread ends the others; the process keeps its number. */
bool check_thread_exec(void)
{
    return in_child(with_thread_that_execs) == 9 << 8;
}

static volatile uint32_t place;
static volatile int woken;

static void wait_for_bit(void)
{
    woken = futex_mask(&place, WAIT_BITSET, 0, 0, 0, 4) == 0 ? 1 : -1;
    finish();
}

/* Only who waits with the bit is woken; a time is absolute then. */
bool check_futex_mask(void)
{
    const int32_t past[2] = {0, 10000000};

    if (!begin(0, wait_for_bit))
        return false;
    pause_ticks(2);
    if (futex_mask(&place, WAKE_BITSET, 9, 0, 0, 3) != 0 || woken != 0 ||
        futex_mask(&place, WAKE_BITSET, 9, 0, 0, 6) != 1)
        return false;
    join(1);
    return woken == 1 && futex_mask(&place, WAIT_BITSET, 0, past, 0, 1) == -1 &&
           errno == ETIMEDOUT && futex_mask(&place, WAIT_BITSET, 0, 0, 0, 0) == -1 &&
           errno == EINVAL;
}

bool check_futex_time(void)
{
    static volatile uint32_t word = 1;
    const int32_t time[2] = {0, 20000000};

    return futex(&word, WAIT, 2, 0) == -1 && errno == EAGAIN && futex(&word, WAIT, 1, time) == -1 &&
           errno == ETIMEDOUT && futex(&word, WAKE, 1, 0) == 0 &&
           futex((void *)8, WAIT, 1, 0) == -1 && errno == EFAULT && futex(&word, 99, 1, 0) == -1 &&
           errno == ENOSYS;
}

/* On every processor that there is, one after the other. */
bool check_affinity(void)
{
    uint32_t all = 0, cpu = 99, none = 0, beyond = 1u << 31;
    uint32_t seen = 0;

    if (sched_getaffinity(0, 4, &all) != 4 || !(all & 1) || sched_setaffinity(0, 4, &none) != -1 ||
        errno != EINVAL || (!(all & beyond) && sched_setaffinity(0, 4, &beyond) != -1) ||
        sched_getaffinity(99999, 4, &none) != -1 || errno != ESRCH)
        return false;
    for (int i = 0; i < 32; i++) {
        uint32_t one = 1u << i, now;

        if (!(all & one))
            continue;
        if (sched_setaffinity(0, 4, &one) != 0 || getcpu(&cpu, 0) != 0 || cpu != (uint32_t)i ||
            sched_getaffinity(gettid(), 4, &now) != 4 || now != one)
            return false;
        seen |= one;
    }
    return seen == all;
}
