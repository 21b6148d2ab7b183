/* wired_or: several sources on one line: the output is high while any of 64 inputs is. */
#include "devices/wired_or.h"

void wired_or_init(struct wired_or *gate, struct irq_line out)
{
    *gate = (struct wired_or){.out = out};
}

void wired_or_add_state(struct wired_or *gate, struct state_map *map, const char *name)
{
    state_add(map, (struct state_block){
                       .name = name,
                       .version = 1,
                       .size = sizeof gate->s,
                       .bytes = &gate->s,
                   });
}

void wired_or_pin(void *device, unsigned pin, bool level)
{
    struct wired_or *gate = device;
    bool before = gate->s.inputs != 0;
    uint64_t bit = (uint64_t)1 << (pin & 63);
    gate->s.inputs = level ? gate->s.inputs | bit : gate->s.inputs & ~bit;
    bool after = gate->s.inputs != 0;
    if (before != after)
        irq_set(&gate->out, after);
}
