/* show: small pieces of replies that several commands share. */
#ifndef DEBUGGER_SHOW_H
#define DEBUGGER_SHOW_H

#include "debugger/session.h"

bool show_instruction_at(struct session *session, uint32_t address, struct arch_insn *insn);
/* " <symbol>" of the target of a call or jump, or "". */
void show_operand_symbol(struct session *session, const struct arch_insn *insn, char *to,
                         size_t room);
/* Why the machine itself has stopped, as a sentence; answers `to` or a constant. */
const char *show_machine_stop(const struct machine_stop *stop, char *to, size_t room);
/* "int 64: system call write", "#PF page fault", "irq 0 (vector 32)". */
void show_trap(struct session *session, const struct trace_event *trap, char *to, size_t room);
/* "the local APIC's timer", "processor 1": where the interrupt of a TRACE_TRAP, or the message of a
 * TRACE_SIGNAL, came from. False = the record does not have it. */
bool show_source(const struct session *session, const struct trace_event *event, char *to,
                 size_t room);
/* NAME or NUMBER of a system call; "" = any. False = said why. */
bool show_wanted_call(struct session *session, const char *text, struct wanted_call *wanted);
/* The path of the system call that the instruction at pc is; NULL = it is none of the present
 * program's. */
const struct profile *show_at_syscall(struct session *session, uint32_t pc, int64_t *number);
/* The function that a path's switch calls for a number; false = the profile names none, or it
 * cannot be followed. */
bool show_switch_handler(struct session *session, const struct profile *path, int64_t number,
                         uint32_t *handler);
/* "write(1, \"hi\\n\", 3)": the call that the program is about to make, on its trap instruction. */
void show_call(struct session *session, const struct profile *path, int64_t number, char *to,
               size_t room);
/* Argument n of the call, as the path says where it is; on the trap instruction. */
bool show_argument_word(struct session *session, const struct profile *path, unsigned n,
                        uint32_t *word);
/* An argument word in words: strings quoted, buffers of `length` bytes quoted. */
void show_argument(struct session *session, const struct parameter *parameter, uint32_t word,
                   uint32_t length, char *to, size_t room);
/* The kernel's line that calls the table's entry, or the label of this call in the switch; NULL =
 * not found. */
const char *show_dispatch_source(struct session *session, const struct profile *path,
                                 const char *call, const char **file, unsigned *line);
/* One TRACE_STEP as a line and its explanation; JSON: an object into the open array. */
void show_micro_step(struct session *session, const struct trace_event *event);
/* Units of memory as x shows them; *address goes behind them. */
bool show_memory(struct session *session, const char *format, uint32_t *address);
/* What an expression names as a place: the value of a pointer, the address of an object. */
bool show_address_of(struct session *session, const char *text, uint32_t *address);
/* Displays that are on (commands_display.c). */
void show_displays(struct session *session);
/* tick, count and micro of the present, into a JSON reply. */
void say_position(struct session *session);

#endif
