/* A process. A debugger reads this table too: docs/guest-os.md names the fields it relies on. */
#ifndef KERNEL_PROC_H
#define KERNEL_PROC_H

#include "kernel/lock.h"
#include "kernel/param.h"
#include "kernel/vm.h"

enum proc_state {
    UNUSED,   /* free slot */
    EMBRYO,   /* being made */
    SLEEPING, /* waits on `channel` */
    RUNNABLE, /* waits for the processor */
    RUNNING,  /* is `current` */
    ZOMBIE,   /* has ended; its parent has not asked yet */
};

/* Lies in the lowest word of each kernel stack; if it is gone, the stack was too small. */
#define KSTACK_MAGIC 0x5ac4be9cu

struct proc {
    int pid;
    enum proc_state state;
    char name[16]; /* last part of its program's path */
    struct proc *parent;
    char *kstack;            /* lowest byte of its kernel stack */
    struct trapframe *tf;    /* its user registers, at the top of the kernel stack */
    struct context *context; /* its kernel registers while it is not running */
    union {
        struct vm vm;
        pte_t *pgdir; /* is vm.pgdir, the first member */
    };
    const void *channel;        /* what it sleeps on */
    int killed;                 /* signal it shall end with or see to, 0 = live on */
    int status;                 /* of a zombie: what wait() gives */
    int error;                  /* error number of the system call in progress */
    struct file *ofile[NOFILE]; /* by descriptor */
    struct inode *cwd;
};

_Static_assert(offsetof(struct vm, pgdir) == 0, "proc.pgdir is vm.pgdir");

extern struct proc proc[NPROC];
extern struct proc *current; /* 0 while the scheduler looks for work */
extern struct spinlock proc_lock;

static inline struct proc *myproc(void)
{
    return current;
}

#endif
