/* stories: traps as a session can tell them: whose, which call, with what, where in the source. */
#include "debugger/stories.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/tale.h"
#include "emu/base/bug.h"

#define STUB_INSTRUCTIONS 24u

/* --- places ----------------------------------------------------------------------------------- */

static void mark_filter(struct stories *stories, uint32_t address)
{
    uint32_t bit = (address ^ address >> 16) & 0xffff;
    stories->filter[bit >> 3] |= (uint8_t)(1u << (bit & 7));
}

static unsigned find_place(const struct stories *stories, uint32_t address)
{
    unsigned low = 0, high = stories->places;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (stories->place[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_place(struct stories *stories, uint32_t address, unsigned number)
{
    unsigned at = find_place(stories, address);
    bool there = at < stories->places && stories->place[at].address == address;
    if (there || stories->places == STORIES_PLACES)
        return;
    memmove(&stories->place[at + 1], &stories->place[at],
            (stories->places - at) * sizeof stories->place[0]);
    stories->place[at] = (struct stories_place){address, number};
    stories->places++;
    mark_filter(stories, address);
}

static void add_stages(struct stories *stories, const struct profile *path,
                       const struct image *kernel)
{
    static const struct {
        enum profile_stage stage;
        enum story_phase phase;
    } stages[] = {{STAGE_TRAP, PHASE_TRAP},
                  {STAGE_DISPATCH, PHASE_DISPATCH},
                  {STAGE_HANDLER, PHASE_HANDLER},
                  {STAGE_RESTORE, PHASE_RESTORE}};
    for (unsigned i = 0; i < kernel->symbols; i++) {
        const struct symbol *symbol = &kernel->symbol[i];
        for (unsigned s = 0; s < sizeof stages / sizeof *stages; s++)
            if (profile_stage_has(path, stages[s].stage, symbol->name))
                add_place(stories, symbol->address, stages[s].phase);
        if (path->refusal != NULL && strcmp(path->refusal, symbol->name) == 0)
            add_place(stories, symbol->address, STORY_REFUSAL);
    }
}

/* A stub is a function that traps with a path's vector within its first instructions, or jumps
 * to what does. */
static bool is_stub(struct stories *stories, const struct image *image, uint32_t address)
{
    const struct session *session = stories->session;
    struct arch_insn insn;
    uint8_t bytes[16];
    for (unsigned n = 0; n < STUB_INSTRUCTIONS; n++) {
        unsigned length = sizeof bytes;
        while (length > 0 && !image_bytes(image, address, bytes, length))
            length--;
        if (!session->arch->decode(32, false, address, bytes, length, &insn))
            return false;
        if (insn.flow == FLOW_TRAP)
            return profile_of_vector(session->profile, insn.vector) != NULL;
        if (insn.flow != FLOW_PLAIN && !(insn.flow == FLOW_JUMP && insn.always))
            return false;
        address = insn.flow == FLOW_JUMP ? insn.target : address + insn.size;
    }
    return false;
}

static void add_stubs(struct stories *stories, const struct image *image)
{
    if (image == NULL)
        return;
    for (unsigned i = 0; i < stories->stub_images; i++)
        if (stories->stubs[i] == image)
            return;
    if (stories->stub_images < sizeof stories->stubs / sizeof *stories->stubs)
        stories->stubs[stories->stub_images++] = image;
    for (unsigned i = 0; i < image->symbols; i++)
        if (is_stub(stories, image, image->symbol[i].address))
            add_place(stories, image->symbol[i].address, PHASE_USER);
}

/* --- what the flow tells ---------------------------------------------------------------------- */

static void tell(void *context, struct story *story, enum story_news news, unsigned passed)
{
    struct stories *stories = context;
    if (news == STORY_BEGINS) {
        story->extra = bug_alloc(1, sizeof(struct tale));
        tale_begin(stories, story, story->extra);
        add_stubs(stories, ((struct tale *)story->extra)->process.image);
    } else if (news == STORY_PASSES) {
        tale_pass(stories, story, story->extra, passed);
    } else if (news == STORY_ENDS) {
        tale_end(stories, story, story->extra);
        stories->ends(stories->context, stories, story, story->extra);
    }
}

/* A step belongs to the delivery in progress, or to the return of the story that runs. */
static void keep_step(struct stories *stories, const struct trace_event *event)
{
    struct story_flow *flow = &stories->flow;
    struct story_lane *lane = &flow->lane[event->cpu % STORY_LANES];
    struct story *story = lane->delivering;
    if (story == NULL && lane->returning && !lane->nested_delivery && lane->running != NULL &&
        lane->running->mark[PHASE_RETURN].there)
        story = lane->running;
    struct tale *tale = story == NULL ? NULL : story->extra;
    if (tale != NULL && tale->steps < TALE_STEPS)
        tale->step[tale->steps++] = *event;
}

void stories_catch_up(struct stories *stories)
{
    const struct trace *trace = &stories->session->machine->trace;
    if (trace->written - stories->seen > TRACE_EVENTS)
        stories->seen = trace->written - TRACE_EVENTS;
    while (stories->seen < trace->written) {
        const struct trace_event *event = trace_at(trace, stories->seen++);
        /* Places are told to the flow when they are passed, not from the ring. */
        if (event == NULL || event->kind == TRACE_WAYPOINT)
            continue;
        if (stories->want_steps && event->kind == TRACE_STEP)
            keep_step(stories, event);
        story_feed(&stories->flow, event);
    }
}

/* --- hooks ------------------------------------------------------------------------------------ */

static bool on_insn(void *context, struct cpu *cpu, uint32_t pc)
{
    struct stories *stories = context;
    stories->session->cpu = cpu;
    stories_catch_up(stories);
    unsigned at = find_place(stories, pc);
    if (at < stories->places && stories->place[at].address == pc) {
        struct trace_event event = {
            .tick = cpu->clock->s.now,
            .count = cpu_machine_count(cpu),
            .kind = TRACE_WAYPOINT,
            .cpu = (uint8_t)cpu->number,
            .addr = pc,
            .b = cpu->ops->sp(cpu),
            .a = cpu->ops->space(cpu),
            .value = stories->place[at].number,
        };
        bool in_kernel = cpu->ops->privilege(cpu) == 0;
        if (in_kernel == (event.value != PHASE_USER))
            story_feed(&stories->flow, &event);
    }
    return stories->stop;
}

void stories_watch(struct stories *stories, uint32_t address)
{
    mark_filter(stories, address);
}

void stories_arrive(struct stories *stories)
{
    struct cpu *cpu = stories->session->machine->cpu;
    if (timeline_now(stories->session->timeline).micro == 0)
        on_insn(stories, cpu, cpu->ops->pc(cpu));
}

static bool on_micro(void *context, struct cpu *cpu, const struct trace_event *event)
{
    struct stories *stories = context;
    (void)event;
    stories->session->cpu = cpu;
    stories_catch_up(stories);
    return stories->stop;
}

static bool on_access(void *context, struct cpu *cpu, const struct cpu_access *access)
{
    struct stories *stories = context;
    stories->session->cpu = cpu;
    stories_catch_up(stories);
    if (access->write && !access->micro)
        story_write(&stories->flow, &(struct story_access){.pc = cpu->ops->pc(cpu),
                                                           .address = access->linear,
                                                           .size = access->size,
                                                           .value = access->value,
                                                           .tick = cpu->clock->s.now,
                                                           .cpu = cpu->number,
                                                           .count = cpu_count(cpu)});
    return stories->stop;
}

struct cpu_observer stories_observer(struct stories *stories, bool frames)
{
    return (struct cpu_observer){
        .context = stories,
        .insn = on_insn,
        .filter = stories->filter,
        .micro = on_micro,
        .access = frames ? on_access : NULL,
    };
}

/* --- beginning and end ------------------------------------------------------------------------ */

bool stories_begin(struct stories *stories, struct session *session, stories_fn *ends,
                   void *context)
{
    const struct image *kernel = symbols_kernel(&session->symbols);
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return false;
    if (kernel == NULL)
        return out_error(&session->out, "No symbols of the kernel are known: start with --kernel.");
    *stories = (struct stories){
        .session = session,
        .seen = session->machine->trace.written,
        .ends = ends,
        .context = context,
    };
    session->chosen = NULL;
    story_flow_init(&stories->flow, session->profile->stack_bytes, tell, stories);
    stories->flow.big_endian = session->arch->big_endian;
    for (const struct profile *path = session->profile; path != NULL; path = path->next)
        add_stages(stories, path, kernel);
    add_stubs(stories, session->program);
    return true;
}

void stories_finish(struct stories *stories)
{
    struct story_flow *flow = &stories->flow;
    for (unsigned i = 0; i < flow->used; i++) {
        tale_end(stories, flow->open[i], flow->open[i]->extra);
        stories->ends(stories->context, stories, flow->open[i], flow->open[i]->extra);
    }
    for (unsigned i = 0; i < STORY_LANES; i++) {
        struct story *story = flow->lane[i].delivering;
        if (story == NULL)
            continue;
        tale_end(stories, story, story->extra);
        stories->ends(stories->context, stories, story, story->extra);
    }
    stories_free(stories);
}

void stories_free(struct stories *stories)
{
    story_flow_free(&stories->flow);
}

void stories_call_text(const struct story *story, char *to, size_t room)
{
    const struct tale *tale = story->extra;
    size_t used = 0;
    if (tale->call == NULL)
        used = (size_t)snprintf(to, room, "call %" PRId64 " (unknown)", tale->number);
    else
        used = (size_t)snprintf(to, room, "%s(", tale->call->name);
    for (unsigned i = 0; i < tale->arguments && used < room; i++)
        used += (size_t)snprintf(to + used, room - used, "%s%s", i > 0 ? ", " : "",
                                 tale->argument[i].text);
    if (tale->call != NULL && used < room)
        used += (size_t)snprintf(to + used, room - used, ")");
    if (tale->sent_back && used < room)
        snprintf(to + used, room - used, " sent back to the program");
    if (!tale->has_result || used >= room)
        return;
    used += (size_t)snprintf(to + used, room - used, " = %" PRId32, (int32_t)tale->result);
    const struct profile_name *reason =
        tale->has_reason ? profile_errno(tale->path, tale->reason) : NULL;
    if (reason != NULL && used < room)
        snprintf(to + used, room - used, " %s", reason->name);
}
