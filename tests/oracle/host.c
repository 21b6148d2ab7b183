/* host: runs a case on this host's own processor, in compatibility mode at CPL 3.
 *
 * The code page is full of INT3, so whatever the instruction does ends in a signal that carries
 * every register: SIGTRAP when it completed, another one when it faulted. */
#define _GNU_SOURCE
#include "tests/oracle/oracle.h"

#include <asm/ldt.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { CS_64 = 0x33, CS_32 = 0x23, SS_FLAT = 0x2b, CS_16 = 0x07, DS_16 = 0x0f };

/* Read by the assembly below by name; the order of gpr is that of the encoding. */
__attribute__((visibility("hidden"))) struct {
    uint32_t gpr[8];
    uint64_t eflags;
    uint32_t far_offset;
    uint16_t far_selector;
    uint16_t data_selector;
    uint64_t rsp, resume;
    struct fpu_image fpu;
} oracle_host_gate;

static struct outcome *result;
static bool running_16;

__attribute__((noinline)) static void enter(void)
{
    __asm__ volatile(
        "push %%rbx\n push %%rbp\n push %%r12\n push %%r13\n push %%r14\n push %%r15\n"
        "lea oracle_host_gate(%%rip), %%rdi\n"
        "lea 1f(%%rip), %%rax\n mov %%rax, 56(%%rdi)\n"
        "mov %%rsp, 48(%%rdi)\n"
        "mov 46(%%rdi), %%ax\n mov %%eax, %%ds\n mov %%eax, %%es\n"
        "frstor 64(%%rdi)\n"
        "pushq 32(%%rdi)\n popfq\n"
        "mov 0(%%rdi), %%eax\n mov 4(%%rdi), %%ecx\n mov 8(%%rdi), %%edx\n"
        "mov 12(%%rdi), %%ebx\n mov 20(%%rdi), %%ebp\n mov 24(%%rdi), %%esi\n"
        "mov 46(%%rdi), %%ss\n mov 16(%%rdi), %%esp\n"
        "mov 28(%%rdi), %%edi\n"
        "ljmpl *oracle_host_gate+40(%%rip)\n"
        "1:\n"
        "fninit\n"
        "xor %%eax, %%eax\n mov %%eax, %%ds\n mov %%eax, %%es\n"
        "pop %%r15\n pop %%r14\n pop %%r13\n pop %%r12\n pop %%rbp\n pop %%rbx\n cld\n" ::
            : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
}

/* From what the kernel saved (FXSAVE's layout; SDM vol. 1, 10.5.1): a tag is one bit there. */
static struct fpu_image image_of(const struct _libc_fpstate *saved)
{
    struct fpu_image image = {.control = saved->cwd, .status = saved->swd};
    for (unsigned n = 0; n < 8; n++)
        if ((saved->ftw >> n & 1) == 0)
            image.tags |= 3u << 2 * n;
    for (unsigned st = 0; st < 8; st++) {
        memcpy(image.st[st], saved->_st[st].significand, 8);
        memcpy(image.st[st] + 8, &saved->_st[st].exponent, 2);
    }
    return image;
}

static void caught(int signal, siginfo_t *info, void *raw)
{
    (void)info;
    ucontext_t *context = raw;
    greg_t *g = context->uc_mcontext.gregs;
    if ((g[REG_CSGSFS] & 0xffff) == CS_64) { /* not a case: a mistake of this program */
        struct sigaction usual = {.sa_handler = SIG_DFL};
        sigaction(signal, &usual, NULL);
        return;
    }
    static const int order[8] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX,
                                 REG_RSP, REG_RBP, REG_RSI, REG_RDI};
    for (int i = 0; i < 8; i++)
        result->gpr[i] = (uint32_t)g[order[i]];
    result->vector = (uint8_t)g[REG_TRAPNO];
    result->error = (uint32_t)g[REG_ERR];
    result->eflags = (uint32_t)g[REG_EFL];
    result->eip = (uint32_t)g[REG_RIP];
    result->faulted = result->vector != 3;
    if (!result->faulted)
        result->eip -= 1; /* the INT3 itself is not part of the case */
    if (running_16)
        result->eip &= 0xffff;
    result->fpu = image_of(context->uc_mcontext.fpregs);
    g[REG_RIP] = (greg_t)oracle_host_gate.resume;
    g[REG_RSP] = (greg_t)oracle_host_gate.rsp;
    g[REG_EFL] = 0x202;
    uint64_t segments = (uint64_t)g[REG_CSGSFS] & 0x0000ffffffff0000u;
    g[REG_CSGSFS] = (greg_t)(segments | CS_64 | (uint64_t)SS_FLAT << 48);
}

static bool descriptor(unsigned entry, uint32_t base, unsigned contents)
{
    struct user_desc desc = {
        .entry_number = entry,
        .base_addr = base,
        .limit = 0xffff,
        .contents = contents,
        .useable = 1,
    };
    return syscall(SYS_modify_ldt, 1, &desc, sizeof desc) == 0;
}

bool host_open(const char **why)
{
    static uint8_t stack[65536];
    void *code = mmap((void *)(uintptr_t)CODE_BASE, CODE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    void *data = mmap((void *)(uintptr_t)DATA_BASE, DATA_SIZE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    *why = "the low addresses of the cases are taken";
    if (code == MAP_FAILED || data == MAP_FAILED)
        return false;
    memset(code, 0xcc, CODE_SIZE);
    *why = "modify_ldt is refused";
    if (!descriptor(0, CODE_BASE, MODIFY_LDT_CONTENTS_CODE) ||
        !descriptor(1, DATA_BASE, MODIFY_LDT_CONTENTS_DATA))
        return false;
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    struct sigaction action = {.sa_sigaction = caught, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaltstack(&alternate, NULL);
    static const int signals[] = {SIGTRAP, SIGSEGV, SIGBUS, SIGILL, SIGFPE};
    for (unsigned i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &action, NULL);
    return true;
}

void host_run(const struct test_case *test, struct outcome *out)
{
    uint8_t *code = (uint8_t *)(uintptr_t)(CODE_BASE + CODE_START);
    uint8_t *data = (uint8_t *)(uintptr_t)(DATA_BASE + SHOWN_BASE);
    memcpy(code, test->code, test->length);
    memcpy(data, test->data, SHOWN_SIZE);
    memcpy(oracle_host_gate.gpr, test->gpr, sizeof test->gpr);
    static const struct fpu_image empty = {.control = 0x37f, .tags = 0xffff};
    oracle_host_gate.fpu = test->x87 ? test->fpu : empty;
    oracle_host_gate.eflags = test->eflags;
    oracle_host_gate.far_offset = test->code_16 ? CODE_START : CODE_BASE + CODE_START;
    oracle_host_gate.far_selector = test->code_16 ? CS_16 : CS_32;
    oracle_host_gate.data_selector = test->code_16 ? DS_16 : SS_FLAT;
    *out = (struct outcome){0};
    result = out;
    running_16 = test->code_16;
    enter();
    memcpy(out->data, data, SHOWN_SIZE);
    memset(code, 0xcc, test->length);
}
