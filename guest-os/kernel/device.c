/* Device nodes: which functions stand behind the major numbers of device.h. */
#include "kernel/device.h"
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/file.h"

/*
 * Each function gets the minor number. A byte count that is returned may be less than n; -1 has
 * the error set. `off` is the file's position. A missing function means that the device has no
 * such operation.
 */
struct device {
    int (*open)(int minor);
    int (*read)(int minor, uint32_t udst, int n, uint32_t off);
    int (*write)(int minor, uint32_t usrc, int n);
};

static int console_read_op(int minor, uint32_t udst, int n, uint32_t off)
{
    (void)minor, (void)off;
    return console_read(udst, n);
}

static int console_write_op(int minor, uint32_t usrc, int n)
{
    (void)minor;
    return console_write(usrc, n);
}

static int null_read(int minor, uint32_t udst, int n, uint32_t off)
{
    (void)minor, (void)udst, (void)n, (void)off;
    return 0;
}

static int null_write(int minor, uint32_t usrc, int n)
{
    (void)minor, (void)usrc;
    return n;
}

static int tty_open(int minor)
{
    return minor == 1 || minor == 2 ? 0 : error(ENXIO);
}

static int tty_read_op(int minor, uint32_t udst, int n, uint32_t off)
{
    (void)off;
    return tty_read(minor, udst, n);
}

/* The text is made anew by each read, so a table that changes may show a process twice. */
static int ps_read(int minor, uint32_t udst, int n, uint32_t off)
{
    char *text = page_alloc();
    int length;

    (void)minor;
    if (!text)
        return error(ENOMEM);
    length = proc_describe(text, PAGE_SIZE);
    if (off >= (uint32_t)length)
        n = 0;
    else if (n > length - (int)off)
        n = length - (int)off;
    if (n > 0 && copyout(udst, text + off, (uint32_t)n) < 0)
        n = -1;
    page_free(text);
    return n;
}

/* "off" turns the machine off; a decimal number ends it with that status. */
static int power_write(int minor, uint32_t usrc, int n)
{
    char text[12] = "";
    uint32_t status = 0;

    (void)minor;
    if (n <= 0 || n >= (int)sizeof text)
        return error(EINVAL);
    if (copyin(text, usrc, (uint32_t)n) < 0)
        return -1;
    if (strncmp(text, "off", 3) == 0)
        arch_power_off();
    if (text[0] < '0' || text[0] > '9')
        return error(EINVAL);
    for (const char *s = text; *s >= '0' && *s <= '9'; s++)
        status = status * 10 + (uint32_t)(*s - '0');
    arch_exit(status);
    arch_power_off();
}

static const char *const host_files[] = {"opt/turnstile/argv", "opt/turnstile/program"};

/* The host's card is told which file first, and asked then. */
static struct spinlock host_lock = {.name = "host files"};

static int host_file_size(const char *name)
{
    int size;

    acquire(&host_lock);
    size = arch_host_file_size(name);
    release(&host_lock);
    return size;
}

/* Without the host's file the node is there but cannot be opened. */
static int host_file_open(int minor)
{
    if (minor < 0 || minor >= (int)NELEM(host_files))
        return error(ENXIO);
    return host_file_size(host_files[minor]) < 0 ? error(ENXIO) : 0;
}

static int host_file_read(int minor, uint32_t udst, int n, uint32_t off)
{
    int size = host_file_size(host_files[minor]);
    char part[512];
    int done = 0;

    if (size < 0 || off >= (uint32_t)size)
        return 0;
    if (n > size - (int)off)
        n = size - (int)off;
    while (done < n) {
        int m = n - done < (int)sizeof part ? n - done : (int)sizeof part;

        acquire(&host_lock);
        arch_host_file_read(host_files[minor], off + (uint32_t)done, part, (uint32_t)m);
        release(&host_lock);
        if (copyout(udst + (uint32_t)done, part, (uint32_t)m) < 0)
            return -1;
        done += m;
    }
    return done;
}

static const struct device devices[DEV_END] = {
    [DEV_CONSOLE] = {.read = console_read_op, .write = console_write_op},
    [DEV_NULL] = {.read = null_read, .write = null_write},
    [DEV_TTY] = {.open = tty_open, .read = tty_read_op, .write = tty_write},
    [DEV_PS] = {.read = ps_read},
    [DEV_POWER] = {.write = power_write},
    [DEV_HOST_FILE] = {.open = host_file_open, .read = host_file_read},
};

static bool known(int major)
{
    return major > 0 && major < DEV_END;
}

/* May this device be opened? Returns 0 or -1. */
int device_open(int major, int minor)
{
    if (!known(major))
        return error(ENXIO);
    return devices[major].open ? devices[major].open(minor) : 0;
}

int device_read(int major, int minor, uint32_t udst, int n, uint32_t off)
{
    if (!known(major) || !devices[major].read)
        return error(EINVAL);
    return devices[major].read(minor, udst, n, off);
}

int device_write(int major, int minor, uint32_t usrc, int n)
{
    if (!known(major) || !devices[major].write)
        return error(EINVAL);
    return devices[major].write(minor, usrc, n);
}

/* What can be done without sleeping: bits of POLL_. Only keys and serial bytes are waited for. */
int device_poll(int major, int minor)
{
    bool input = true;

    if (major == DEV_CONSOLE)
        input = console_has_input();
    else if (major == DEV_TTY)
        input = tty_has_input(minor);
    return POLL_OUT | (input ? POLL_IN : 0);
}
