/* origin: who made memory and registers what they are: the past, searched backwards.
 *
 * Exact: every write is compared by its physical address, by whatever it was made (an instruction,
 * a push by the CPU, a page walk that marks an entry). */
#ifndef DEBUGGER_ORIGIN_H
#define DEBUGGER_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "debugger/session.h"

#define ORIGIN_TEXT 200u

/* A moment in words. */
struct origin_place {
    char symbol[ORIGIN_TEXT]; /* "tvinit+42"; "" = unknown code */
    char insn[ORIGIN_TEXT];
    const char *file; /* NULL = unknown */
    unsigned line;
    const char *source; /* text of the line; NULL = unknown */
    bool kernel;
    bool has_process;
    int64_t pid;
    char name[32];
};

struct origin {
    /* The question: `length` bytes of physical memory, or else a register of the whole machine that
     * no program saves: "idtr.base". */
    uint32_t physical, length;
    bool software; /* bits that the CPU marks in entries and descriptors by itself do not count */
    const char *reg;

    /* The answer */
    bool found;
    struct timeline_position when; /* before the instruction, delivery or return that did it */
    uint32_t pc;
    uint32_t linear, value, old;
    uint8_t size;
    bool micro;    /* done by a trap delivery, a return, or a page walk: `step` */
    uint16_t step; /* row of steps.def */
    struct origin_place place;
};

/* Answers all questions in one journey back from `before`. False = interrupted; what is not found
 * was never done. The machine is at the present again. */
bool origin_search(struct session *session, struct origin *origin, unsigned count,
                   struct timeline_position before);

/* The moment before the instruction at which general register `gpr` (its DWARF number) got the
 * value that it has at `at`, by code of the same privilege and address space. False = too long ago,
 * or interrupted. */
struct origin_register {
    struct timeline_position when;
    uint32_t pc;
    bool jump; /* asked for the PC: the instruction that jumped here */
    struct origin_place place;
    bool from_memory; /* loaded from `linear`, which is at `physical` */
    uint32_t linear, physical;
    char variable[64]; /* of the program, at `linear`; "" = unknown */
    char through[64];  /* registers that it was copied through: "edx, eax"; "" = none */
};
#define ORIGIN_PC 254u /* in place of a general register: how the PC came here */
bool origin_register(struct session *session, struct timeline_position at, unsigned gpr,
                     struct origin_register *out);

/* --- looking at other moments and coming back */
struct origin_trip {
    struct timeline_position present;
    struct stop stop;
    unsigned current; /* selected frame */
};
void origin_depart(struct session *session, struct origin_trip *trip);
bool origin_visit(struct session *session, struct timeline_position position);
void origin_return(struct session *session, const struct origin_trip *trip);

/* The present, at this address, in words. */
void origin_describe(struct session *session, uint32_t pc, struct origin_place *place);

/* The variable that lies at an address, seen from the present frame: "n", "head", "table+8"; "" =
 * unknown. */
void origin_variable(struct session *session, uint32_t linear, char *to, size_t room);

/* "tvinit+42 (trap.c:21)". */
const char *origin_where(const struct origin_place *place, char *to, size_t room);

/* A position for `goto`. */
void origin_say_json(struct session *session, const char *key, const struct origin *origin);

#endif
