/* scene_mips: what the micro-steps of a MIPS exception and its return tell. */
#include "cpu/mips/trap.h"
#include "debugger/gui/scene_parts.h"

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
        m->popped = event->value;
        m->pop_beat = beat;
        now->ring = event->step == MIPS_STEP_ERET_STATUS ? 3 : ring_of(event->value);
        break;
    default: break;
    }
}
