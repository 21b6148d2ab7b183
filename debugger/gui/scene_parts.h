/* scene_parts: what the files that gather a scene share. */
#ifndef DEBUGGER_GUI_SCENE_PARTS_H
#define DEBUGGER_GUI_SCENE_PARTS_H

#include "debugger/gui/scene.h"

struct gathering {
    struct session *session;
    struct scene *scene;
    const struct story *story;
    const struct tale *tale;
    uint32_t steps_before; /* micro-steps of a refused delivery at the same count */
    uint32_t frame;        /* address of the trapframe; 0 = not known yet */
};

/* Cuts what does not fit, at a whole character. */
void scene_text(char *to, size_t room, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The next beat, zeroed but for kind, phase and ring; NULL = there is no room for more. */
struct scene_beat *scene_add_beat(struct scene *scene, enum beat_kind kind, enum story_phase phase,
                                  unsigned ring);

/* The instruction at an address of the present, as text. */
void scene_insn(struct session *session, uint32_t address, char *to, size_t room);

/* scene.c: the user's side, when the machine is at the trap; all of a story. */
void scene_gather_user(struct gathering *g);
void scene_gather_story(struct gathering *g);

/* scene_software.c: words saved, functions entered, the result written. */
void scene_software(struct gathering *g);

/* scene_steps.c: the micro-steps of the delivery, or of the return. */
void scene_steps(struct gathering *g, bool returning);
/* Interrupt or exception? Of the latter: why the instruction raised it. */
void scene_cause(struct gathering *g);

/* What a micro-step changes. */
struct scene_now {
    uint32_t sp;
    unsigned ring;
};

/* scene_x86.c and scene_mips.c: the facts that a micro-step tells. */
void scene_x86_take(struct scene *scene, const struct trace_event *event, uint16_t beat,
                    struct scene_now *now);
/* What the registers tell before the trap. */
void scene_x86_look(struct session *session, struct scene *scene);
void scene_mips_take(struct scene *scene, const struct trace_event *event, uint16_t beat,
                     struct scene_now *now);
/* What only commands know. The machine is at the trap, and goes away from there. */
void scene_mips_ask(struct gathering *g);
/* The same when the present instruction is going to trap. */
void scene_mips_coming(struct session *session, struct scene *scene);
/* The same of the present moment, which the machine is at. */
void scene_mips_present(struct session *session, struct scene *scene);

#endif
