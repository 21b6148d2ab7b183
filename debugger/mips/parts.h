/* parts: the functions of the description of MIPS (arch.h), for arch.c, which puts them together.
 */
#ifndef DEBUGGER_MIPS_PARTS_H
#define DEBUGGER_MIPS_PARTS_H

#include "cpu/mips/trap.h"
#include "debugger/explain.h"
#include "debugger/mips/page.h"
#include "debugger/session.h"
#include "debugger/story.h"

static inline const struct mips *mips_of(const struct cpu *cpu)
{
    return (const struct mips *)cpu;
}

/* --- decode.c */
bool mips_decode_insn(unsigned bits, bool intel, uint32_t address, const uint8_t *bytes,
                      unsigned length, struct arch_insn *insn);
bool mips_may_trap(const uint8_t bytes[4]);
bool mips_operands(struct session *session, uint32_t linear, struct operands *out);

/* --- words.c: registers of coprocessor 0 in words; pure */
/* The mode and enable pairs, current first: "user 1, off 0". Cut at `room`, as all of these. */
const char *mips_status_text(const struct mips_model *model, uint32_t status, char *to,
                             size_t room);
const char *mips_cause_text(uint32_t cause, char *to, size_t room);
/* "page 00400000 ASID 3 -> physical 00032000 VD" */
const char *mips_page_text(const struct mips_page *page, char *to, size_t room);
/* "#8 Sys system call"; NULL = no such exception. */
const char *mips_exception_title(uint32_t exception);
bool mips_register_meaning(const struct cpu *cpu, const char *name, uint32_t value, char *to,
                           size_t room);
void mips_field_meaning(struct session *session, const char *member, uint32_t value, char *to,
                        size_t room);
/* "kuseg, through the TLB", "kseg0: physical 00000080, cached". */
const char *mips_segment_text(uint32_t address, char *to, size_t room);

/* --- switch.c */
bool mips_follow_switch(const struct image *kernel, const struct symbol *function,
                        uint32_t number_field, uint32_t number, struct arch_switch *out);

/* --- frames.c */
bool mips_interrupted_frame(struct session *session, struct frame *frame, struct frame *out);
const char *mips_trapframe_register(const char *member);

/* --- reason.c */
void mips_explain(struct session *session, const struct explain *explain,
                  struct explain_fault *fault);
const char *mips_pointer_problem(const struct cpu *cpu, uint32_t address, bool writes);

/* --- say.c */
void mips_say_delivery(struct session *session, const struct story *story);
void mips_say_trap_registers(struct session *session, const struct story *story);

/* --- cmd_vector.c */
void mips_copied_code(struct session *session, uint32_t address, char *to, size_t room);

/* --- cmd_tlb.c */
bool mips_page_table(struct session *session, uint32_t linear, uint32_t *physical);
void mips_say_walk(struct session *session, uint32_t linear);

#endif
