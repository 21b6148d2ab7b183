/* parts: the functions of the x86's description (arch.h), for arch.c, which puts them together. */
#ifndef DEBUGGER_X86_PARTS_H
#define DEBUGGER_X86_PARTS_H

#include "debugger/explain.h"
#include "debugger/session.h"
#include "debugger/story.h"

/* decode.c */
bool x86_decode_insn(unsigned bits, bool intel, uint32_t address, const uint8_t *bytes,
                     unsigned length, struct arch_insn *insn);
bool x86_may_trap(const uint8_t bytes[4]);

/* frames.c */
bool x86_interrupted_frame(struct session *session, struct frame *frame, struct frame *out);
const char *x86_trapframe_register(const char *member);
void x86_trapframe_complete(struct session *session, const struct type *type, uint32_t address,
                            struct frame *out);
void x86_field_meaning(struct session *session, const char *member, uint32_t value, char *to,
                       size_t room);

bool x86_register_meaning(const struct cpu *cpu, const char *name, uint32_t value, char *to,
                          size_t room);

/* explain.c */
void x86_explain(struct session *session, const struct explain *explain,
                 struct explain_fault *fault);
void x86_explain_chain(const struct explain *explain, unsigned i, char *to, size_t room);
const char *x86_pointer_problem(const struct cpu *cpu, uint32_t address, bool writes);
void x86_shutdown_text(const struct cpu *cpu, char *to, size_t room);

/* walk.c */
void x86_say_walk(struct session *session, uint32_t linear);

/* say.c */
void x86_say_delivery(struct session *session, const struct story *story);

/* reason_step.c: an exception that a micro-step found; the machine is at fault->when. */
void reason_step(struct session *session, const struct explain *explain,
                 struct explain_fault *fault);
/* reason.c: an exception that an instruction found; the machine is at fault->when. */
void reason_instruction(struct session *session, const struct explain *explain,
                        struct explain_fault *fault);
/* The page walk of fault->address. */
void reason_page(struct session *session, const struct explain_fault *fault,
                 struct explain_words *words);
/* reason_segment.c: #GP, #SS, #NP, #TS of an instruction. */
void reason_segment(struct session *session, const struct explain *explain,
                    const struct explain_fault *fault, struct explain_words *words);

#endif
