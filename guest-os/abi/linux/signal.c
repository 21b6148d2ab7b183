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
#include "arch/x86/board.h"
#include "arch/x86/mmu.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

enum {
    SIGURG = 23,
    SIGCONT = 18,
    SIGSTOP = 19,
    SIGTSTP = 20,
    SIGTTIN = 21,
    SIGTTOU = 22,
    SIGWINCH = 28,
    SA_SIGINFO = 4,
    SA_RESTORER = 0x04000000,
    SA_RESTART = 0x10000000,
    SA_NODEFER = 0x40000000,
    SET_SIZE = 8, /* of a signal set, as the calls must say */
};

#define SA_RESETHAND 0x80000000u

/* The flags that a program may change: Intel SDM vol. 1, 3.4.3: CF PF AF ZF SF TF DF OF AC. */
enum { USER_EFLAGS = 0x00040dd5 };

/* struct sigcontext of <asm/sigcontext.h>. */
struct sigcontext {
    uint32_t gs, fs, es, ds;
    uint32_t edi, esi, ebp, esp, ebx, edx, ecx, eax;
    uint32_t trapno, err, eip, cs, eflags, esp_at_signal, ss;
    uint32_t fpstate; /* user address */
    uint32_t oldmask, cr2;
};

_Static_assert(sizeof(struct sigcontext) == 88, "as Linux lays it out");

struct fpstate {
    uint8_t image[108]; /* as FNSAVE writes it */
    uint32_t status;
};

/* What a handler finds at esp. */
struct sigframe {
    uint32_t return_address;
    uint32_t signal;
    struct sigcontext context;
    uint32_t mask_high;
    struct fpstate fpstate;
};

/* The same for a handler with SA_SIGINFO. */
struct rt_sigframe {
    uint32_t return_address;
    uint32_t signal;
    uint32_t info_address;
    uint32_t ucontext_address;
    uint32_t info[32];
    struct {
        uint32_t flags;
        uint32_t link;
        uint32_t stack[3];
        struct sigcontext context;
        uint64_t mask;
    } ucontext;
    struct fpstate fpstate;
};

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

static struct sigcontext save_context(const struct trapframe *tf, uint64_t mask, uint32_t fpstate)
{
    struct sigcontext c = {
        .es = tf->es,
        .ds = tf->ds,
        .edi = tf->edi,
        .esi = tf->esi,
        .ebp = tf->ebp,
        .esp = tf->esp,
        .ebx = tf->ebx,
        .edx = tf->edx,
        .ecx = tf->ecx,
        .eax = tf->eax,
        .trapno = tf->trapno,
        .err = tf->err,
        .eip = tf->eip,
        .cs = tf->cs,
        .eflags = tf->eflags,
        .esp_at_signal = tf->esp,
        .ss = tf->ss,
        .fpstate = fpstate,
        .oldmask = (uint32_t)mask,
        .cr2 = read_cr2(),
    };

    __asm__ volatile("movw %%gs, %w0" : "=r"(c.gs));
    __asm__ volatile("movw %%fs, %w0" : "=r"(c.fs));
    return c;
}

/* A handler's frame goes below what the stack holds; behind its return address it is aligned. */
static uint32_t place(const struct trapframe *tf, uint32_t size)
{
    return ((tf->esp - size + 4) & ~15u) - 4;
}

static int push_frame(const struct trapframe *tf, const struct sigaction *a, int signal,
                      uint64_t mask, uint32_t *where)
{
    uint32_t at = place(tf, sizeof(struct sigframe));
    struct sigframe frame = {
        .return_address = a->restorer,
        .signal = (uint32_t)signal,
        .context = save_context(tf, mask, at + offsetof(struct sigframe, fpstate)),
        .mask_high = (uint32_t)(mask >> 32),
    };

    fpu_get(myproc(), frame.fpstate.image);
    *where = at;
    return copyout(at, &frame, sizeof frame);
}

static int push_rt_frame(const struct trapframe *tf, const struct sigaction *a, int signal,
                         uint64_t mask, uint32_t *where)
{
    uint32_t at = place(tf, sizeof(struct rt_sigframe));
    struct rt_sigframe frame = {
        .return_address = a->restorer,
        .signal = (uint32_t)signal,
        .info_address = at + offsetof(struct rt_sigframe, info),
        .ucontext_address = at + offsetof(struct rt_sigframe, ucontext),
        .info = {(uint32_t)signal},
    };

    frame.ucontext.context = save_context(tf, mask, at + offsetof(struct rt_sigframe, fpstate));
    frame.ucontext.mask = mask;
    fpu_get(myproc(), frame.fpstate.image);
    *where = at;
    return copyout(at, &frame, sizeof frame);
}

/* Have the program go on in the handler. */
static void enter_handler(struct trapframe *tf, struct linux_process *l, int signal)
{
    struct sigaction *a = &l->action[signal];
    uint64_t mask = l->suspended ? l->blocked_before : l->blocked;
    bool info = a->flags & SA_SIGINFO;
    uint32_t at;

    l->suspended = false;
    if (!(a->flags & SA_RESTORER) ||
        (info ? push_rt_frame(tf, a, signal, mask, &at) : push_frame(tf, a, signal, mask, &at)) < 0)
        exit_killed(SIGSEGV);
    tf->esp = at;
    tf->eip = a->handler;
    tf->eax = (uint32_t)signal;
    tf->edx = info ? at + offsetof(struct rt_sigframe, info) : 0;
    tf->ecx = info ? at + offsetof(struct rt_sigframe, ucontext) : 0;
    tf->eflags &= ~0x500u; /* TF, DF */
    tf->ds = tf->es = SEG_UDATA << 3 | DPL_USER;
    set_blocked(l->blocked | a->mask | (a->flags & SA_NODEFER ? 0 : bit(signal)));
    if (a->flags & SA_RESETHAND)
        a->handler = SIG_DFL;
}

