/* reason: the rule that an instruction broke: page rights, divisors, bounds, unknown opcodes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/x86/parts.h"
#include "debugger/show.h"

#define PAGE_SIZE      4096u
#define LARGE_PAGE     0x80u
#define ERROR_WRITE    2u
#define ERROR_USER     4u
#define ERROR_RESERVED 8u
#define NEAR_STACK     0x100000u

static const struct x86 *x86_of(const struct session *session)
{
    return (const struct x86 *)session->cpu;
}

/* --- page faults ------------------------------------------------------------------------------ */

static void not_present(const struct x86_walk *walk, uint32_t linear, struct explain_words *words)
{
    uint32_t entry = walk->stopped_at_pde ? walk->pde : walk->pte;
    words_check(
        words, "page present: %s %" PRIu32 " of %08" PRIx32 " is %08" PRIx32 ", its bit 0 (P) is 0",
        walk->stopped_at_pde ? "page directory entry" : "page table entry",
        walk->stopped_at_pde ? linear >> 22 : linear >> 12 & 0x3ff, linear, entry);
    words_fact(words,
               "The walk of %08" PRIx32 ": PDE[%" PRIu32 "] at physical %08" PRIx32 " = %08" PRIx32,
               linear, linear >> 22, walk->pde_address, walk->pde);
    if (!walk->stopped_at_pde)
        words_fact(words, "then PTE[%" PRIu32 "] at physical %08" PRIx32 " = %08" PRIx32,
                   linear >> 12 & 0x3ff, walk->pte_address, walk->pte);
    if (entry != 0)
        words_ask_physical(words, walk->stopped_at_pde ? walk->pde_address : walk->pte_address, 4,
                           "the page's entry", true);
}

/* The entry that forbids it: the directory's and the table's bits are combined by "and". */
static void forbidden(const struct x86_walk *walk, uint32_t linear, uint32_t error,
                      struct explain_words *words)
{
    bool user = (error & ERROR_USER) != 0 && !walk->user;
    uint32_t bit = user ? 4 : 2;
    bool by_pde = (walk->pde & bit) == 0 || walk->large;
    uint32_t index = by_pde ? linear >> 22 : linear >> 12 & 0x3ff;
    const char *entry = by_pde ? "PDE" : "PTE";
    if (user)
        words_check(words,
                    "page open to ring 3: %s[%" PRIu32 "].U = 0, page %08" PRIx32
                    " is for the kernel only",
                    entry, index, linear & ~(PAGE_SIZE - 1));
    else
        words_check(words,
                    "page writable: %s[%" PRIu32 "].W = 0, page %08" PRIx32 " is read only%s",
                    entry, index, linear & ~(PAGE_SIZE - 1),
                    (error & ERROR_USER) != 0 ? "" : " (CR0.WP = 1: for the kernel too)");
    words_fact(words, "%s[%" PRIu32 "] at physical %08" PRIx32 " = %08" PRIx32, entry, index,
               by_pde ? walk->pde_address : walk->pte_address, by_pde ? walk->pde : walk->pte);
    words_ask_physical(words, by_pde ? walk->pde_address : walk->pte_address, 4,
                       by_pde ? "the page directory's entry" : "the page's entry", true);
    if (user)
        words_remedy(words,
                     "A program cannot touch the kernel's memory: pass the kernel an address "
                     "of your own, or let the kernel map the page with U = 1.");
    else
        words_remedy(words,
                     "The page was mapped read only: write elsewhere, or map it with W = 1.");
}

void reason_page(struct session *session, const struct explain_fault *fault,
                 struct explain_words *words)
{
    struct x86_walk walk;
    x86_walk(x86_of(session), fault->address, &walk);
    if ((fault->error & ERROR_RESERVED) != 0)
        words_check(words,
                    "reserved bits: page directory entry %" PRIu32 " = %08" PRIx32
                    " has bits set that must be 0 for a 4 MiB page",
                    fault->address >> 22, walk.pde);
    else if ((fault->error & 1) == 0 || !walk.present)
        not_present(&walk, fault->address, words);
    else
        forbidden(&walk, fault->address, fault->error, words);
}

static bool is_at(const struct operand_memory *memory, uint32_t linear)
{
    uint32_t size = memory->size == 0 ? 1 : memory->size;
    return linear - memory->linear < size;
}

static const struct operand_memory *operand_at(const struct explain *explain, uint32_t linear)
{
    for (unsigned i = 0; explain->has_insn && i < explain->operands.memories; i++)
        if (is_at(&explain->operands.memory[i], linear))
            return &explain->operands.memory[i];
    return NULL;
}

static bool is_user_page(const struct x86 *x86, uint32_t linear)
{
    struct x86_walk walk;
    x86_walk(x86, linear, &walk);
    return walk.present && walk.user && walk.writable;
}

