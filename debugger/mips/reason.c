/* reason: an exception of MIPS in words: the check that failed, its operands, who set them, what to
 * do. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"
#include "debugger/show.h"

#define PAGE       4096u
#define NEAR_STACK 0x10000u

/* The record of the check: the first micro-step of the delivery. */
static const struct trace_event *check_of(const struct explain *explain,
                                          const struct explain_fault *fault)
{
    for (unsigned i = 0; i < explain->events; i++)
        if (explain->event[i].kind == TRACE_STEP && explain->event[i].count == fault->trap.count)
            return &explain->event[i];
    return NULL;
}

static bool is_fetch(unsigned row)
{
    return row <= MIPS_STEP_FETCH_ANSWERED;
}

/* --- who made the address --------------------------------------------------------------------- */

static void address_words(struct session *session, struct explain_words *words, uint32_t address)
{
    char name[128], segment[96];
    if (address < PAGE) {
        words_fact(words, "%08" PRIx32 " is the null pointer%s", address,
                   address == 0 ? "" : " plus the offset of a field or element");
        words_remedy(words, "Find out why the pointer is null: check what returned it before use.");
        return;
    }
    origin_variable(session, address, name, sizeof name);
    if (name[0] != '\0')
        words_fact(words, "%08" PRIx32 " is %s", address, name);
    else
        words_fact(words, "%08" PRIx32 " lies in %s", address,
                   mips_segment_text(address, segment, sizeof segment));
}

static void operand_words(struct session *session, const struct explain *explain,
                          struct explain_words *words)
{
    const struct operand_memory *memory = &explain->operands.memory[0];
    if (explain->operands.memories == 0)
        return;
    words_fact(words, "The operand is %s at %s = %08" PRIx32 ", with %s = %08" PRIx32,
               memory->write ? "written," : "read,", memory->text, memory->linear,
               arch_register(&arch_mips, memory->base), mips_of(session->cpu)->s.gpr[memory->base]);
    if (memory->base == 0)
        words_fact(words,
                   "The address stands in the instruction itself: a constant of the program");
    else
        words_ask_register(session, words, memory->base);
}

/* A jump to where no code is: the register or the constant that it took. */
static void jump_words(struct session *session, const struct explain *explain,
                       struct explain_words *words)
{
    words_fact(words, "The access is the fetch of the instruction itself at %08" PRIx32,
               explain->pc);
    words_ask_register(session, words, ORIGIN_PC);
    if (mips_of(session->cpu)->s.gpr[MIPS_RA] == explain->pc) {
        words_fact(words, "$ra is %08" PRIx32 ", too: a function has returned to it", explain->pc);
        words_ask_register(session, words, MIPS_RA);
    }
}

/* --- the TLB ---------------------------------------------------------------------------------- */

/* Entries with the same page, and what keeps each from matching. */
static void nearest_words(const struct mips *c, struct explain_words *words, uint32_t address)
{
    unsigned found = 0;
    struct mips_page page;
    for (unsigned i = 0; i < c->model->tlb_entries && found < 2; i++) {
        if (!mips_page_has(c, i, address, &page))
            continue;
        found++;
        words_fact(words,
                   "Nearest entry: [%u] has page %08" PRIx32 " with ASID %u, ours is %u: the same "
                   "page, another address space's",
                   i, page.address, page.asid, mips_asid(c));
    }
    if (found == 0)
        words_fact(words, "No entry of the TLB has page %08" PRIx32 ", whatever its ASID",
                   address & ~(PAGE - 1));
}

static void entry_words(const struct mips *c, struct explain_words *words, uint32_t number,
                        uint32_t address)
{
    char text[96];
    struct mips_page page;
    if (number < c->model->tlb_entries && mips_page_has(c, number, address, &page))
        words_fact(words, "TLB entry [%" PRIu32 "]: %s", number,
                   mips_page_text(&page, text, sizeof text));
}

/* A pointer that points to nothing the kernel knows of. */
static void wild_words(struct session *session, const struct explain *explain,
                       struct explain_fault *fault)
{
    uint32_t sp = mips_of(session->cpu)->s.gpr[MIPS_SP], physical;
    bool fetch = fault->address == explain->pc;
    if (fault->address < PAGE || explain->place.kernel || session->profile == NULL ||
        session->profile->expression[PROFILE_PAGE_TABLE] == NULL ||
        session_translate(session, fault->address, &physical))
        return;
    words_fact(&fault->words, "The kernel's own page table has no page there, either");
    if (!fetch && fault->address - sp + NEAR_STACK < 2 * NEAR_STACK)
        words_stack(session, &fault->words);
    else
        words_remedy(&fault->words, "%s",
                     fetch ? "A wild jump: look at the function pointer or return address that led "
                             "here."
                           : "The pointer points to no memory: find out who set it.");
}

static void tlb_words(struct session *session, struct explain_fault *fault,
                      const struct trace_event *check)
{
    const struct mips *c = mips_of(session->cpu);
    switch (check->step) {
    case MIPS_STEP_FETCH_MATCH:
    case MIPS_STEP_DATA_MATCH: nearest_words(c, &fault->words, fault->address); break;
    default: entry_words(c, &fault->words, check->a, fault->address); break;
    }
}

/* --- the others ------------------------------------------------------------------------------- */

