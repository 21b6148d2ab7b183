/* story_say: a story as text on one screen and as JSON. */
#ifndef DEBUGGER_STORY_SAY_H
#define DEBUGGER_STORY_SAY_H

#include "debugger/stories.h"

/* The members of one JSON object: tick, cpu, pid, program, name, number, vector, args, result,
 * phases, trapframe and, with `steps`, the micro-steps. `out` has an open object. */
void story_say_json(struct session *session, struct output *out, const struct story *story,
                    bool steps);

/* The call in a line, and its phases in the next. */
void story_say_lines(struct session *session, struct output *out, const struct story *story);

/* The whole path, phase by phase; with `steps`, every micro-step of gate and return. */
void story_say_journey(struct session *session, const struct story *story, bool steps);

/* "1,204,511". Answers `to`. */
const char *story_say_ticks(uint64_t number, char *to, size_t room);

/* For what an architecture says of its part of the way. */
/* A line that continues a phase, under its first one. */
void story_say_more(struct output *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The first such micro-step; NULL = there was none. */
const struct trace_event *story_step(const struct tale *tale, unsigned step);

#endif
