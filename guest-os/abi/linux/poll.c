/* poll(): wait until one of several files can be read or written without sleeping. */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

enum { POLLNVAL = 0x20 };

struct pollfd {
    int32_t fd;
    int16_t events;
    int16_t revents;
};

/* What is true of one descriptor, among what is asked and what is told without being asked. */
static int look(const struct pollfd *p)
{
    struct file *f;
    int events;

    if (p->fd < 0)
        return 0;
    f = fd_file(p->fd);
    if (!f)
        return POLLNVAL;
    events = file_poll(f) & (p->events | POLL_ERR | POLL_HUP);
    fd_call_ends(); /* there may be many */
    return events;
}

/* Look once at all of them. Returns how many have something to tell; -1 for a bad address. */
static int look_at_all(uint32_t address, uint32_t count)
{
    int ready = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = address + i * (uint32_t)sizeof(struct pollfd);
        struct pollfd p;

        if (copyin(&p, at, sizeof p) < 0)
            return -1;
        p.revents = (int16_t)look(&p);
        ready += p.revents != 0;
        if (copyout(at, &p, sizeof p) < 0)
            return -1;
    }
    return ready;
}

/* Files do not say when they become ready: they are asked again with each tick of the clock. */
int sys_poll(void)
{
    uint32_t address = linux_argument(0), count = linux_argument(1);
    int timeout = (int)linux_argument(2); /* milliseconds; below 0: for ever */
    int ticks = timeout / (1000 / HZ) + (timeout % (1000 / HZ) > 0);
    int start = clock_uptime();

    if (count > NOFILE)
        return error(EINVAL);
    for (;;) {
        int ready = look_at_all(address, count);

        if (ready != 0)
            return ready;
        if (timeout >= 0 && clock_uptime() - start >= ticks)
            return 0;
        if (clock_sleep(1) < 0)
            return -1;
    }
}
