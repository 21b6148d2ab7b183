/*
 * Signals with handlers. A signal that has come is noted in `pending`; on the way back to user mode
 * the handler gets a frame on the user's stack, as Linux lays it out, and sigreturn() takes it
 * away.
 *
 * p->killed is not 0 while there is a signal to see to: that is what makes a sleeping call give up.
 * It, `pending` and `blocked` are protected by proc_lock: others send signals at any time.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

/* The same on every processor. */
enum { SA_ONSTACK = 0x08000000, SA_RESTART = 0x10000000, SA_NODEFER = 0x40000000 };

#define SA_RESETHAND 0x80000000u

static uint64_t bit(int signal)
{
    return 1ull << (signal - 1);
}

/* Nothing happens on these unless a handler is set. There is no job control: nothing stops. */
static bool ignored_by_default(int signal)
{
    return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH ||
           (signal >= SIGSTOP && signal <= SIGTTOU);
}

static bool is_ignored(const struct linux_process *l, int signal)
{
    uint32_t handler = l->action[signal].handler;

    return handler == SIG_IGN || (handler == SIG_DFL && ignored_by_default(signal));
}

/* The signal to see to next; 0: none. */
static int next_signal(const struct linux_process *l)
{
    uint64_t ready = l->pending & ~l->blocked;

    for (int signal = 1; ready && signal <= SIGNALS; signal++)
        if (ready & bit(signal))
            return signal;
    return 0;
}

/* Pre: proc_lock is held. */
static void look_again(struct proc *p)
{
    p->killed = next_signal(linux_of(p));
}

bool linux_catches(struct proc *p, int signal)
{
    return linux_of(p)->action[signal].handler > SIG_IGN;
}

/* A signal for p. Returns whether p has to see to it now. Pre: proc_lock is held. */
bool linux_signal(struct proc *p, int signal)
{
    struct linux_process *l = linux_of(p);

    if (is_ignored(l, signal) && !(l->blocked & bit(signal)))
        return false;
    l->pending |= bit(signal);
    if (p->killed != SIGKILL)
        look_again(p);
    return p->killed;
}

/* The current process did what makes this signal: it cannot go on without seeing to it. */
void linux_force_signal(struct proc *p, int signal)
{
    struct linux_process *l = linux_of(p);

    acquire(&proc_lock);
    if (l->action[signal].handler == SIG_IGN || l->blocked & bit(signal))
        l->action[signal].handler = SIG_DFL;
    l->blocked &= ~bit(signal);
    l->pending |= bit(signal);
    p->killed = signal;
    release(&proc_lock);
}

/* The current process's signals from here on are blocked so. */
static void set_blocked(uint64_t set)
{
    struct proc *p = myproc();

    acquire(&proc_lock);
    linux_of(p)->blocked = set & ~(bit(SIGKILL) | bit(SIGSTOP));
    look_again(p);
    release(&proc_lock);
}

/* The signal that the current process sees to next, which is not pending then; 0: none. */
static int take_signal(struct linux_process *l)
{
    int signal;

    acquire(&proc_lock);
    signal = next_signal(l);
    if (signal)
        l->pending &= ~bit(signal);
    release(&proc_lock);
    return signal;
}

/* Have the program go on in the handler. */
static void enter_handler(struct trapframe *tf, struct linux_process *l, int signal)
{
    struct linux_action *a = &l->action[signal];
    uint64_t mask = l->suspended ? l->blocked_before : l->blocked;

    l->suspended = false;
    if (linux_enter_handler(tf, a, signal, mask) < 0)
        exit_killed(SIGSEGV);
    set_blocked(l->blocked | a->mask | (a->flags & SA_NODEFER ? 0 : bit(signal)));
    if (a->flags & SA_RESETHAND)
        a->handler = SIG_DFL;
}

/* Was the interrupted call one that may begin anew? Those that wait for a time or a signal are not.
 */
static bool can_restart(uint32_t number)
{
    static linux_function *const can[] = {sys_read,  sys_write, sys_waitpid,
                                          sys_wait4, sys_readv, sys_writev};

    for (size_t i = 0; i < NELEM(can); i++)
        if (linux_function_of(number) == can[i])
            return true;
    return false;
}