static void overflow_words(struct session *session, const struct explain *explain,
                           struct explain_words *words, const struct trace_event *check)
{
    uint8_t bytes[4];
    words_fact(words, "As signed numbers: %" PRId32 " and %" PRId32, (int32_t)check->a,
               (int32_t)check->b);
    if (!session_peek(session, explain->pc, bytes, sizeof bytes))
        return;
    uint32_t word = arch_word(&arch_mips, bytes);
    words_ask_register(session, words, word >> 21 & 31);
    if (word >> 26 == 0 && (word >> 16 & 31) != (word >> 21 & 31))
        words_ask_register(session, words, word >> 16 & 31);
}

/* Codes that compilers put into BREAK: gcc's for a division by zero and an overflow of one. */
static void break_words(struct explain_words *words, const struct trace_event *check)
{
    /* Assemblers put a code of ten bits into the upper half of the field. */
    uint32_t code = check->a > 1023 ? check->a >> 10 : check->a;
    if (code == 7)
        words_fact(words, "Code 7: the compiler's check for a division by zero");
    else if (code == 6)
        words_fact(words, "Code 6: the compiler's check for an overflow in a division");
    else
        words_fact(words,
                   "BREAK with code %" PRIu32 ": a breakpoint, or a check of the program's own",
                   code);
    if (code == 7)
        words_remedy(words, "Test the divisor before the division.");
}

static void word_words(struct session *session, const struct explain *explain,
                       struct explain_words *words)
{
    if (explain->place.symbol[0] != '\0')
        return;
    words_fact(words, "No function is known there: the program may have jumped into data");
    words_ask_register(session, words, ORIGIN_PC);
}

static void usable_words(struct session *session, struct explain_words *words,
                         const struct trace_event *check)
{
    const struct mips *c = mips_of(session->cpu);
    char status[160];
    words_fact(words, "Status is %08" PRIx32 ": %s", c->s.status,
               mips_status_text(c->model, c->s.status, status, sizeof status));
    if (check->a == 0)
        words_remedy(words,
                     "Only the kernel may use coprocessor 0 (Status, the TLB, RFE): ask it with "
                     "a system call.");
    else
        words_remedy(words,
                     "This machine has no coprocessor %" PRIu32 ": compile with -msoft-float, or "
                     "let the kernel emulate it here.",
                     check->a);
}

static void kernel_half_words(const struct session *session, struct explain_words *words)
{
    const struct mips *c = mips_of(session->cpu);
    char status[160];
    words_fact(words, "The mode is user: Status is %08" PRIx32 ", %s", c->s.status,
               mips_status_text(c->model, c->s.status, status, sizeof status));
}

static void particular_words(struct session *session, const struct explain *explain,
                             struct explain_fault *fault, const struct trace_event *check)
{
    struct explain_words *words = &fault->words;
    switch (check->step) {
    case MIPS_STEP_BREAK: break_words(words, check); break;
    case MIPS_STEP_DEFINED: word_words(session, explain, words); break;
    case MIPS_STEP_USABLE: usable_words(session, words, check); break;
    case MIPS_STEP_NO_OVERFLOW: overflow_words(session, explain, words, check); break;
    case MIPS_STEP_FETCH_ALLOWED:
    case MIPS_STEP_DATA_ALLOWED: kernel_half_words(session, words); break;
    default: break;
    }
}

void mips_explain(struct session *session, const struct explain *explain,
                  struct explain_fault *fault)
{
    struct explain_words *words = &fault->words;
    const struct trace_event *check = check_of(explain, fault);
    char filled[EXPLAIN_TEXT];
    if (check == NULL || check->step >= MIPS_STEPS)
        return;
    const struct mips_step_info *info = &mips_steps[check->step];
    fault->step = *check;
    if (info->format != NULL && check->step != MIPS_STEP_BREAK)
        words_check(words, "%s: %s", info->name,
                    mips_step_fill(check, info->format, filled, sizeof filled));
    words_fact(words, "%s (%s)", info->text, info->manual);
    if (fault->trap.addr != explain->pc && fault->trap.addr + 4 == explain->pc)
        words_fact(words, "It is in a delay slot: EPC is the branch's, %08" PRIx32 ", and BD is 1",
                   fault->trap.addr);
    if (fault->vector >= MIPS_MOD && fault->vector <= MIPS_TLBS)
        tlb_words(session, fault, check);
    if (info->remedy != NULL)
        words_remedy(words, "%s", mips_step_fill(check, info->remedy, filled, sizeof filled));
    particular_words(session, explain, fault, check);
    if (fault->vector == MIPS_IBE || (fault->has_address && is_fetch(check->step)))
        jump_words(session, explain, words);
    else if (fault->has_address || fault->vector == MIPS_DBE)
        operand_words(session, explain, words);
    if (fault->has_address)
        address_words(session, words, fault->address);
    if (fault->vector == MIPS_TLBL || fault->vector == MIPS_TLBS)
        wild_words(session, explain, fault);
}

/* A page that is not in the TLB is no problem yet: the kernel puts it there. */
const char *mips_pointer_problem(const struct cpu *cpu, uint32_t address, bool writes)
{
    (void)cpu;
    (void)writes;
    return address >= 0x80000000u ? "that half of the addresses is the kernel's" : NULL;
}
