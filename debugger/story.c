/* story: what happened between a trap's first micro-step and the return from it, folded out of the
 * trace's events. */
#include "debugger/story.h"

#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define STUB_JUMP 4u /* instructions from one stub to the other */

void story_flow_init(struct story_flow *flow, uint32_t stack_bytes, story_fn *tell, void *context)
{
    *flow = (struct story_flow){.stack_bytes = stack_bytes, .tell = tell, .context = context};
}

static void drop(struct story *story)
{
    if (story != NULL)
        free(story->extra);
    free(story);
}

void story_flow_free(struct story_flow *flow)
{
    for (unsigned i = 0; i < flow->used; i++)
        drop(flow->open[i]);
    for (unsigned i = 0; i < STORY_LANES; i++) {
        drop(flow->lane[i].delivering);
        flow->lane[i].delivering = NULL;
    }
    flow->used = 0;
}

static void forget(struct story_flow *flow, unsigned index)
{
    for (unsigned i = 0; i < STORY_LANES; i++)
        if (flow->lane[i].running == flow->open[index])
            flow->lane[i].running = NULL;
    drop(flow->open[index]);
    flow->open[index] = flow->open[--flow->used];
}

static void end(struct story_flow *flow, unsigned index, enum story_end how, ticks tick)
{
    struct story *story = flow->open[index];
    story->end = how;
    story->ended = tick;
    flow->tell(flow->context, story, STORY_ENDS, 0);
    forget(flow, index);
}

static struct story_lane *lane_of(struct story_flow *flow, unsigned cpu)
{
    return &flow->lane[cpu % STORY_LANES];
}

/* The story on whose kernel stack this address lies: the nearest frame above it. */
static struct story *on_stack(struct story_flow *flow, uint32_t sp)
{
    struct story *best = NULL;
    for (unsigned i = 0; i < flow->used; i++) {
        struct story *story = flow->open[i];
        uint32_t below = story->kernel_sp - sp;
        if (story->kernel_sp != 0 && below < flow->stack_bytes &&
            (best == NULL || below < best->kernel_sp - sp))
            best = story;
    }
    return best;
}

/* `story` has the CPU (NULL: user mode or an unknown stack): keeps the books of who is away. */
static void runs(struct story_lane *lane, struct story *story, ticks tick)
{
    if (story == lane->running)
        return;
    if (lane->running != NULL) {
        lane->running->away_since = tick;
        lane->running->switches++;
    }
    if (story != NULL && story->away_since != 0) {
        story->away += tick - story->away_since;
        story->away_since = 0;
    }
    lane->running = story;
}

static struct story_mark mark_of(const struct trace_event *event)
{
    return (struct story_mark){true, event->addr, event->tick, event->count, event->b};
}

static void mark(struct story *story, enum story_phase phase, const struct trace_event *event)
{
    if (!story->mark[phase].there)
        story->mark[phase] = mark_of(event);
}

/* --- a delivery ------------------------------------------------------------------------------- */

static void refuse_delivery(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    struct story *story = lane->delivering;
    if (story == NULL)
        return;
    lane->delivering = NULL;
    story->end = STORY_REFUSED;
    story->ended = event->tick;
    story->refused_vector = event->vector;
    story->refused_error = event->value;
    flow->tell(flow->context, story, STORY_ENDS, 0);
    drop(story);
}

static void trap(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    lane->nested_delivery = event->old == 0;
    lane->nested = *event;
    if (lane->nested_delivery)
        return;
    struct story *story = bug_alloc(1, sizeof *story);
    *story = (struct story){
        .count = event->count,
        .tick = event->tick,
        .vector = event->vector,
        .cpu = event->cpu,
        .cause = event->a,
        .error = event->value,
        .pc = event->addr,
        .user_sp = event->b,
    };
    bool near = event->addr - lane->user.address < 64 || event->count - lane->user.count < 8;
    if (lane->user.there && near)
        story->mark[PHASE_USER] = lane->user;
    lane->user.there = false;
    mark(story, PHASE_GATE, event);
    drop(lane->delivering);
    lane->delivering = story;
    flow->tell(flow->context, story, STORY_BEGINS, 0);
}

static void step(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    struct story *story = lane->delivering;
    if (story == NULL || !(event->flags & TRACE_WRITE) || event->flags & TRACE_FAILED)
        return;
    if (story->words > 0) {
        uint32_t last = story->word[story->words - 1].address;
        if (last - event->addr != event->size)
            return; /* an accessed bit in a descriptor, not a push */
    }
    if (story->words < STORY_WORDS)
        story->word[story->words++] = (struct story_word){
            .address = event->addr,
            .value = event->value,
            .now = event->value,
            .step = event->step,
        };
}

