/* tale: reading, at the moment itself, what only that moment has: arguments, frame, result. */
#ifndef DEBUGGER_TALE_H
#define DEBUGGER_TALE_H

#include "debugger/stories.h"

/* On the trap instruction's first micro-step. */
void tale_begin(struct stories *stories, struct story *story, struct tale *tale);
/* When a phase (or a refusal) begins. */
void tale_pass(struct stories *stories, struct story *story, struct tale *tale, unsigned passed);
/* When the story is over: names the phases whose moment was not ours. */
void tale_end(struct stories *stories, struct story *story, struct tale *tale);

/* Where the trapframe of a story that has begun is; `size` is its type's. Asks the present, unless
 * the story knows. False = the kernel's stack is not in use yet. */
bool tale_find_frame(struct session *session, const struct story *story, uint32_t size,
                     uint32_t *address);
/* The same, of what the story itself knows: for one that is not the present's. */
bool tale_has_frame(const struct story *story, uint32_t size, uint32_t *address);

#endif
