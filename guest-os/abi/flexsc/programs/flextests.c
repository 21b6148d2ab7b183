/*
 * flextests: the syscall page, tried as the kernel offers it, entry by entry. Prints `ok` or `FAIL`
 * for each check; status 0 if all passed.
 */
#include <errno.h>
#include <flex.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TURNSTILE(name) (FLEX_TURNSTILE + SYS_##name)

static struct fsc_page *const page = (struct fsc_page *)FSC_PAGE;
static struct fsc_entry *const mine = &((struct fsc_page *)FSC_PAGE)->entry[FSC_ENTRIES - 1];

/* Submit entry e. The library takes entries from the other end of the page. */
static void submit(struct fsc_entry *e, uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
    e->number = number;
    e->num_args = 3;
    e->arg[0] = a;
    e->arg[1] = b;
    e->arg[2] = c;
    __asm__ volatile("" : : : "memory");
    e->status = FSC_SUBMITTED;
}

static bool done(const struct fsc_entry *e, int32_t result)
{
    return e->status == FSC_DONE && e->result == result;
}

/* Nobody traps but for the clock: the thread's turn comes. */
static bool without_waiting(void)
{
    submit(mine, TURNSTILE(getpid), 0, 0, 0);
    while (mine->status != FSC_DONE)
        ;
    return done(mine, sys_getenvid());
}

static bool all_entries(void)
{
    int before = page->entry[0].status;

    for (int i = 0; i < FSC_ENTRIES; i++)
        submit(&page->entry[i], TURNSTILE(getpid), 0, 0, 0);
    if (before != FSC_FREE || flexsc_wait() != FSC_ENTRIES)
        return false;
    for (int i = 0; i < FSC_ENTRIES; i++) {
        if (!done(&page->entry[i], sys_getenvid()))
            return false;
        page->entry[i].status = FSC_FREE;
    }
    return true;
}

static bool refused(void)
{
    static const uint32_t numbers[] = {
        TURNSTILE(fork), TURNSTILE(exec), TURNSTILE(exit), 17, 18, 1, 31, 999};

    for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        submit(mine, numbers[i], 0, 0, 0);
        flexsc_wait();
        if (!done(mine, -ENOSYS))
            return false;
    }
    return true;
}

static bool pointers(void)
{
    static const uint32_t bad[] = {0, 0x10, 0x70000000, 0x7ffff000, 0x80100000, 0xfffffffc};

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        submit(mine, TURNSTILE(write), 1, bad[i], 8);
        flexsc_wait();
        if (!done(mine, -EFAULT))
            return false;
    }
    return true;
}

/* A read from an empty pipe is blocked; the write behind it is made all the same. */
static bool blocked(void)
{
    struct fsc_entry *other = mine - 1;
    char in[4] = "";
    int fds[2];

    if (pipe(fds) < 0)
        return false;
    submit(mine, TURNSTILE(read), (uint32_t)fds[0], (uint32_t)in, sizeof in);
    submit(other, TURNSTILE(getpid), 0, 0, 0);
    flexsc_wait();
    if (mine->status != FSC_BLOCKED || !done(other, sys_getenvid()))
        return false;
    submit(other, TURNSTILE(write), (uint32_t)fds[1], (uint32_t) "abc", 3);
    while (mine->status != FSC_DONE) {
        other->status = other->status == FSC_DONE ? FSC_FREE : other->status;
        flexsc_wait();
    }
    return done(mine, 3) && memcmp(in, "abc", 3) == 0;
}

/* More than the pipe holds: the write is blocked half-way and goes on where it was. */
static bool long_write(void)
{
    static char out[6000], in[6000];
    int fds[2], n = 0;

    if (pipe(fds) < 0)
        return false;
    for (unsigned i = 0; i < sizeof out; i++)
        out[i] = (char)(i * 7 + i / 256);
    submit(mine, TURNSTILE(write), (uint32_t)fds[1], (uint32_t)out, sizeof out);
    while (n < (int)sizeof out) {
        int part = read(fds[0], in + n, 100);

        if (part <= 0)
            return false;
        n += part;
    }
    while (mine->status != FSC_DONE)
        flexsc_wait();
    return done(mine, sizeof out) && memcmp(in, out, sizeof out) == 0;
}

