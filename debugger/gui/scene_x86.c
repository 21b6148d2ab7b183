/* scene_x86: what the x86's micro-steps tell: gate, descriptors, TSS, both stacks. */
#include <stdio.h>
#include <string.h>

#include "cpu/x86/trap.h"
#include "debugger/gui/scene_parts.h"

static void set_descriptor(struct scene_descriptor *d, const struct trace_event *event, bool high,
                           uint16_t beat)
{
    memcpy(d->bytes + (high ? 4 : 0), &event->value, 4);
    d->address = high ? event->addr - 4 : event->addr;
    if (high) /* the upper half comes first */
        return;
    d->beat = beat;
    d->is = x86_descriptor_decode(d->bytes);
    x86_descriptor_name(&d->is, d->name, sizeof d->name);
}

static void name_selector(struct scene_descriptor *d, uint16_t selector)
{
    d->selector = selector;
    x86_selector_name(selector, d->where, sizeof d->where);
    d->where[strcspn(d->where, " ")] = '\0';
}

static void set_gate(struct scene_x86 *x, const struct trace_event *event, bool high, uint16_t beat)
{
    memcpy(x->gate_bytes + (high ? 4 : 0), &event->value, 4);
    *(high ? &x->gate_high_beat : &x->gate_low_beat) = beat;
    x->gate_address = high ? event->addr - 4 : event->addr;
    x->gate = x86_gate_decode(x->gate_bytes);
    x86_gate_name(&x->gate, x->gate_name, sizeof x->gate_name);
    if (!high)
        name_selector(&x->code, x->gate.selector);
}

static void set_stack(struct scene_x86 *x, const struct trace_event *event, uint16_t beat)
{
    if (event->step == X86_STEP_TSS_ESP) {
        x->esp0 = event->value;
        x->tss_base = event->addr - (event->size == 4 ? 4 : 2);
        x->esp0_beat = beat;
    } else {
        x->ss0 = (uint16_t)event->value;
        x->ss0_beat = beat;
        name_selector(&x->stack, x->ss0);
    }
}

void scene_x86_look(struct session *session, struct scene *scene)
{
    const struct cpu *cpu = session->cpu;
    uint64_t base;
    int number = cpu_register_number(cpu, "idtr.base");
    if (number >= 0 && cpu->ops->reg_get(cpu, (unsigned)number, &base))
        scene->x86.idtr_base = (uint32_t)base;
}

void scene_x86_take(struct scene *scene, const struct trace_event *event, uint16_t beat,
                    struct scene_now *now)
{
    struct scene_x86 *x = &scene->x86;
    switch (event->step) {
    case X86_STEP_GATE_LIMIT:
        x->idtr_limit = event->b;
        x->gate_limit_beat = beat;
        break;
    case X86_STEP_GATE_HIGH: set_gate(x, event, true, beat); break;
    case X86_STEP_GATE_LOW: set_gate(x, event, false, beat); break;
    case X86_STEP_CODE_HIGH: set_descriptor(&x->code, event, true, beat); break;
    case X86_STEP_CODE_LOW: set_descriptor(&x->code, event, false, beat); break;
    case X86_STEP_TSS_ESP:
    case X86_STEP_TSS_SS: set_stack(x, event, beat); break;
    case X86_STEP_STACK_HIGH: set_descriptor(&x->stack, event, true, beat); break;
    case X86_STEP_STACK_LOW: set_descriptor(&x->stack, event, false, beat); break;
    case X86_STEP_ENTER_ESP:
        x->esp_beat = beat;
        now->sp = event->value;
        break;
    case X86_STEP_ENTER_CPL: now->ring = event->value; break;
    case X86_STEP_OUTER_SET_ESP: now->sp = event->value; break;
    case X86_STEP_OUTER_CPL: now->ring = event->value; break;
    default: break;
    }
}
