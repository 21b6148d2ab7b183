/* words: what the bits of coprocessor 0's registers mean. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/mips/parts.h"

static size_t add(char *to, size_t used, size_t room, const char *word)
{
    if (used >= room)
        return used;
    return used + (size_t)snprintf(to + used, room - used, "%s%s", used > 0 ? " " : "", word);
}

const char *mips_exception_title(uint32_t exception)
{
    static const char *const titles[MIPS_EXCEPTIONS] = {
        [MIPS_INT] = "Int interrupt",
        [MIPS_MOD] = "Mod TLB modified: store to a read-only page",
        [MIPS_TLBL] = "TLBL TLB exception on load or fetch",
        [MIPS_TLBS] = "TLBS TLB exception on store",
        [MIPS_ADEL] = "AdEL address error on load or fetch",
        [MIPS_ADES] = "AdES address error on store",
        [MIPS_IBE] = "IBE bus error on fetch",
        [MIPS_DBE] = "DBE bus error on load or store",
        [MIPS_SYS] = "Sys system call",
        [MIPS_BP] = "Bp breakpoint",
        [MIPS_RI] = "RI reserved instruction",
        [MIPS_CPU] = "CpU coprocessor unusable",
        [MIPS_OV] = "Ov arithmetic overflow",
        [MIPS_TR] = "Tr trap instruction",
        [MIPS_MCHECK] = "MCheck machine check",
    };
    return exception < MIPS_EXCEPTIONS ? titles[exception] : NULL;
}

/* Mode and enable: Kane draws a pair so. */
static const char *pair_text(uint32_t pair)
{
    static const char *const texts[4] = {"kernel/off", "kernel/on", "user/off", "user/on"};
    return texts[pair & 3];
}

const char *mips_status_text(const struct mips_model *model, uint32_t status, char *to, size_t room)
{
    char word[80];
    size_t used = 0;
    to[0] = '\0';
    if (model->status_stack != 0) {
        snprintf(word, sizeof word, "KU/IE %s, before %s, %s", pair_text(status),
                 pair_text(status >> 2), pair_text(status >> 4));
        used = add(to, used, room, word);
    } else {
        snprintf(word, sizeof word, "%s%s%s IE %u", status & MIPS_UM ? "user" : "kernel",
                 status & MIPS_ERL ? " ERL" : "", status & MIPS_EXL ? " EXL" : "",
                 status & MIPS_IE);
        used = add(to, used, room, word);
    }
    snprintf(word, sizeof word, " IM %02" PRIx32, status >> 8 & 0xff);
    used = add(to, used, room, word);
    if (status & MIPS_BEV)
        used = add(to, used, room, "BEV");
    if (status & MIPS_TS)
        used = add(to, used, room, "TS");
    for (unsigned unit = 0; unit < 4; unit++)
        if (status >> (28 + unit) & 1) {
            snprintf(word, sizeof word, "CU%u", unit);
            used = add(to, used, room, word);
        }
    return to;
}

const char *mips_cause_text(uint32_t cause, char *to, size_t room)
{
    unsigned code = cause >> MIPS_EXCCODE_SHIFT & 31;
    const char *title = mips_exception_title(code);
    char word[96];
    size_t used = 0;
    to[0] = '\0';
    snprintf(word, sizeof word, "ExcCode %u%s%s", code, title == NULL ? "" : " ",
             title == NULL ? "" : title);
    used = add(to, used, room, word);
    if (cause & MIPS_BD)
        used = add(to, used, room, " BD: in a delay slot");
    if (code == MIPS_CPU) {
        snprintf(word, sizeof word, " CE %u", (unsigned)(cause >> MIPS_CE_SHIFT & 3));
        used = add(to, used, room, word);
    }
    if ((cause & MIPS_IP) != 0) {
        snprintf(word, sizeof word, " IP %02" PRIx32 " pending", (cause & MIPS_IP) >> 8);
        add(to, used, room, word);
    }
    return to;
}

