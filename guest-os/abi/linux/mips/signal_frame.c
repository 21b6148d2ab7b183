/*
 * A signal's handler on MIPS (o32): struct sigaction, the frame that the handler gets on the user's
 * stack, and what takes it away. The handler returns to two instructions in the frame that do so.
 */
#include "abi/linux/linux.h"
#include "abi/linux/syscall.h"
#include "kernel/defs.h"
#include "kernel/errno.h"
#include "kernel/proc.h"
#include "kernel/signal.h"

/* As it lies in the program's memory. */
struct sigaction {
    uint32_t flags;
    uint32_t handler;
    uint32_t mask[SIGSET_WORDS];
};

_Static_assert(sizeof(struct sigaction) == 24, "as Linux lays it out");

int linux_get_action(uint32_t address, struct linux_action *a)
{
    struct sigaction s;

    if (copyin(&s, address, sizeof s) < 0)
        return -1;
    *a = (struct linux_action){s.handler, s.flags, 0, linux_set_of(s.mask)};
    return 0;
}

int linux_put_action(uint32_t address, const struct linux_action *a)
{
    struct sigaction s = {.handler = a->handler, .flags = a->flags};

    linux_words_of(a->mask, s.mask);
    return copyout(address, &s, sizeof s);
}

/* struct sigcontext of <asm/sigcontext.h>. Registers are in 64 bits each, by their numbers. */
struct sigcontext {
    uint32_t regmask, status;
    uint64_t pc;
    uint64_t regs[32];
    uint64_t fpregs[32];
    uint32_t acx, fpc_csr, fpc_eir, used_math;
    uint32_t dsp;
    uint64_t mdhi, mdlo;
    uint32_t accumulators[6];
};

_Static_assert(sizeof(struct sigcontext) == 592, "as Linux lays it out");

/* What a handler finds at sp: room for its arguments, the way back, and all it needs. */
struct sigframe {
    uint32_t arguments[4];
    uint32_t code[2];
    struct sigcontext context;
    uint32_t mask[SIGSET_WORDS];
};

/* The same for a handler with SA_SIGINFO. */
struct rt_sigframe {
    uint32_t arguments[4];
    uint32_t code[2];
    uint32_t info[32];
    struct {
        uint32_t flags;
        uint32_t link;
        uint32_t stack[3];
        struct sigcontext context;
        uint32_t mask[SIGSET_WORDS];
    } ucontext;
};

enum { NR_SIGRETURN = NR_LINUX + 119, NR_RT_SIGRETURN = NR_LINUX + 193 };

/* li v0, number; syscall */
static void write_code(uint32_t code[2], uint32_t number)
{
    code[0] = 0x24020000 | number;
    code[1] = 0x0000000c;
}

static struct sigcontext save_context(const struct trapframe *tf)
{
    const uint32_t *registers = &tf->tf_at;
    struct sigcontext c = {.pc = tf->tf_epc, .mdhi = tf->tf_hi, .mdlo = tf->tf_lo};

    for (int n = 1; n <= 25; n++)
        c.regs[n] = registers[n - 1];
    c.regs[28] = tf->tf_gp;
    c.regs[29] = tf->tf_sp;
    c.regs[30] = tf->tf_s8;
    c.regs[31] = tf->tf_ra;
    return c;
}

/* Its registers cannot give the program more than it has: Status stays what it is. */
static void restore_context(const struct sigcontext *c)
{
    struct trapframe *tf = myproc()->tf;
    uint32_t *registers = &tf->tf_at;

    for (int n = 1; n <= 25; n++)
        registers[n - 1] = (uint32_t)c->regs[n];
    tf->tf_gp = (uint32_t)c->regs[28];
    tf->tf_sp = (uint32_t)c->regs[29];
    tf->tf_s8 = (uint32_t)c->regs[30];
    tf->tf_ra = (uint32_t)c->regs[31];
    tf->tf_hi = (uint32_t)c->mdhi;
    tf->tf_lo = (uint32_t)c->mdlo;
    tf->tf_epc = (uint32_t)c->pc;
}

/* A handler's frame goes below what the stack holds, and is aligned. */
static uint32_t place(const struct trapframe *tf, const struct linux_action *a, uint32_t size)
{
    return (linux_handler_stack(a, tf->tf_sp) - size) & ~7u;
}

static int push_frame(struct trapframe *tf, const struct linux_action *a, uint64_t mask)
{
    uint32_t at = place(tf, a, sizeof(struct sigframe));
    struct sigframe frame = {.context = save_context(tf)};

    write_code(frame.code, NR_SIGRETURN);
    linux_words_of(mask, frame.mask);
    if (copyout(at, &frame, sizeof frame) < 0)
        return -1;
    tf->tf_sp = at;
    tf->tf_ra = at + offsetof(struct sigframe, code);
    tf->tf_a1 = 0;
    tf->tf_a2 = at + offsetof(struct sigframe, context);
    return 0;
}

static int push_rt_frame(struct trapframe *tf, const struct linux_action *a, int signal,
                         uint64_t mask)
{
    uint32_t at = place(tf, a, sizeof(struct rt_sigframe));
    struct rt_sigframe frame = {.info = {(uint32_t)signal}};

    frame.ucontext.context = save_context(tf);
    write_code(frame.code, NR_RT_SIGRETURN);
    linux_words_of(mask, frame.ucontext.mask);
    if (copyout(at, &frame, sizeof frame) < 0)
        return -1;
    tf->tf_sp = at;
    tf->tf_ra = at + offsetof(struct rt_sigframe, code);
    tf->tf_a1 = at + offsetof(struct rt_sigframe, info);
    tf->tf_a2 = at + offsetof(struct rt_sigframe, ucontext);
    return 0;
}

int linux_enter_handler(struct trapframe *tf, const struct linux_action *a, int signal,
                        uint64_t mask)
{
    if ((a->flags & SA_SIGINFO ? push_rt_frame(tf, a, signal, mask) : push_frame(tf, a, mask)) < 0)
        return -1;
    tf->tf_a0 = (uint32_t)signal;
    tf->tf_t9 = tf->tf_epc = a->handler;
    return 0;
}

bool linux_given_up(const struct trapframe *tf)
{
    return tf->tf_a3 && tf->tf_v0 == EINTR;
}

void linux_begin_again(struct trapframe *tf, const struct linux_call *call)
{
    tf->tf_v0 = call->number + NR_LINUX;
    tf->tf_a3 = call->a3;
    tf->tf_epc -= 4;
}

int sys_sigreturn(void)
{
    struct sigframe frame;

    if (copyin(&frame, myproc()->tf->tf_sp, sizeof frame) < 0)
        exit_killed(SIGSEGV);
    restore_context(&frame.context);
    linux_handler_done(linux_set_of(frame.mask));
    return 0;
}

int sys_rt_sigreturn(void)
{
    struct rt_sigframe frame;

    if (copyin(&frame, myproc()->tf->tf_sp, sizeof frame) < 0)
        exit_killed(SIGSEGV);
    restore_context(&frame.ucontext.context);
    linux_handler_done(linux_set_of(frame.ucontext.mask));
    return 0;
}
