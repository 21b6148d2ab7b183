/* scene_mips: what the micro-steps of a MIPS exception and its return tell; the pipeline and the
 * TLB at that moment. */
#include <inttypes.h>
#include <stdio.h>

#include "cpu/mips/trap.h"
#include "debugger/gui/scene_parts.h"
#include "debugger/gui/view.h"
#include "debugger/operands.h"
#include "debugger/origin.h"

#define OLDER 4u /* instructions in front of the one that traps */

/* Of the R3000. */
static unsigned ring_of(uint32_t status)
{
    return status & MIPS_KUC ? 3 : 0;
}

void scene_mips_take(struct scene *scene, const struct trace_event *event, uint16_t beat,
                     struct scene_now *now)
{
    struct scene_mips *m = &scene->mips;
    switch (event->step) {
    case MIPS_STEP_FETCH_MATCH:
    case MIPS_STEP_FETCH_VALID:
    case MIPS_STEP_DATA_MATCH:
    case MIPS_STEP_DATA_VALID:
    case MIPS_STEP_DATA_DIRTY: m->lookup_beat = beat; __attribute__((fallthrough));
    case MIPS_STEP_FETCH_ALIGNED:
    case MIPS_STEP_FETCH_ALLOWED:
    case MIPS_STEP_DATA_ALIGNED:
    case MIPS_STEP_DATA_ALLOWED: m->addressed = true; break;
    case MIPS_STEP_EPC:
        m->epc = event->value;
        m->epc_beat = beat;
        break;
    case MIPS_STEP_CAUSE:
        m->cause = event->value;
        m->cause_beat = beat;
        break;
    case MIPS_STEP_BADVADDR:
        m->badvaddr = event->value;
        m->badvaddr_beat = beat;
        break;
    case MIPS_STEP_EXL: m->exl = true; __attribute__((fallthrough));
    case MIPS_STEP_STATUS:
        m->status = event->old;
        m->pushed = event->value;
        m->status_beat = beat;
        now->ring = m->exl ? 0 : ring_of(event->value);
        break;
    case MIPS_STEP_REFILL: m->refill = event->a != 0; break;
    case MIPS_STEP_VECTOR:
        m->vector = event->value;
        m->vector_beat = beat;
        break;
    case MIPS_STEP_RFE_STATUS:
    case MIPS_STEP_ERET_STATUS:
        m->popping = event->old;
        m->popped = event->value;
        m->pop_beat = beat;
        now->ring = event->step == MIPS_STEP_ERET_STATUS ? 3 : ring_of(event->value);
        break;
    default: break;
    }
}

/* --- what commands answer --------------------------------------------------------------------- */

static void look_up(struct session *session, uint32_t address, enum translation_use use,
                    struct translation *to)
{
    char line[32];
    snprintf(line, sizeof line, "tlb 0x%" PRIx32, address);
    json_t *answer = view_ask(session, line);
    translation_read(answer, use, to);
    json_decref(answer);
}

/* What the instruction at the present moment loads or stores, or where it is fetched from. */
static void look_up_next(struct session *session, bool fetch, struct translation *to)
{
    struct operands operands = {.memories = 0};
    uint32_t pc = session->cpu->ops->pc(session->cpu);
    if (!fetch && session->arch->operands(session, pc, &operands) && operands.memories > 0)
        look_up(session, operands.memory[0].linear, operands.memory[0].write ? USE_STORE : USE_LOAD,
                to);
    else
        look_up(session, pc, USE_FETCH, to);
}

/* Status before the exception, which may not have come to it yet. */
static void take_status(struct session *session, struct scene_mips *m)
{
    const struct mips *c = (const struct mips *)session->cpu;
    m->status = c->s.status;
    m->exl = c->model->exl != 0;
}

static bool failed_fetch(const struct gathering *g)
{
    const struct trace_event *first = g->tale->steps > 0 ? &g->tale->step[0] : NULL;
    return first != NULL &&
           (first->step == MIPS_STEP_FETCH_MATCH || first->step == MIPS_STEP_FETCH_VALID);
}

/* False = what the pipeline shows there is not this trap: another processor's turn. */
static bool ask_pipeline(struct gathering *g, struct timeline_position where)
{
    struct pipe *pipe = &g->scene->mips.pipe;
    origin_visit(g->session, where);
    json_t *answer = view_ask(g->session, "pipeline 12");
    pipe_read(answer, OLDER, pipe);
    json_decref(answer);
    if (pipe->victim == PIPE_NONE)
        pipe->rows = 0;
    return pipe->rows > 0;
}

void scene_mips_ask(struct gathering *g)
{
    struct scene_mips *m = &g->scene->mips;
    struct timeline_position reason = {0, g->story->count, 1};
    struct timeline_position frontier = timeline_frontier(g->session->timeline);
    bool vector_next = frontier.count == g->story->count + 1 && frontier.micro == 0;
    take_status(g->session, m);
    if (m->lookup_beat != 0)
        look_up_next(g->session, failed_fetch(g), &m->lookup);
    else if (!m->addressed)
        look_up_next(g->session, true, &m->lookup);
    if (timeline_compare(reason, frontier) > 0 || (vector_next && ask_pipeline(g, frontier)))
        return;
    ask_pipeline(g, reason);
}

void scene_mips_coming(struct session *session, struct scene *scene)
{
    struct scene_mips *m = &scene->mips;
    m->addressed = !scene->is_call && scene->vector >= MIPS_MOD && scene->vector <= MIPS_ADES;
    take_status(session, m);
    look_up_next(session, !m->addressed, &m->lookup);
    json_t *answer = view_ask(session, "pipeline 2");
    pipe_read(answer, OLDER, &m->pipe);
    json_decref(answer);
}

void scene_mips_present(struct session *session, struct scene *scene)
{
    if (timeline_now(session->timeline).micro == 0)
        look_up_next(session, false, &scene->mips.present);
}
