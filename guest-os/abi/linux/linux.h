/*
 * The Linux path: what a process has for its sake, and who offers what. linux_arch.h, in the folder
 * of the processor, has what each processor's Linux numbers and lays out in its own way.
 */
#ifndef ABI_LINUX_LINUX_H
#define ABI_LINUX_LINUX_H

#include "kernel/param.h"
#include "linux_arch.h"

#include <stdbool.h>
#include <stdint.h>

struct file;
struct inode;
struct proc;

enum { SIGNALS = 64 };

/* What rt_sigaction() sets. */
struct linux_action {
    uint32_t handler; /* SIG_DFL, SIG_IGN or an address */
    uint32_t flags;
    uint32_t restorer; /* only the i386 has it */
    uint64_t mask;
};

enum { SIG_DFL = 0, SIG_IGN = 1 };

/* Sets of signals have signal n at bit n - 1. */
struct linux_process {
    struct linux_tls tls;
    struct linux_action action[SIGNALS + 1];
    uint64_t blocked;
    uint64_t pending;
    uint64_t blocked_before; /* by rt_sigsuspend(): to come back when a handler has run */
    bool suspended;
    struct signal_stack stack; /* for handlers with SA_ONSTACK, if its size is not 0 */
    uint32_t umask;
    uint32_t clear_child_tid; /* user address of a word to clear at the end; 0: none */
    uint32_t futex;           /* user address of the word that it waits at; 0: none */
    uint32_t futex_mask;      /* and with which bits */
    bool vforked;             /* its parent waits for its exec() or end */
    char exe[MAXPATH];        /* the absolute path of its program */
};

/* MACHINE/: the n-th argument of the call that the current process is in; a 64-bit one behind `n`
 * others */
uint32_t linux_argument(int n);
uint64_t linux_long_argument(int n);
/* the i386's selectors, MIPS's pointer: p is about to run; the current process begins anew */
void linux_switch(const struct proc *p);
void linux_forget_tls(struct proc *p);
/* what clone() says of a new thread's. 0 or -1 */
int linux_set_tls(struct proc *thread, uint32_t tls);
/* struct sigaction in the program's memory. 0 or -1 */
int linux_get_action(uint32_t address, struct linux_action *a);
int linux_put_action(uint32_t address, const struct linux_action *a);
/* Have the program go on in the handler, with a frame for it on the user's stack. 0 or -1 */
int linux_enter_handler(struct trapframe *tf, const struct linux_action *a, int signal,
                        uint64_t mask);
/* Was that call given up for a signal? Let it begin anew. */
bool linux_given_up(const struct trapframe *tf);
void linux_begin_again(struct trapframe *tf, const struct linux_call *call);

/* syscall.c */
typedef int linux_function(void);
linux_function *linux_function_of(uint32_t number);
int linux_syscall(uint32_t number);
struct linux_process *linux_of(const struct proc *p);

/* process.c */
void linux_fork(struct proc *child, const struct proc *parent);
void linux_exec(struct proc *p, const char *path);
void linux_end(struct proc *p);

/* signal.c */
bool linux_catches(struct proc *p, int signal);
bool linux_signal(struct proc *p, int signal);
void linux_force_signal(struct proc *p, int signal);
void linux_deliver(struct trapframe *tf, const struct linux_call *call);
void linux_handler_done(uint64_t mask);
uint32_t linux_handler_stack(const struct linux_action *a, uint32_t sp);
void linux_mask_begins(uint64_t set);
void linux_mask_ends(void);
int linux_get_set(uint32_t address, uint64_t *set);
uint64_t linux_set_of(const uint32_t words[SIGSET_WORDS]);
void linux_words_of(uint64_t set, uint32_t words[SIGSET_WORDS]);

/* files.c */
int linux_make_pipe(uint32_t flags, int fds[2]);
int linux_store_pipe(uint32_t address, uint32_t flags);

/* time.c */
int linux_ticks(uint32_t address, bool wide, int *ticks);

/* thread.c */
int linux_clone_thread(uint32_t flags);
int linux_futex_wake(uint32_t address, uint32_t n);

/* random.c */
uint32_t linux_random(void);

/* path.c */
int linux_file(int n, struct file **f);
int linux_at(int dir, struct inode **before);
void linux_at_end(struct inode *before);

#endif