/* The story that is still on its way in, without a kernel stack that is known. */
static struct story *coming_in(const struct story_lane *lane)
{
    return lane->running != NULL && lane->running->kernel_sp == 0 ? lane->running : NULL;
}

static void entered_nested(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    struct story *story = coming_in(lane);
    if (story == NULL)
        story = on_stack(flow, event->b);
    if (story == NULL)
        return;
    runs(lane, story, event->tick);
    if (story->nested_now == 0)
        story->nested_since = lane->nested.tick;
    if (story->nested_now < STORY_NESTED)
        story->nested_sp[story->nested_now++] = event->b;
    story->interrupts++;
    story->last_interrupt = lane->nested.vector;
}

/* A story's kernel stack is known. Whoever was there before it never came back. */
static void takes_stack(struct story_flow *flow, struct story *story, uint32_t sp, ticks tick)
{
    for (unsigned i = 0; i < flow->used; i++)
        if (flow->open[i]->kernel_sp == sp) {
            end(flow, i, STORY_LEFT, tick);
            break;
        }
    story->kernel_sp = sp;
}

static void entered(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    struct story *story = lane->delivering;
    if (lane->nested_delivery || story == NULL) {
        entered_nested(flow, event);
        return;
    }
    lane->delivering = NULL;
    /* A CPU that changes the stack pointer never leaves it where it was. */
    story->handler_pc = event->addr;
    mark(story, PHASE_SAVE, event);
    if (event->b != story->user_sp)
        takes_stack(flow, story, event->b, event->tick);
    if (flow->used == STORY_OPEN)
        end(flow, 0, STORY_LEFT, event->tick);
    flow->open[flow->used++] = story;
    runs(lane, story, event->tick);
    flow->tell(flow->context, story, STORY_ENTERED, 0);
}

/* --- on the way ------------------------------------------------------------------------------- */

static void waypoint(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    if (event->value == PHASE_USER) {
        /* A stub may jump to another one. */
        if (!lane->user.there || event->count - lane->user.count > STUB_JUMP)
            lane->user = mark_of(event);
        return;
    }
    struct story *story = coming_in(lane);
    if (story != NULL && story->nested_now == 0) {
        story->late_stack = true;
        takes_stack(flow, story, event->b, event->tick);
    } else {
        story = on_stack(flow, event->b);
    }
    runs(lane, story, event->tick);
    if (story == NULL) /* of a process that was never seen to come in */
        return;
    /* What an interrupt's handler passes below the story's own frames is not the story's. */
    if (story->nested_now > 0 && event->b <= story->nested_sp[story->nested_now - 1])
        return;
    if (event->value == STORY_REFUSAL) {
        story->refusal_sp = event->b;
        story->refusal_pc = event->addr;
    } else if (event->value < STORY_PHASES) {
        if (story->mark[event->value].there)
            return;
        mark(story, event->value, event);
    }
    flow->tell(flow->context, story, STORY_PASSES, event->value);
}

static void returned_nested(struct story *story, uint32_t sp, ticks tick)
{
    while (story->nested_now > 0 && story->nested_sp[story->nested_now - 1] <= sp)
        if (--story->nested_now == 0)
            story->interrupted += tick - story->nested_since;
}

/* The open story whose frame a return instruction at `sp` is about to pop; -1 = none. The error
 * code of an exception lies below the frame and is gone by then. Where nothing is popped, the stack
 * pointer is the program's again: the same, but behind an exec. */
static int frame_at(const struct story_flow *flow, const struct story_lane *lane, uint32_t sp)
{
    const struct story *running = lane->running;
    for (unsigned i = 0; i < flow->used; i++)
        if (flow->open[i] == running && running->nested_now == 0 &&
            (running->user_sp == sp || (running->late_stack && running->mark[PHASE_RESTORE].there)))
            return (int)i;
    for (unsigned i = 0; i < flow->used; i++)
        if (flow->open[i]->kernel_sp == sp || flow->open[i]->kernel_sp + 4 == sp)
            return (int)i;
    return -1;
}

static void returns(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    int index = frame_at(flow, lane, event->b);
    lane->pending = *event;
    lane->returning = true;
    if (index < 0)
        return;
    struct story *story = flow->open[index];
    runs(lane, story, event->tick);
    mark(story, PHASE_RETURN, event);
    flow->tell(flow->context, story, STORY_PASSES, PHASE_RETURN);
}