/*
 * On the way back to user mode: see to the signals that have come. `call` is the Linux call
 * that the process comes from; 0 if it comes from elsewhere.
 */
void linux_deliver(struct trapframe *tf, const struct linux_call *call)
{
    struct proc *p = myproc();
    struct linux_process *l = linux_of(p);
    int signal;

    if (p->killed == SIGKILL)
        exit_killed(SIGKILL);
    while ((signal = take_signal(l)) != 0) {
        if (is_ignored(l, signal))
            continue;
        if (l->action[signal].handler == SIG_DFL)
            exit_killed(signal);
        if (call && linux_given_up(tf) && l->action[signal].flags & SA_RESTART &&
            can_restart(call->number))
            linux_begin_again(tf, call);
        call = NULL;
        enter_handler(tf, l, signal);
    }
    set_blocked(l->suspended ? l->blocked_before : l->blocked);
    l->suspended = false;
}

static bool is_on(const struct signal_stack *s, uint32_t sp)
{
    return s->size && sp - 1 - s->sp < s->size;
}

/* Below which address a handler's frame goes: the program's stack, or the one that it has for that.
 */
uint32_t linux_handler_stack(const struct linux_action *a, uint32_t sp)
{
    const struct signal_stack *s = &linux_of(myproc())->stack;

    return a->flags & SA_ONSTACK && s->size && !is_on(s, sp) ? s->sp + s->size : sp;
}

/* The stack for handlers with SA_ONSTACK. */
int sys_sigaltstack(void)
{
    enum { SS_ONSTACK = 1, SS_DISABLE = 2, MINSIGSTKSZ = 2048 };
    struct linux_process *l = linux_of(myproc());
    uint32_t new = linux_argument(0), old = linux_argument(1);
    bool on = is_on(&l->stack, linux_stack(myproc()->tf));
    struct signal_stack before = l->stack, set;

    before.flags = on ? SS_ONSTACK : before.size ? 0 : SS_DISABLE;
    if (new) {
        if (copyin(&set, new, sizeof set) < 0)
            return -1;
        if (on)
            return error(EPERM);
        if (set.flags & ~(uint32_t)(SS_ONSTACK | SS_DISABLE))
            return error(EINVAL);
        if (set.flags & SS_DISABLE)
            set = (struct signal_stack){0};
        else if (set.size < MINSIGSTKSZ)
            return error(ENOMEM);
        l->stack = set;
    }
    return old ? copyout(old, &before, sizeof before) : 0;
}

/* A frame was taken away: this was blocked when it was made. */
void linux_handler_done(uint64_t mask)
{
    set_blocked(mask);
}

/* A set as programs have it: words of 32 signals each, of which we know the first two. */
uint64_t linux_set_of(const uint32_t words[SIGSET_WORDS])
{
    return words[0] | (uint64_t)words[1] << 32;
}

void linux_words_of(uint64_t set, uint32_t words[SIGSET_WORDS])
{
    for (int i = 0; i < SIGSET_WORDS; i++, set >>= 32)
        words[i] = (uint32_t)set;
}

int linux_get_set(uint32_t address, uint64_t *set)
{
    uint32_t words[SIGSET_WORDS];

    if (copyin(words, address, sizeof words) < 0)
        return -1;
    *set = linux_set_of(words);
    return 0;
}

static int put_set(uint32_t address, uint64_t set)
{
    uint32_t words[SIGSET_WORDS];

    linux_words_of(set, words);
    return copyout(address, words, sizeof words);
}

/* All threads of a process have the same. Pre: proc_lock is held. */
static void set_action(const struct proc *leader, int signal, const struct linux_action *action)
{
    for (struct proc *p = proc; p < proc + NPROC; p++) {
        struct linux_process *l = linux_of(p);

        if (p->state == UNUSED || p->leader != leader)
            continue;
        l->action[signal] = *action;
        if (is_ignored(l, signal))
            l->pending &= ~bit(signal);
        look_again(p);
    }
}

