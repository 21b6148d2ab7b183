/* stories: traps as a session can tell them: whose, which call, with what, where in the source.
 *
 * A collector watches the machine while it runs or is replayed: its hooks record where the
 * profile's stages begin, feed the flow of stories and read, at the moment itself, what only that
 * moment has: arguments in the program's registers and memory, the frame on the kernel's stack, the
 * result. */
#ifndef DEBUGGER_STORIES_H
#define DEBUGGER_STORIES_H

#include "debugger/session.h"
#include "debugger/story.h"

#define TALE_TEXT   192u
#define TALE_BYTES  64u
#define TALE_FIELDS 40u
#define TALE_STEPS  160u

#define STORIES_PLACES 1024u
#define TALE_CHAIN     6u

struct tale_argument {
    uint32_t word;
    char text[TALE_TEXT];      /* as C would write it */
    uint8_t bytes[TALE_BYTES]; /* what a string or a buffer holds */
    uint32_t length;           /* of bytes that are there */
    uint32_t whole;            /* ... that there would be; UINT32_MAX = unknown */
    bool has_bytes;
};

struct tale_field {
    char name[32];
    uint32_t address, value;
    uint8_t size;
};

/* story->extra: what the session knows of it. */
struct tale {
    struct process process;
    uint64_t nth; /* so many calls has its process made since collecting began */
    bool is_call;
    int64_t number;
    const struct profile *path;         /* that the call takes; of other traps the first */
    const struct profile_syscall *call; /* NULL = the path knows no such number */
    struct tale_argument argument[PROFILE_PARAMETERS];
    unsigned arguments;
    bool
        sent_back; /* the kernel served it in no way: the program goes on elsewhere, in a handler */
    bool has_result, failed, has_reason;
    uint32_t result;
    int64_t reason;                       /* errno */
    char where[STORY_PHASES][TALE_TEXT];  /* "write+5 (usys.S:9)" for each mark */
    char symbol[STORY_PHASES][TALE_TEXT]; /* "write" */
    char caller[TALE_TEXT];               /* of the stub, in the program */
    char refusal[TALE_CHAIN][TALE_TEXT];  /* who refused, innermost first */
    uint32_t refusal_pc[TALE_CHAIN];
    unsigned refusals;
    uint32_t frame;                       /* its address, once there are fields */
    struct tale_field field[TALE_FIELDS]; /* of the frame, as it was when trap() began */
    unsigned fields;
    struct trace_event step[TALE_STEPS]; /* micro-steps, when asked for */
    unsigned steps;
};

struct stories;
/* `story` is over, or was never to return. */
typedef void stories_fn(void *context, struct stories *stories, struct story *story,
                        struct tale *tale);

struct stories_place {
    uint32_t address;
    unsigned number; /* story.h: enum story_phase or STORY_REFUSAL */
};

struct stories {
    struct session *session;
    struct story_flow flow;
    struct stories_place place[STORIES_PLACES]; /* sorted by address */
    unsigned places;
    uint8_t filter[8192];
    uint64_t seen; /* events of the ring that the flow has had */
    struct {
        int64_t pid;
        uint64_t calls;
    } made[64];
    unsigned makers;
    const struct image *stubs[64]; /* programs whose stubs are among the places */
    unsigned stub_images;
    bool want_steps;
    bool stop; /* the hooks ask the run to stop */
    stories_fn *ends;
    void *context;
};

/* False = the profile or the kernel's symbols are not there; said why. */
bool stories_begin(struct stories *stories, struct session *session, stories_fn *ends,
                   void *context);
void stories_free(struct stories *stories);

/* To be attached to the CPU while it runs. With `frames`, every word of every frame is followed. */
struct cpu_observer stories_observer(struct stories *stories, bool frames);

/* The observer's insn hook is called at this address, too. */
void stories_watch(struct stories *stories, uint32_t address);

/* Takes in what the hooks have not seen yet; after a run. */
void stories_catch_up(struct stories *stories);
/* Takes in the instruction that comes next, which no hook is told of before it begins: a phase of
 * which it is the first one has begun. After a run to the end of what is known. */
void stories_arrive(struct stories *stories);
/* Ends what is still open: STORY_OPEN_STILL. */
void stories_finish(struct stories *stories);

/* The last system call (of the program that is debugged, if one is) that began before the present.
 * False = there was none; nothing said. */
bool stories_last_call(struct session *session, struct timeline_position *position);
/* The same of those that are over and failed. */
bool stories_last_failure(struct session *session, struct timeline_position *position);
/* The same for a trap of any kind out of user mode. */
bool stories_last_trap(struct session *session, struct timeline_position *position);
/* The last one of the same process before this story's; not one whose delivery was refused, and
 * refills of the TLB only with `refills`. False = none was found (or interrupted); `whole` = in all
 * the time from power-on. */
bool stories_trap_before(struct session *session, const struct story *story, bool refills,
                         struct trace_event *trap, bool *whole);

/* Replays from `from` to the present or to the end of the first story that begins there, whichever
 * is first, and hands it over (to be freed with story_free); the machine is at the present again.
 * NULL = there is none; said why. */
struct story *stories_replay(struct session *session, struct timeline_position from);
/* The same, as far as `until`, which the timeline must have reached once. */
struct story *stories_replay_until(struct session *session, struct timeline_position from,
                                   struct timeline_position until);
void story_free(struct story *story);

/* Explains why the system call that began there failed. False = it did not; nothing said. `last` =
 * the program has made none since. */
bool stories_why_failed(struct session *session, struct timeline_position call, bool last);

/* "write(1, \"hi\\n\", 3) = 3", "open(\"x\", 0) = -1 ENOENT", "exit(0)". */
void stories_call_text(const struct story *story, char *to, size_t room);

#endif
