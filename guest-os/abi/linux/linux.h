/* The Linux path: its frame, what a process has for its sake, and who offers what. */
#ifndef ABI_LINUX_LINUX_H
#define ABI_LINUX_LINUX_H

#include "arch/x86/x86.h"
#include "kernel/param.h"

#include <stdbool.h>
#include <stdint.h>

struct file;
struct inode;
struct proc;

/* The registers as system_call pushes them, and what the processor pushed. */
struct pt_regs {
    uint32_t ebx, ecx, edx, esi, edi, ebp;
    uint32_t eax;
    uint32_t xds, xes;
    uint32_t orig_eax;
    uint32_t eip, xcs, eflags, esp, xss;
};

_Static_assert(sizeof(struct pt_regs) == 60, "15 words in all");

enum { TLS_ENTRIES = 3, SIGNALS = 64 };

/* What rt_sigaction() sets; as it lies in the program's memory. */
struct sigaction {
    uint32_t handler; /* SIG_DFL, SIG_IGN or an address */
    uint32_t flags;
    uint32_t restorer;
    uint64_t mask;
};

_Static_assert(sizeof(struct sigaction) == 20, "as Linux lays it out");

enum { SIG_DFL = 0, SIG_IGN = 1 };

/* Sets of signals have signal n at bit n - 1. */
struct linux_process {
    uint64_t tls[TLS_ENTRIES]; /* descriptors; 0: none */
    struct sigaction action[SIGNALS + 1];
    uint64_t blocked;
    uint64_t pending;
    uint64_t blocked_before; /* by rt_sigsuspend(): to come back when a handler has run */
    bool suspended;
    uint32_t umask;
    uint32_t clear_child_tid; /* user address of a word to clear at the end; 0: none */
    bool vforked;             /* its parent waits for its exec() or end */
    char exe[MAXPATH];        /* the absolute path of its program */
};

/* syscall.c */
uint32_t linux_argument(int n);
struct linux_process *linux_of(const struct proc *p);

/* process.c */
void linux_switch(const struct proc *p);
void linux_fork(struct proc *child, const struct proc *parent);
void linux_exec(struct proc *p, const char *path);
void linux_end(struct proc *p);

/* signal.c */
bool linux_catches(struct proc *p, int signal);
bool linux_signal(struct proc *p, int signal);
void linux_force_signal(struct proc *p, int signal);
void linux_deliver(struct trapframe *tf, struct pt_regs *regs);

/* random.c */
uint32_t linux_random(void);

/* path.c */
int linux_file(int n, struct file **f);
int linux_at(int dir, struct inode **before);
void linux_at_end(struct inode *before);

#endif