/* Just under the pages of the stack that esp points into or has left. */
static bool below_stack(const struct x86 *x86, uint32_t linear)
{
    uint32_t esp = x86->s.segment[X86_SS].base + x86->s.gpr[X86_ESP];
    uint32_t page = (linear & ~(PAGE_SIZE - 1)) + PAGE_SIZE;
    if (linear - esp + NEAR_STACK > 2 * NEAR_STACK)
        return false;
    for (unsigned i = 0; i < NEAR_STACK / PAGE_SIZE; i++, page += PAGE_SIZE)
        if (is_user_page(x86, page))
            return true;
    return false;
}

static void operand_words(struct session *session, const struct operand_memory *memory,
                          struct explain_words *words, bool ask)
{
    const struct x86 *x86 = x86_of(session);
    unsigned base = memory->base, index = memory->index;
    if (memory->stack) {
        words_fact(words, "The access is the stack's: esp = %08" PRIx32, x86->s.gpr[X86_ESP]);
        if (ask)
            words_ask_register(session, words, X86_ESP);
        return;
    }
    if (base == OPERANDS_NO_GPR && index == OPERANDS_NO_GPR) {
        words_fact(words,
                   "The address %08" PRIx32 " stands in the instruction itself: a constant of "
                   "the program",
                   memory->linear);
        return;
    }
    char parts[96] = "";
    size_t used = 0;
    if (base != OPERANDS_NO_GPR)
        used = (size_t)snprintf(parts, sizeof parts, "%s = %08" PRIx32,
                                arch_register(&arch_x86, base), x86->s.gpr[base]);
    if (index != OPERANDS_NO_GPR)
        snprintf(parts + used, sizeof parts - used, "%s%s = %08" PRIx32, used > 0 ? ", " : "",
                 arch_register(&arch_x86, index), x86->s.gpr[index]);
    words_fact(words, "The operand is %s at %s = %08" PRIx32 ", with %s",
               memory->write ? "written," : "read,", memory->text, memory->linear, parts);
    if (ask && base != OPERANDS_NO_GPR)
        words_ask_register(session, words, base);
    if (ask && index != OPERANDS_NO_GPR && index != base)
        words_ask_register(session, words, index);
}

/* The address itself tells something. */
static void address_words(struct session *session, struct explain_words *words, uint32_t linear)
{
    char name[128];
    if (linear < PAGE_SIZE) {
        words_fact(words, "%08" PRIx32 " is the null pointer%s", linear,
                   linear == 0 ? "" : " plus the offset of a field or element");
        words_remedy(words, "Find out why the pointer is null: check what returned it before use.");
        return;
    }
    origin_variable(session, linear, name, sizeof name);
    if (name[0] != '\0')
        words_fact(words, "%08" PRIx32 " is %s", linear, name);
}

static void page_words(struct session *session, const struct explain *explain,
                       struct explain_fault *fault)
{
    const struct x86 *x86 = x86_of(session);
    struct explain_words *words = &fault->words;
    uint32_t linear = fault->address, pc = explain->pc;
    const struct operand_memory *memory = operand_at(explain, linear);
    reason_page(session, fault, words);
    if (memory == NULL && linear - pc < 16) {
        words_fact(words,
                   "The access is the fetch of the instruction itself at %08" PRIx32
                   ": no code is there",
                   pc);
        words_ask_register(session, words, ORIGIN_PC);
        if (words->remedy[0] == '\0')
            words_remedy(words, "A wild jump: look at the function pointer or return address that "
                                "led here.");
        return;
    }
    bool left_stack = (fault->error & 1) == 0 && x86->s.cpl == 3 && below_stack(x86, linear);
    if (memory != NULL)
        operand_words(session, memory, words, !left_stack);
    if (left_stack)
        words_stack(session, words);
    else
        address_words(session, words, linear);
    if (words->remedy[0] == '\0')
        words_remedy(words, "The pointer points to no memory: find out who set it.");
}

/* --- the simple ones -------------------------------------------------------------------------- */

static void divide_words(struct session *session, const struct explain *explain,
                         struct explain_words *words)
{
    const struct x86 *x86 = x86_of(session);
    const struct operands *o = &explain->operands;
    const uint32_t *r = x86->s.gpr;
    if (o->has_selector && o->selector == 0) {
        words_check(words, "divisor not 0: it is 0");
        if (o->memories > 0)
            words_ask_memory(session, words, o->memory[0].linear, o->width, "the divisor");
        else if (o->from != OPERANDS_NO_GPR)
            words_ask_register(session, words, o->from);
        words_remedy(words, "Test the divisor before the division.");
        return;
    }
    if (!o->has_selector) {
        words_check(words, "divisor not 0: the base of aam is 0");
        return;
    }
    if (o->width == 4)
        words_check(words,
                    "quotient fits in 32 bits: edx:eax = %08" PRIx32 ":%08" PRIx32
                    " divided by %08" PRIx32 " does not%s",
                    r[X86_EDX], r[X86_EAX], o->selector, o->is_signed ? " (signed)" : "");
    else
        words_check(words,
                    "quotient fits in %u bits: %s = %" PRIx32 " divided by %" PRIx32 " does not",
                    o->width * 8u, o->width == 2 ? "dx:ax" : "ax",
                    o->width == 2 ? r[X86_EDX] << 16 | (r[X86_EAX] & 0xffff) : r[X86_EAX] & 0xffff,
                    o->selector);
    words_fact(words,
               "The dividend is twice as wide as the quotient: its high half must be smaller "
               "than the divisor");
    words_ask_register(session, words, X86_EDX);
    words_remedy(words, "%s",
                 o->is_signed ? "INT_MIN / -1 has no result, and cdq must extend eax "
                                "before idiv."
                              : "Clear edx before div, unless the dividend has 64 "
                                "bits.");
}

