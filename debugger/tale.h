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

#endif
