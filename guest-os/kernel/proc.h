/*
 * Processes, their threads, and the processors that run them. A debugger reads these tables too:
 * docs/guest-os.md names the fields it relies on.
 */
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
    RUNNING,  /* is a processor's `proc` */
    ZOMBIE,   /* has ended; its parent has not asked yet */
};

/*
 * A thread: what is scheduled. A process is one thread, its leader, or several that share memory,
 * files and their end; the leader is the one that has a parent, and that wait() tells of.
 */
struct proc {
    int pid;
    enum proc_state state;
    char name[16];                        /* last part of its program's path */
    struct proc *parent;                  /* of a leader; 0 in other threads */
    struct proc *leader;                  /* itself in a process of one thread */
    char *kstack;                         /* lowest byte of its kernel stack */
    struct trapframe *tf;                 /* its user registers, at the top of the kernel stack */
    struct context *context;              /* its kernel registers while it is not running */
    struct vm *vm;                        /* 0 once it has given it up to end */
    struct files *files;                  /* the same */
    struct file *borrowed[NBORROWED + 1]; /* open files that its system call uses; 0 ends them */
    struct inode *at;       /* where its system call lets relative paths begin; 0: files->cwd */
    void (*kernel)(void *); /* what it runs if it is a kernel thread; 0: it has a user side */
    void *kernel_argument;
    const void *channel; /* what it sleeps on */
    uint32_t cpus;       /* where it may run: bit n is processor n */
    int killed;          /* signal it shall end with or see to, 0 = live on */
    int status;          /* of a leader: what wait() gives when all its threads have ended */
    bool ending;         /* of a leader: its threads shall end, `status` is final */
    bool gone;           /* a leader that has given all back and waits for its threads to end */
    int error;           /* error number of the system call in progress */
    bool never_sleeps;   /* its calls give up where they would sleep, */
    bool would_sleep;    /* and note it here */
};

/* A processor. */
struct cpu {
    unsigned number;
    struct proc *proc;                 /* 0 while it looks for work */
    struct context *scheduler_context; /* while a process runs */
    unsigned lock_depth;               /* spinlocks held by what runs here */
    bool intr_outside;                 /* were interrupts on before the outermost acquire()? */
    bool preempt;                      /* what runs has had its time */
    bool idle;                         /* waits for an interrupt; protected by proc_lock */
    pte_t *space;     /* the address space it uses; 0: the kernel's alone (space.c) */
    pte_t *changing;  /* the one it is changing */
    uint32_t stopped; /* it stands still while another one changes `space` */
};

/*
 * Lies at the lowest address of every kernel stack. Stacks are aligned to their size, so that the
 * stack pointer leads here; whoever asks who he is needs not know on which processor he runs.
 */
struct thread_info {
    uint32_t magic;    /* if it is gone, the stack was too small */
    struct proc *proc; /* 0: a processor's own stack, on which its scheduler runs */
    struct cpu *cpu;   /* where it runs */
};

#define KSTACK_MAGIC 0x5ac4be9cu

extern struct proc proc[NPROC];
extern struct cpu cpus[NCPU];
extern unsigned cpu_count; /* that run */
extern struct spinlock proc_lock;

static inline struct thread_info *thread_info(void)
{
    return (struct thread_info *)(stack_pointer() & ~(uintptr_t)(KSTACKSIZE - 1));
}

/* The thread that asks; 0 in a scheduler. */
static inline struct proc *myproc(void)
{
    return thread_info()->proc;
}

/* Where p runs, or ran last; 0: nowhere yet. */
static inline struct cpu *proc_cpu(const struct proc *p)
{
    return ((const struct thread_info *)p->kstack)->cpu;
}

/* The processor. Interrupts are off, or the answer may be out of date at once. */
static inline struct cpu *mycpu(void)
{
    return thread_info()->cpu;
}

#endif
