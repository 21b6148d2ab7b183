/* Linux on MIPS (o32): the numbers and layouts of its calls that other processors have otherwise.
 */
#ifndef LINUX_ARCH_H
#define LINUX_ARCH_H

#include "arch/mips/trapframe.h"

#include <stdint.h>

#define LINUX_MACHINE "mips"

/* The number of the first call: smaller ones are other systems'. */
enum { NR_LINUX = 4000 };

/* The Linux call that a process comes from: its number in the table, and what a3 was before it. */
struct linux_call {
    uint32_t number;
    uint32_t a3;
};

/* What a process has of thread-local storage: the address that rdhwr $29 gives. */
struct linux_tls {
    uint32_t address;
};

static inline uint32_t linux_stack(const struct trapframe *tf)
{
    return tf->tf_sp;
}

static inline void linux_set_stack(struct trapframe *tf, uint32_t sp)
{
    tf->tf_sp = sp;
}

/* <asm/fcntl.h> */
enum {
    LINUX_APPEND = 0x8,
    LINUX_NONBLOCK = 0x80,
    LINUX_CREAT = 0x100,
    LINUX_TRUNC = 0x200,
    LINUX_EXCL = 0x400,
    LINUX_LARGEFILE = 0x2000,
};

/* <asm/mman.h> */
enum { MAP_ANONYMOUS = 0x800 };

/* <asm/resource.h> */
enum { RLIMIT_NOFILE = 5, RLIMIT_NPROC = 8 };
#define RLIM_INFINITY 0x7fffffffu

/* <asm/signal.h> */
enum {
    SIGWINCH = 20,
    SIGURG = 21,
    SIGSTOP = 23,
    SIGCONT = 25,
    SIGTTOU = 27,
    SA_SIGINFO = 8,
    SIGSET_WORDS = 4,
};

/* stack_t of <asm/signal.h>. */
struct signal_stack {
    uint32_t sp, size, flags;
};

/* <asm/ioctls.h>, <asm/termbits.h> */
enum {
    TCGETS = 0x540d,
    TCSETS = 0x540e,
    TCSETSW = 0x540f,
    TCSETSF = 0x5410,
    TIOCGWINSZ = 0x40087468,
    TERMIOS_CHARACTERS = 23,
    VMIN = 4,
    VEOF = 16,
};

/* struct stat64 of <asm/stat.h>. */
struct stat64 {
    uint32_t dev;
    uint32_t padding1[3];
    uint64_t ino;
    uint32_t mode;
    uint32_t nlink;
    uint32_t uid, gid;
    uint32_t rdev;
    uint32_t padding2[3];
    uint64_t size;
    uint32_t times[6];
    uint32_t block_size;
    uint32_t padding3;
    uint64_t blocks;
};

_Static_assert(sizeof(struct stat64) == 104, "as Linux lays it out");

static inline void linux_finish_stat64(struct stat64 *st)
{
    (void)st;
}

#endif