static void bound_words(struct session *session, const struct explain *explain,
                        struct explain_words *words)
{
    int32_t bound[2];
    words_check(words, "index inside its bounds");
    if (explain->operands.memories > 0 &&
        session_peek(session, explain->operands.memory[0].linear, bound, sizeof bound))
        words_fact(words, "The bounds at %08" PRIx32 " are %" PRId32 " to %" PRId32,
                   explain->operands.memory[0].linear, bound[0], bound[1]);
}

static void opcode_words(struct session *session, const struct explain *explain,
                         struct explain_words *words)
{
    uint8_t bytes[8];
    char text[40] = "";
    bool readable = session_peek(session, explain->pc, bytes, sizeof bytes);
    for (unsigned i = 0; readable && i < sizeof bytes; i++)
        snprintf(text + i * 3, sizeof text - i * 3, "%02x ", bytes[i]);
    bool ud2 = readable && bytes[0] == 0x0f && bytes[1] == 0x0b;
    bool locked = readable && bytes[0] == 0xf0;
    words_check(words, "known opcode: %s",
                ud2      ? "ud2 is there to be undefined"
                : locked ? "LOCK goes only with instructions that change memory, of the few "
                           "that allow it"
                : explain->has_insn ? "this processor (an i486 with few additions) does not "
                                      "have this instruction, or not with these operands"
                                    : "these bytes are no instruction");
    words_fact(words, "The bytes at %08" PRIx32 ": %s", explain->pc, text);
    if (explain->place.symbol[0] == '\0')
        words_fact(words, "No function is known there: the program may have jumped into data");
    words_ask_register(session, words, ORIGIN_PC);
    words_remedy(words, "%s",
                 ud2 ? "The compiler puts ud2 where the program's behaviour is "
                       "undefined: read its warnings."
                     : "Compile for this processor (-march=i486), or find the wild "
                       "jump that led here.");
}

static void fpu_words(struct session *session, struct explain_words *words)
{
    const struct x86 *x86 = x86_of(session);
    words_check(words, "x87 available: CR0.EM = %u, CR0.TS = %u, and this machine has no x87",
                (x86->s.cr0 & X86_CR0_EM) != 0, (x86->s.cr0 & X86_CR0_TS) != 0);
    words_remedy(words, "Compile without floating-point instructions (-msoft-float).");
}

static void alignment_words(const struct session *session, const struct explain *explain,
                            struct explain_words *words)
{
    const struct operand_memory *memory =
        explain->operands.memories > 0 ? &explain->operands.memory[0] : NULL;
    words_check(words, "aligned operand: EFLAGS.AC = 1, CR0.AM = 1, and ring 3 demand it");
    if (memory == NULL)
        return;
    words_fact(words, "The operand of %u bytes is at %08" PRIx32, memory->size, memory->linear);
    if (memory->base != OPERANDS_NO_GPR)
        words_ask_register(session, words, memory->base);
}

static void debug_words(struct session *session, struct explain_words *words)
{
    const struct x86 *x86 = x86_of(session);
    uint32_t dr6 = x86->s.dr[6];
    words_fact(words, "A debug event: DR6 = %08" PRIx32 "%s%s%s", dr6,
               dr6 & 1u << 14 ? ", single step (TF)" : "",
               dr6 & 1u << 15 ? ", task switch (T bit)" : "", dr6 & 15 ? ", breakpoint" : "");
}

/* No check failed: the program wanted it. */
static const char *trap_fact(uint32_t vector)
{
    switch (vector) {
    case X86_BP: return "int3 was executed: a breakpoint of the program's own";
    case X86_OF_TRAP:
        return "into was executed with EFLAGS.OF = 1: the arithmetic before it "
               "overflowed";
    default: return "The program asked for this vector itself";
    }
}

void reason_instruction(struct session *session, const struct explain *explain,
                        struct explain_fault *fault)
{
    struct explain_words *words = &fault->words;
    switch (fault->vector) {
    case X86_DE: divide_words(session, explain, words); break;
    case X86_DB: debug_words(session, words); break;
    case X86_BR: bound_words(session, explain, words); break;
    case X86_UD: opcode_words(session, explain, words); break;
    case X86_NM: fpu_words(session, words); break;
    case X86_PF_FAULT: page_words(session, explain, fault); break;
    case X86_AC_FAULT: alignment_words(session, explain, words); break;
    case X86_TS:
    case X86_NP:
    case X86_SS_FAULT:
    case X86_GP:
        if (fault->trap.a == X86_CAUSE_FAULT) {
            reason_segment(session, explain, fault, words);
            break;
        }
        __attribute__((fallthrough));
    default: words_fact(words, "%s", trap_fact(fault->vector)); break;
    }
}