int sys_rt_sigaction(void)
{
    struct linux_process *l = linux_of(myproc());
    uint32_t signal = linux_argument(0), new = linux_argument(1), old = linux_argument(2);
    struct linux_action before, action;

    if (linux_argument(3) != sizeof(uint32_t[SIGSET_WORDS]) || signal < 1 || signal > SIGNALS)
        return error(EINVAL);
    if (new && (signal == SIGKILL || signal == SIGSTOP))
        return error(EINVAL);
    before = l->action[signal];
    if (new) {
        if (linux_get_action(new, &action) < 0)
            return -1;
        action.mask &= ~(bit(SIGKILL) | bit(SIGSTOP));
        acquire(&proc_lock);
        set_action(myproc()->leader, (int)signal, &action);
        release(&proc_lock);
    }
    return old ? linux_put_action(old, &before) : 0;
}

int sys_rt_sigprocmask(void)
{
    enum { BLOCK, UNBLOCK, SETMASK };
    struct linux_process *l = linux_of(myproc());
    uint32_t how = linux_argument(0), new = linux_argument(1), old = linux_argument(2);
    uint64_t before = l->blocked, set = 0;

    if (linux_argument(3) != sizeof(uint32_t[SIGSET_WORDS]) || (new &&how > SETMASK))
        return error(EINVAL);
    if (new &&linux_get_set(new, &set) < 0)
        return -1;
    if (new)
        set_blocked(how == BLOCK ? before | set : how == UNBLOCK ? before & ~set : set);
    return old ? put_set(old, before) : 0;
}

int sys_rt_sigpending(void)
{
    struct linux_process *l = linux_of(myproc());
    uint64_t set = l->pending & l->blocked;

    if (linux_argument(1) != sizeof(uint32_t[SIGSET_WORDS]))
        return error(EINVAL);
    return put_set(linux_argument(0), set);
}

/* Until linux_mask_ends(), or until handlers have run, these are blocked in place of others. */
void linux_mask_begins(uint64_t set)
{
    struct linux_process *l = linux_of(myproc());

    l->blocked_before = l->blocked;
    l->suspended = true;
    set_blocked(set);
}

/* If a signal is to be seen to first, linux_deliver() puts the mask back. */
void linux_mask_ends(void)
{
    struct linux_process *l = linux_of(myproc());

    if (myproc()->killed)
        return;
    l->suspended = false;
    set_blocked(l->blocked_before);
}

/* Wait until a signal has come that is not in the set and that is not ignored. */
int sys_rt_sigsuspend(void)
{
    struct proc *p = myproc();
    struct linux_process *l = linux_of(p);
    uint64_t set;

    if (linux_argument(1) != sizeof(uint32_t[SIGSET_WORDS]))
        return error(EINVAL);
    if (linux_get_set(linux_argument(0), &set) < 0)
        return -1;
    linux_mask_begins(set);
    acquire(&proc_lock);
    while (!p->killed)
        sleep(l, &proc_lock);
    release(&proc_lock);
    return error(EINTR);
}

/* A signal for a thread, of the process `group` (0: of any). */
static int signal_thread(int group, int pid, int signal)
{
    const struct proc *p = proc_find(pid);

    if (signal < 0 || signal > SIGNALS || pid <= 0)
        return error(EINVAL);
    if (!p || (group != 0 && p->leader->pid != group))
        return error(ESRCH);
    return signal == 0 ? 0 : kill(pid, signal);
}

int sys_tkill(void)
{
    return signal_thread(0, (int)linux_argument(0), (int)linux_argument(1));
}

int sys_tgkill(void)
{
    int group = (int)linux_argument(0);

    return group <= 0 ? error(EINVAL)
                      : signal_thread(group, (int)linux_argument(1), (int)linux_argument(2));
}

/* 0 asks only whether the process is there. Groups of processes do not exist. */
int sys_linux_kill(void)
{
    int pid = (int)linux_argument(0), signal = (int)linux_argument(1);

    if (signal < 0 || signal > SIGNALS)
        return error(EINVAL);
    if (pid <= 0)
        return error(pid == 0 || pid == -1 ? EPERM : ESRCH);
    if (signal == 0)
        return proc_find(pid) ? 0 : error(ESRCH);
    return kill(pid, signal);
}