static bool sleeps(void)
{
    int before = sys_time_msec();

    submit(mine, TURNSTILE(sleep), 20, 0, 0);
    submit(mine - 1, TURNSTILE(sleep), 3, 0, 0);
    while (mine[-1].status != FSC_DONE)
        ;
    if (mine->status != FSC_BLOCKED || sys_time_msec() - before >= 200)
        return false;
    mine[-1].status = FSC_FREE;
    flexsc_wait();
    return done(mine, 0) && sys_time_msec() - before >= 200;
}

static bool places(void)
{
    static const uint32_t bad[] = {0x123, 0x80000000, 0xfffff000, 0x7ffff000, FSC_PAGE + 4};

    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (flex_trap(17, 1, &bad[i]) != -EINVAL)
            return false;
    return flex_trap(17, 1, (uint32_t[]){0x60000000}) == -EEXIST;
}

/* The wait status of a child that runs f and ends well if it returns. */
static int status_of(void (*f)(void))
{
    int status = -1, pid = fork();

    if (pid == 0) {
        f();
        _exit(0);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid ? status : -1;
}

static bool killed_by(int status, int signal)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

static void touch_page(void)
{
    page->entry[0].status = FSC_FREE;
}

static void have_own_page(void)
{
    flexsc_register(0);
    submit(mine, TURNSTILE(getpid), 0, 0, 0);
    flexsc_wait();
    if (!done(mine, sys_getenvid()))
        abort();
}

/* A child has no page; it can have one of its own. */
static bool child(void)
{
    return killed_by(status_of(touch_page), SIGSEGV) && status_of(have_own_page) == 0;
}

static void unmap_page(void)
{
    flexsc_register(0);
    submit(mine, TURNSTILE(sleep), 1000, 0, 0);
    sys_page_unmap(0, page);
    sys_yield();
    touch_page();
}

/* The page is given back under the kernel's feet. */
static bool unmapped(void)
{
    return killed_by(status_of(unmap_page), SIGSEGV);
}

/* What would end or stop another process, or this one. */
static bool harmful(uint32_t number)
{
    return number == 3 || number == TURNSTILE(kill) || number == TURNSTILE(wait);
}

static void write_nonsense(void)
{
    uint32_t seed = 1;

    flexsc_register(0);
    close(0);
    close(1);
    close(2);
    for (int round = 0; round < 40; round++) {
        for (int i = 0; i < FSC_ENTRIES; i++) {
            struct fsc_entry *e = &page->entry[i];
            uint32_t *word = (uint32_t *)e;

            for (unsigned w = 0; w < sizeof *e / sizeof *word; w++) {
                seed = seed * 1664525 + 1013904223;
                word[w] = seed >> (seed >> 30) * 9;
            }
            e->number %= 64;
            if (harmful(e->number))
                e->number = TURNSTILE(read);
            e->status = FSC_SUBMITTED;
        }
        sys_yield();
    }
    sys_env_destroy(0);
}

/* Words of entries are nonsense while the thread reads them. */
static bool nonsense(void)
{
    return killed_by(status_of(write_nonsense), SIGKILL);
}

/* Killed while calls are blocked: nothing is left, a hundred times over. */
static bool killed(void)
{
    for (int i = 0; i < 100; i++) {
        int status, pid = fork();

        if (pid == 0) {
            flexsc_register(0);
            submit(mine, TURNSTILE(sleep), 100000, 0, 0);
            flexsc_wait();
            _exit(0);
        }
        sys_yield();
        if (pid < 0 || flex_env_destroy(pid) != 0 || waitpid(pid, &status, 0) != pid ||
            !WIFSIGNALED(status))
            return false;
    }
    return true;
}

static const struct {
    const char *name;
    bool (*check)(void);
} checks[] = {
    {"without-waiting", without_waiting},
    {"all-entries", all_entries},
    {"refused", refused},
    {"pointers", pointers},
    {"blocked", blocked},
    {"long-write", long_write},
    {"sleeps", sleeps},
    {"places", places},
    {"child", child},
    {"unmapped", unmapped},
    {"nonsense", nonsense},
    {"killed", killed},
};

int main(void)
{
    int failed = 0;

    for (unsigned i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        int status = -1;
        int pid = fork();

        if (pid == 0)
            exit(flexsc_register(0) < 0 || !checks[i].check());
        if (pid < 0 || waitpid(pid, &status, 0) != pid)
            status = -1;
        printf("%s %s\n", status == 0 ? "ok" : "FAIL", checks[i].name);
        failed += status != 0;
    }
    printf("%d failed\n", failed);
    return failed != 0;
}
