/*
 * ioctl(): the console is a terminal of 80 columns and 25 lines. What can be chosen is whether it
 * gives lines, which it shows and has edited, or each key as it comes; and whether ^C is an
 * interrupt then.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/device.h"
#include "kernel/errno.h"
#include "kernel/file.h"

/* Bits of the flags that are told, and the ones of `local` that can be changed. */
enum {
    ICRNL = 0x100,
    OPOST_ONLCR = 0x5,
    B38400_CS8_CREAD = 0xbf,
    ISIG = 0x1,
    ICANON = 0x2,
    ECHO = 0x8,
    ECHOE = 0x10,
};

/* struct termios of <asm/termbits.h>, as the calls have it. */
struct termios {
    uint32_t input, output, control, local;
    uint8_t line;
    uint8_t characters[TERMIOS_CHARACTERS];
};

_Static_assert(sizeof(struct termios) == 17 + TERMIOS_CHARACTERS, "as Linux lays it out");

static uint32_t local = ISIG | ICANON;

static bool is_console(struct file *f)
{
    bool result;

    if (f->kind != FILE_INODE)
        return false;
    inode_lock(f->inode);
    result = f->inode->d.type == T_DEV && f->inode->d.major == DEV_CONSOLE;
    inode_unlock(f->inode);
    return result;
}

/* What is in force; the characters are those of the line editor: ^C ^\\ DEL ^U ^D, one byte at
 * least. */
static int get(uint32_t address)
{
    struct termios t = {
        .input = ICRNL,
        .output = OPOST_ONLCR,
        .control = B38400_CS8_CREAD,
        .local = local | (local & ICANON ? ECHO | ECHOE : 0),
        .characters = {3, 28, 0x7f, 21, [VEOF] = 4, [VMIN] = 1},
    };

    return copyout(address, &t, sizeof t);
}

static int set(uint32_t address)
{
    struct termios t;

    if (copyin(&t, address, sizeof t) < 0)
        return -1;
    local = t.local & (ISIG | ICANON);
    console_set_mode(local & ICANON, local & ISIG);
    return 0;
}

int sys_ioctl(void)
{
    static const uint16_t size[4] = {25, 80};
    uint32_t argument = linux_argument(2);
    struct file *f;

    if (linux_file(0, &f) < 0)
        return -1;
    if (!is_console(f))
        return error(ENOTTY);
    switch (linux_argument(1)) {
    case TCGETS: return get(argument);
    case TCSETS:
    case TCSETSW:
    case TCSETSF: return set(argument);
    case TIOCGWINSZ: return copyout(argument, size, sizeof size);
    default: return error(ENOTTY);
    }
}
