/* select(): poll() for sets of descriptors, of which a process has no more than a word's bits. */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

enum { IN, OUT, EXCEPT, SETS, WORD = 32, MOST = 1024 };

_Static_assert((int)NOFILE <= (int)WORD,
               "a set is one word; what programs have behind it is empty");

/* Sets of `count` descriptors, at user addresses; 0: none. */
struct question {
    uint32_t count;
    uint32_t address[SETS];
    uint32_t asked[SETS];
};

static int read_set(const struct question *q, int set, uint32_t *bits)
{
    *bits = 0;
    for (uint32_t first = 0; q->address[set] && first < q->count; first += WORD) {
        uint32_t word;

        if (copyin(&word, q->address[set] + first / 8, sizeof word) < 0)
            return -1;
        if (q->count - first < WORD)
            word &= (1u << (q->count - first)) - 1;
        if (first == 0)
            *bits = word;
        else if (word)
            return error(EBADF);
    }
    return *bits >> NOFILE ? error(EBADF) : 0;
}

static int write_set(const struct question *q, int set, uint32_t bits)
{
    for (uint32_t first = 0; q->address[set] && first < q->count; first += WORD, bits = 0)
        if (copyout(q->address[set] + first / 8, &bits, sizeof bits) < 0)
            return -1;
    return 0;
}

/* Look once. Returns how many bits of ready[] are set, or -1. */
static int look(const struct question *q, uint32_t ready[SETS])
{
    static const int events[SETS] = {
        [IN] = POLL_IN | POLL_HUP | POLL_ERR,
        [OUT] = POLL_OUT | POLL_ERR,
    };
    int count = 0;

    memset(ready, 0, SETS * sizeof *ready);
    for (int fd = 0; fd < NOFILE; fd++) {
        struct file *f;
        int found;

        if (!((q->asked[IN] | q->asked[OUT] | q->asked[EXCEPT]) >> fd & 1))
            continue;
        f = fd_file(fd);
        if (!f)
            return -1;
        found = file_poll(f);
        for (int set = IN; set < SETS; set++)
            if (q->asked[set] >> fd & 1 && found & events[set]) {
                ready[set] |= 1u << fd;
                count++;
            }
    }
    fd_call_ends();
    return count;
}

/* Arguments 0 to 3; wait for so many ticks, below 0 for ever. */
static int do_select(int ticks)
{
    struct question q = {.count = linux_argument(0)};
    int start = clock_uptime(), count;
    uint32_t ready[SETS];

    if (q.count > MOST)
        return error(EINVAL);
    for (int set = IN; set < SETS; set++) {
        q.address[set] = linux_argument(1 + set);
        if (read_set(&q, set, &q.asked[set]) < 0)
            return -1;
    }
    while ((count = look(&q, ready)) == 0 && (ticks < 0 || clock_uptime() - start < ticks))
        if (clock_sleep(1) < 0)
            return -1;
    for (int set = IN; count >= 0 && set < SETS; set++)
        if (write_set(&q, set, ready[set]) < 0)
            return -1;
    return count;
}

/* The time that is left of a struct timeval goes back into it. */
int sys__newselect(void)
{
    enum { US_PER_TICK = 1000000 / HZ };
    uint32_t address = linux_argument(4);
    int32_t time[2];
    int start = clock_uptime(), ticks = -1, result;

    if (address) {
        if (copyin(time, address, sizeof time) < 0)
            return -1;
        if (time[0] < 0 || time[1] < 0)
            return error(EINVAL);
        ticks = time[0] >= INT32_MAX / HZ - 1
                    ? INT32_MAX
                    : time[0] * HZ + (time[1] + US_PER_TICK - 1) / US_PER_TICK;
    }
    result = do_select(ticks);
    if (result < 0 || !address)
        return result;
    ticks -= clock_uptime() - start;
    if (ticks < 0)
        ticks = 0;
    time[0] = ticks / HZ;
    time[1] = ticks % HZ * US_PER_TICK;
    return copyout(address, time, sizeof time) < 0 ? -1 : result;
}

/* A struct timespec, and the address of a mask of signals with its size. */
static int pselect(bool wide)
{
    uint32_t where[2] = {0, 0};
    uint64_t mask;
    int ticks, result;

    if (linux_ticks(linux_argument(4), wide, &ticks) < 0 ||
        (linux_argument(5) && copyin(where, linux_argument(5), sizeof where) < 0))
        return -1;
    if (!where[0])
        return do_select(ticks);
    if (where[1] != sizeof(uint32_t[SIGSET_WORDS]))
        return error(EINVAL);
    if (linux_get_set(where[0], &mask) < 0)
        return -1;
    linux_mask_begins(mask);
    result = do_select(ticks);
    linux_mask_ends();
    return result;
}

int sys_pselect6(void)
{
    return pselect(false);
}

int sys_pselect6_time64(void)
{
    return pselect(true);
}
