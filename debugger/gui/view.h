/* view: what the window shows of a session, as plain data: gathered once at every stop, read by
 * panes.
 *
 * A pane draws from a view and nothing else, so a picture depends on nothing but the moment. Larger
 * answers are those of the debugger's own commands, as JSON: what a pane shows is what the command
 * says. */
#ifndef DEBUGGER_GUI_VIEW_H
#define DEBUGGER_GUI_VIEW_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "debugger/gui/scene.h"
#include "debugger/gui/transcript.h"
#include "debugger/session.h"

#define VIEW_REGISTERS 128u
#define VIEW_LINES     240u
#define VIEW_WORDS     128u
#define VIEW_MEMORY    1024u
#define VIEW_TEXT      200u

/* What costs time is gathered only for panes that are seen. */
enum view_part {
    VIEW_CODE = 1,
    VIEW_STACK = 2,
    VIEW_BYTES = 4,
    VIEW_TRAPFRAME = 8,
    VIEW_PROCESSES = 16,
    VIEW_FRAMES = 32,
    VIEW_WALK = 64,
    VIEW_SCENE = 128,
    VIEW_DEVICES = 256,
};

struct view_register {
    const char *name, *group;
    uint64_t value, before; /* before: at the last stop */
    uint8_t bits;
    bool changed;
};

struct view_line {
    bool source;      /* else an instruction */
    unsigned number;  /* of a source line */
    uint32_t address; /* of an instruction */
    char text[VIEW_TEXT];
    bool present;        /* the machine is here */
    unsigned breakpoint; /* its number; 0 = none */
};

struct view_word {
    uint32_t address, value;
    bool changed;
    char name[40];  /* "esp", a field of the trapframe */
    char means[80]; /* the symbol it points to */
};

struct view {
    struct timeline_position now, frontier, origin;
    bool running;
    char command[80]; /* that runs */
    bool searching;   /* ... through the past; `now` is where it will come back to */
    ticks searched;   /* where it is at present */
    uint64_t stop;    /* counts the stops */
    bool quiz, hide;  /* quiz: what follows is not told, and what is new is covered */

    bool kernel;
    unsigned privilege;
    const char *architecture;
    char mode[32];    /* "ring 3 user" */
    char process[64]; /* "pid 2 hello" */
    char reason[320]; /* why we stopped: one sentence */
    enum draw_ink reason_ink;
    uint32_t pc, sp;

    struct view_register reg[VIEW_REGISTERS];
    unsigned registers;

    char code_title[VIEW_TEXT], code_why[VIEW_TEXT];
    struct view_line line[VIEW_LINES];
    unsigned lines, present; /* the line that the machine is at */

    char stack_title[80];
    struct view_word word[VIEW_WORDS];
    unsigned words;

    uint32_t memory;   /* address of the first byte */
    bool memory_given; /* the user has named it; else it is where the stack is */
    uint8_t byte[VIEW_MEMORY], byte_before[VIEW_MEMORY];
    bool there[VIEW_MEMORY]; /* something answers */
    uint32_t memory_before;  /* what byte_before is of; UINT32_MAX = nothing */

    /* Answers of commands; NULL = not gathered, with "error" = it had nothing to say. */
    json_t *trapframe, *processes, *frames, *walk, *devices;
    /* Of the delivery or return in progress, or of the last one, also those that follow, where the
     * present is in the past: "done" of "steps" have been done. */
    json_t *steps;
    char walk_of[64];
    char walk_text[4096]; /* where the answer has no levels of tables: in words, with the TLB */
    bool walk_given;      /* the user has named an address */
    uint32_t walk_address;

    struct scene *scene; /* NULL = not gathered, or not known */
    unsigned beat;       /* of it, that happened last */
    float shown;         /* how far the present beat has appeared, 0 to 1 */

    const struct transcript *console, *commands;
};

void view_init(struct view *view);
void view_free(struct view *view);

/* Looks at the present; `parts` are enum view_part. What changed is told against the last call with
 * another position. */
void view_gather(struct view *view, struct session *session, unsigned parts);

/* What the command answers, as JSON, unseen and without a trace in the session's own output or its
 * RET. NULL = no JSON came. To be given back with json_decref. */
json_t *view_ask(struct session *session, const char *line);

/* The same as text, cut at `room`. */
void view_ask_text(struct session *session, const char *line, char *to, size_t room);

/* Members of an answer; "" and 0 when there is none. */
const char *view_string(const json_t *object, const char *key);
int64_t view_number(const json_t *object, const char *key);
bool view_true(const json_t *object, const char *key);

/* The lines, one below the other, that go to where the first `done` of view->steps are done. */
void view_step_lines(const struct view *view, size_t done, char *to, size_t room);

/* --- of view_gather: view_code.c, view_why.c */
void view_gather_code(struct view *view, struct session *session);
void view_gather_reason(struct view *view, struct session *session);

#endif