static void returned(struct story_flow *flow, const struct trace_event *event)
{
    struct story_lane *lane = lane_of(flow, event->cpu);
    if (!lane->returning)
        return;
    lane->returning = false;
    if (event->value == lane->pending.old) {
        struct story *story = coming_in(lane);
        if (story == NULL)
            story = on_stack(flow, lane->pending.b);
        if (story != NULL)
            returned_nested(story, lane->pending.b, event->tick);
        return;
    }
    int index = frame_at(flow, lane, lane->pending.b);
    if (index >= 0) {
        flow->open[index]->return_pc = event->addr;
        end(flow, (unsigned)index, STORY_RETURNED, event->tick);
    }
    runs(lane, NULL, event->tick);
}

void story_feed(struct story_flow *flow, const struct trace_event *event)
{
    switch (event->kind) {
    case TRACE_TRAP: trap(flow, event); break;
    case TRACE_STEP: step(flow, event); break;
    case TRACE_ENTERED: entered(flow, event); break;
    case TRACE_FAULTED: refuse_delivery(flow, event); break;
    case TRACE_WAYPOINT: waypoint(flow, event); break;
    case TRACE_RETURN: returns(flow, event); break;
    case TRACE_RETURNED: returned(flow, event); break;
    default: break;
    }
}

/* --- the frame -------------------------------------------------------------------------------- */

static bool pushes(const struct story *story, uint32_t address, uint32_t size)
{
    if (story->mark[PHASE_TRAP].there || story->words == STORY_WORDS || story->nested_now > 0)
        return false;
    if (story->kernel_sp == 0)
        return size == 4;
    if (story->words == 0)
        return false;
    return story->word[story->words - 1].address - address == (size < 4 ? 4 : size);
}

void story_write(struct story_flow *flow, const struct story_access *access)
{
    struct story *story = lane_of(flow, access->cpu)->running;
    if (story != NULL && pushes(story, access->address, access->size)) {
        story->word[story->words++] = (struct story_word){.address = access->address,
                                                          .value = access->value,
                                                          .now = access->value,
                                                          .pc = access->pc,
                                                          .count = access->count};
        return;
    }
    for (unsigned i = 0; i < flow->used; i++)
        for (unsigned w = 0; w < flow->open[i]->words; w++) {
            struct story_word *word = &flow->open[i]->word[w];
            if (access->address - word->address >= 4)
                continue;
            uint32_t size = access->size, offset = access->address - word->address;
            bool fits = offset + size <= 4;
            unsigned shift = 8 * (flow->big_endian && fits ? 4 - size - offset : offset);
            uint32_t mask = (size >= 4 ? 0xffffffffu : (1u << 8 * size) - 1) << shift;
            word->now = (word->now & ~mask) | (access->value << shift & mask);
            word->changed_pc = access->pc;
            word->changed = access->tick;
            word->changed_count = access->count;
        }
}

/* --- sums ------------------------------------------------------------------------------------- */

ticks story_ticks(const struct story *story, enum story_phase phase, ticks now)
{
    ticks until = story->end == STORY_OPEN_STILL ? now : story->ended;
    for (unsigned next = phase + 1; next < STORY_PHASES; next++)
        if (story->mark[next].there && story->mark[next].begin >= story->mark[phase].begin) {
            until = story->mark[next].begin;
            break;
        }
    return story->mark[phase].there && until > story->mark[phase].begin
               ? until - story->mark[phase].begin
               : 0;
}

bool story_phase_ends(const struct story *story, enum story_phase phase)
{
    if (story->end == STORY_RETURNED || story->end == STORY_REFUSED)
        return true;
    for (unsigned next = phase + 1; next < STORY_PHASES; next++)
        if (story->mark[next].there)
            return true;
    return false;
}

struct story_sums story_sums(const struct story *story, ticks now)
{
    struct story_sums sums = {0};
    for (unsigned phase = PHASE_GATE; phase < STORY_PHASES; phase++) {
        ticks spent = story_ticks(story, phase, now);
        if (phase == PHASE_GATE || phase == PHASE_RETURN)
            sums.hardware += spent;
        else if (phase == PHASE_HANDLER)
            sums.kernel += spent;
        else
            sums.code += spent;
    }
    return sums;
}

const char *story_phase_name(enum story_phase phase)
{
    static const char *const names[STORY_PHASES] = {
        "user", "gate", "save", "trap", "dispatch", "handler", "restore", "return",
    };
    return phase < STORY_PHASES ? names[phase] : "";
}