/* Was the interrupted call one that may begin anew? Those that wait for a time or a signal are not.
 */
static bool can_restart(uint32_t number)
{
    return number == 3 || number == 4 || number == 7 || number == 114 || number == 145 ||
           number == 146;
}

/*
 * On the way back to user mode: see to the signals that have come. `regs` is the frame of the Linux
 * call that the process comes from; 0 if it comes from elsewhere.
 */
void linux_deliver(struct trapframe *tf, struct pt_regs *regs)
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
        if (regs && tf->eax == (uint32_t)-EINTR && l->action[signal].flags & SA_RESTART &&
            can_restart(regs->orig_eax)) {
            tf->eax = regs->orig_eax;
            tf->eip -= 2; /* int $0x80 */
        }
        regs = NULL;
        enter_handler(tf, l, signal);
    }
    set_blocked(l->suspended ? l->blocked_before : l->blocked);
    l->suspended = false;
}

/* Take a frame away. Its registers cannot give the program more than it has. */
static int restore_context(const struct sigcontext *c, uint64_t mask)
{
    struct trapframe *tf = myproc()->tf;
    struct fpstate f;

    if (c->fpstate) {
        if (copyin(&f, c->fpstate, sizeof f) < 0)
            exit_killed(SIGSEGV);
        fpu_set(myproc(), f.image);
    }
    tf->edi = c->edi;
    tf->esi = c->esi;
    tf->ebp = c->ebp;
    tf->esp = c->esp;
    tf->ebx = c->ebx;
    tf->edx = c->edx;
    tf->ecx = c->ecx;
    tf->eip = c->eip;
    tf->eflags = (tf->eflags & ~(uint32_t)USER_EFLAGS) | (c->eflags & USER_EFLAGS);
    set_blocked(mask);
    return (int)c->eax;
}

int sys_sigreturn(void)
{
    uint32_t at = myproc()->tf->esp - 8; /* the handler and its restorer have popped two words */
    struct sigframe frame;

    if (copyin(&frame, at, sizeof frame) < 0)
        exit_killed(SIGSEGV);
    return restore_context(&frame.context, frame.context.oldmask | (uint64_t)frame.mask_high << 32);
}

int sys_rt_sigreturn(void)
{
    uint32_t at = myproc()->tf->esp - 4;
    struct rt_sigframe frame;

    if (copyin(&frame, at, sizeof frame) < 0)
        exit_killed(SIGSEGV);
    return restore_context(&frame.ucontext.context, frame.ucontext.mask);
}

int sys_rt_sigaction(void)
{
    struct linux_process *l = linux_of(myproc());
    uint32_t signal = linux_argument(0), new = linux_argument(1), old = linux_argument(2);
    struct sigaction before, action;

    if (linux_argument(3) != SET_SIZE || signal < 1 || signal > SIGNALS)
        return error(EINVAL);
    if (new && (signal == SIGKILL || signal == SIGSTOP))
        return error(EINVAL);
    before = l->action[signal];
    if (new) {
        if (copyin(&action, new, sizeof action) < 0)
            return -1;
        action.mask &= ~(bit(SIGKILL) | bit(SIGSTOP));
        acquire(&proc_lock);
        l->action[signal] = action;
        if (is_ignored(l, (int)signal))
            l->pending &= ~bit((int)signal);
        look_again(myproc());
        release(&proc_lock);
    }
    return old ? copyout(old, &before, sizeof before) : 0;
}

int sys_rt_sigprocmask(void)
{
    enum { BLOCK, UNBLOCK, SETMASK };
    struct linux_process *l = linux_of(myproc());
    uint32_t how = linux_argument(0), new = linux_argument(1), old = linux_argument(2);
    uint64_t before = l->blocked, set = 0;

    if (linux_argument(3) != SET_SIZE || (new &&how > SETMASK))
        return error(EINVAL);
    if (new &&copyin(&set, new, sizeof set) < 0)
        return -1;
    if (new)
        set_blocked(how == BLOCK ? before | set : how == UNBLOCK ? before & ~set : set);
    return old ? copyout(old, &before, sizeof before) : 0;
}

int sys_rt_sigpending(void)
{
    struct linux_process *l = linux_of(myproc());
    uint64_t set = l->pending & l->blocked;

    if (linux_argument(1) != SET_SIZE)
        return error(EINVAL);
    return copyout(linux_argument(0), &set, sizeof set);
}

/* Wait until a signal has come that is not in the set and that is not ignored. */
int sys_rt_sigsuspend(void)
{
    struct proc *p = myproc();
    struct linux_process *l = linux_of(p);
    uint64_t set;

    if (linux_argument(1) != SET_SIZE)
        return error(EINVAL);
    if (copyin(&set, linux_argument(0), sizeof set) < 0)
        return -1;
    l->blocked_before = l->blocked;
    l->suspended = true;
    set_blocked(set);
    acquire(&proc_lock);
    while (!p->killed)
        sleep(l, &proc_lock);
    release(&proc_lock);
    return error(EINTR);
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
