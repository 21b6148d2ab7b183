/*
 * A signal's handler on the i386: struct sigaction, the frame that the handler gets on the user's
 * stack, and what takes it away.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "arch/x86/board.h"
#include "arch/x86/mmu.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

enum { SA_RESTORER = 0x04000000 };

/* As it lies in the program's memory. */
struct sigaction {
    uint32_t handler;
    uint32_t flags;
    uint32_t restorer;
    uint32_t mask[SIGSET_WORDS];
};

_Static_assert(sizeof(struct sigaction) == 20, "as Linux lays it out");

int linux_get_action(uint32_t address, struct linux_action *a)
{
    struct sigaction s;

    if (copyin(&s, address, sizeof s) < 0)
        return -1;
    *a = (struct linux_action){s.handler, s.flags, s.restorer, linux_set_of(s.mask)};
    return 0;
}

int linux_put_action(uint32_t address, const struct linux_action *a)
{
    struct sigaction s = {.handler = a->handler, .flags = a->flags, .restorer = a->restorer};

    linux_words_of(a->mask, s.mask);
    return copyout(address, &s, sizeof s);
}

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
static uint32_t place(const struct trapframe *tf, const struct linux_action *a, uint32_t size)
{
    return ((linux_handler_stack(a, tf->esp) - size + 4) & ~15u) - 4;
}

static int push_frame(const struct trapframe *tf, const struct linux_action *a, int signal,
                      uint64_t mask, uint32_t *where)
{
    uint32_t at = place(tf, a, sizeof(struct sigframe));
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

static int push_rt_frame(const struct trapframe *tf, const struct linux_action *a, int signal,
                         uint64_t mask, uint32_t *where)
{
    uint32_t at = place(tf, a, sizeof(struct rt_sigframe));
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

int linux_enter_handler(struct trapframe *tf, const struct linux_action *a, int signal,
                        uint64_t mask)
{
    bool info = a->flags & SA_SIGINFO;
    uint32_t at;

    if (!(a->flags & SA_RESTORER) ||
        (info ? push_rt_frame(tf, a, signal, mask, &at) : push_frame(tf, a, signal, mask, &at)) < 0)
        return -1;
    tf->esp = at;
    tf->eip = a->handler;
    tf->eax = (uint32_t)signal;
    tf->edx = info ? at + offsetof(struct rt_sigframe, info) : 0;
    tf->ecx = info ? at + offsetof(struct rt_sigframe, ucontext) : 0;
    tf->eflags &= ~0x500u; /* TF, DF */
    tf->ds = tf->es = SEG_UDATA << 3 | DPL_USER;
    return 0;
}

bool linux_given_up(const struct trapframe *tf)
{
    return tf->eax == (uint32_t)-EINTR;
}

void linux_begin_again(struct trapframe *tf, const struct linux_call *call)
{
    tf->eax = call->number;
    tf->eip -= 2; /* int $0x80 */
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
    linux_handler_done(mask);
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