const char *mips_page_text(const struct mips_page *page, char *to, size_t room)
{
    snprintf(to, room, "page %08" PRIx32 " ASID %u -> physical %08" PRIx32 " %s%s%s%s",
             page->address, page->asid, page->physical, page->valid ? "V" : "invalid",
             page->writable ? " D" : "", page->global ? " G" : "", page->uncached ? " N" : "");
    return to;
}

static void entryhi_text(const struct mips_model *model, uint32_t hi, char *to, size_t room)
{
    snprintf(to, room, "page %08" PRIx32 "  ASID %" PRIu32, hi & model->entryhi_vpn,
             (hi & model->entryhi_asid) >> model->asid_shift);
}

static void entrylo_text(const struct mips_model *model, uint32_t lo, char *to, size_t room)
{
    snprintf(to, room, "physical %08" PRIx32 "%s%s%s", lo << model->lo_shift & MIPS_VPN,
             lo & model->lo_v ? " V" : " invalid", lo & model->lo_d ? " D" : "",
             lo & model->lo_g ? " G" : "");
}

bool mips_register_meaning(const struct cpu *cpu, const char *name, uint32_t value, char *to,
                           size_t room)
{
    const struct mips_model *model = mips_of(cpu)->model;
    to[0] = '\0';
    if (strcmp(name, "status") == 0)
        mips_status_text(model, value, to, room);
    else if (strcmp(name, "cause") == 0)
        mips_cause_text(value, to, room);
    else if (strcmp(name, "entryhi") == 0)
        entryhi_text(model, value, to, room);
    else if (strncmp(name, "entrylo", 7) == 0)
        entrylo_text(model, value, to, room);
    else if (strcmp(name, "context") == 0)
        snprintf(to, room, "table %08" PRIx32 "  page %08" PRIx32, value & model->context_pte,
                 (value & model->context_vpn) << model->context_shift);
    else if (strcmp(name, "index") == 0)
        snprintf(to, room, "%sentry %" PRIu32, value & MIPS_INDEX_P ? "the probe found none; " : "",
                 (value & ~MIPS_INDEX_P) >> model->index_shift);
    else if (strcmp(name, "random") == 0)
        snprintf(to, room, "entry %" PRIu32, value >> model->index_shift);
    else
        return false;
    return true;
}

/* Members are called as the registers are, behind a prefix that many kernels give them. */
const char *mips_trapframe_register(const char *member)
{
    static const char *const others[][2] = {{"epc", "pc"}, {"fp", "s8"}, {"s9", "s8"}};
    if (strncmp(member, "tf_", 3) == 0)
        member += 3;
    for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(member, others[i][0]) == 0)
            return others[i][1];
    return member;
}

void mips_field_meaning(struct session *session, const char *member, uint32_t value, char *to,
                        size_t room)
{
    const char *name = mips_trapframe_register(member);
    to[0] = '\0';
    if (strcmp(name, "pc") == 0 || strcmp(name, "ra") == 0)
        session_symbol(session, value, to, room);
    else if (strcmp(name, "status") == 0)
        mips_status_text(mips_of(session->cpu)->model, value, to, room);
    else if (strcmp(name, "cause") == 0)
        mips_cause_text(value, to, room);
}

const char *mips_segment_text(uint32_t address, char *to, size_t room)
{
    if (address < 0x80000000u)
        snprintf(to, room, "kuseg: user and kernel, through the TLB");
    else if (address < 0xa0000000u)
        snprintf(to, room, "kseg0: kernel, physical %08" PRIx32 ", cached, without the TLB",
                 address - 0x80000000u);
    else if (address < 0xc0000000u)
        snprintf(to, room, "kseg1: kernel, physical %08" PRIx32 ", uncached, without the TLB",
                 address - 0xa0000000u);
    else
        snprintf(to, room, "kseg2: kernel, through the TLB");
    return to;
}
