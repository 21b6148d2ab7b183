/* Linux on the i386: the numbers and layouts of its calls that other processors have otherwise. */
#ifndef LINUX_ARCH_H
#define LINUX_ARCH_H

#include "arch/x86/x86.h"

#include <stdint.h>

#define LINUX_MACHINE "i686"

/* The registers as system_call pushes them, and what the processor pushed. */
struct pt_regs {
    uint32_t ebx, ecx, edx, esi, edi, ebp;
    uint32_t eax;
    uint32_t xds, xes;
    uint32_t orig_eax;
    uint32_t eip, xcs, eflags, esp, xss;
};

_Static_assert(sizeof(struct pt_regs) == 60, "15 words in all");

/* The Linux call that a process comes from. */
struct linux_call {
    uint32_t number;
};

/* What a process has of thread-local storage: descriptors; 0: none. */
enum { TLS_ENTRIES = 3 };
struct linux_tls {
    uint64_t descriptor[TLS_ENTRIES];
};

static inline uint32_t linux_stack(const struct trapframe *tf)
{
    return tf->esp;
}

static inline void linux_set_stack(struct trapframe *tf, uint32_t sp)
{
    tf->esp = sp;
}

/* <asm/fcntl.h> */
enum {
    LINUX_CREAT = 0x40,
    LINUX_EXCL = 0x80,
    LINUX_TRUNC = 0x200,
    LINUX_APPEND = 0x400,
    LINUX_NONBLOCK = 0x800,
    LINUX_LARGEFILE = 0x8000,
};

/* <asm/mman.h> */
enum { MAP_ANONYMOUS = 0x20 };

/* <asm/resource.h> */
enum { RLIMIT_NPROC = 6, RLIMIT_NOFILE = 7 };
#define RLIM_INFINITY 0xffffffffu

/* <asm/signal.h> */
enum {
    SIGCONT = 18,
    SIGSTOP = 19,
    SIGTTOU = 22,
    SIGURG = 23,
    SIGWINCH = 28,
    SA_SIGINFO = 4,
    SIGSET_WORDS = 2,
};

/* stack_t of <asm/signal.h>. */
struct signal_stack {
    uint32_t sp, flags, size;
};

/* <asm/ioctls.h>, <asm/termbits.h> */
enum {
    TCGETS = 0x5401,
    TCSETS = 0x5402,
    TCSETSW = 0x5403,
    TCSETSF = 0x5404,
    TIOCGWINSZ = 0x5413,
    TERMIOS_CHARACTERS = 19,
    VEOF = 4,
    VMIN = 6,
};

/* struct stat64 of <asm/stat.h>. */
struct stat64 {
    uint64_t dev;
    uint32_t padding1;
    uint32_t ino32;
    uint32_t mode;
    uint32_t nlink;
    uint32_t uid, gid;
    uint64_t rdev;
    uint32_t padding2;
    uint64_t size;
    uint32_t block_size;
    uint64_t blocks;
    uint32_t times[6];
    uint64_t ino;
} __attribute__((packed));

_Static_assert(sizeof(struct stat64) == 96, "as Linux lays it out");

static inline void linux_finish_stat64(struct stat64 *st)
{
    st->ino32 = (uint32_t)st->ino;
}

#endif
