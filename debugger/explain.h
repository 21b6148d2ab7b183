/* explain: the last exception before a moment, taken apart: which check failed, with which
 * operands, and what set them.
 *
 * Everything comes from what was recorded or is in the machine at that moment: the micro-steps of
 * the delivery, the instruction, registers, descriptors and page tables. */
#ifndef DEBUGGER_EXPLAIN_H
#define DEBUGGER_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "debugger/operands.h"
#include "debugger/origin.h"

#define EXPLAIN_EVENTS 512u
#define EXPLAIN_CHAIN  8u
#define EXPLAIN_TEXT   320u
#define EXPLAIN_FACTS  8u
#define EXPLAIN_CAUSES 4u

/* What made an operand what it was. */
struct explain_cause {
    char label[96];   /* "ecx", "the gate" */
    bool is_register; /* by, else write */
    struct origin_register by;
    struct origin write; /* the memory's last write, or what loaded the register's memory */
    bool has_write;
};

/* One exception in words. */
struct explain_words {
    char check[EXPLAIN_TEXT]; /* "gate.DPL >= CPL: gate.DPL 0 >= CPL 3" */
    bool condition;           /* behind the colon stands what should be so */
    char fact[EXPLAIN_FACTS][EXPLAIN_TEXT];
    unsigned facts;
    char code[EXPLAIN_TEXT];
    char remedy[EXPLAIN_TEXT];
    struct explain_cause cause[EXPLAIN_CAUSES];
    unsigned causes;
};

struct explain_fault {
    struct timeline_position when; /* registers and memory are as the exception found them */
    struct trace_event trap;       /* TRACE_TRAP: what is delivered for it. A shutdown has none. */
    uint32_t vector, error;        /* what was found; trap.vector is 8 where two made a #DF */
    bool has_error;
    bool by_step; /* found by a micro-step, not by an instruction */
    struct trace_event step;
    bool has_address;
    uint32_t address; /* that goes with it: CR2, BadVAddr */
    struct explain_words words;
};

struct explain {
    struct timeline_position when; /* before the instruction, or the interrupt */
    uint32_t pc;                   /* linear */
    unsigned privilege;            /* before the first one */
    struct origin_place place;
    bool has_insn;
    struct operands operands;
    bool interrupt;        /* an interrupt's delivery was refused: it is no instruction's */
    uint32_t first_vector; /* of the event whose delivery begins it all */
    struct trace_event event[EXPLAIN_EVENTS];
    unsigned events;
    struct explain_fault fault[EXPLAIN_CHAIN];
    unsigned faults;
    bool shutdown;
    bool served; /* the kernel went back to the instruction, */
    ticks served_at;
};

enum explain_found { EXPLAIN_FOUND, EXPLAIN_NONE, EXPLAIN_INTERRUPTED };

/* The last exception that nothing went back from; when all were gone back from, the last one.
 * Leaves the machine where it was. */
enum explain_found explain_last(struct session *session, struct explain *explain);

/* Fills in the words of all its faults. False = interrupted. */
bool explain_words(struct session *session, struct explain *explain);

/* --- for the parts that find words */
void words_check(struct explain_words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void words_fact(struct explain_words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void words_remedy(struct explain_words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Asks who wrote this memory, at the moment that the machine is at; `label` says what it is, the
 * variable there gives it its name. */
void words_ask_memory(struct session *session, struct explain_words *words, uint32_t linear,
                      uint32_t length, const char *label);
/* The same of physical memory. `software`: an entry or descriptor, in which the CPU's own marks do
 * not count. */
void words_ask_physical(struct explain_words *words, uint32_t physical, uint32_t length,
                        const char *label, bool software);
void words_ask_system(struct explain_words *words, const char *reg, const char *label);
/* Asks where a general register's value came from; ORIGIN_PC: what jumped here. */
void words_ask_register(const struct session *session, struct explain_words *words, unsigned gpr);

/* The stack has grown out of its pages: how far, and whether by recursion. */
void words_stack(struct session *session, struct explain_words *words);

#endif
