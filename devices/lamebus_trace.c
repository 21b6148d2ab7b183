/* lamebus_trace: by which a kernel talks to whoever watches it ("ltrace", device 8). */
#include "devices/lamebus_trace.h"

#include <string.h>

#include "devices/lamebus_bus.h"

enum registers { ON = 0, OFF = 4, PRINT = 8, DUMP = 12, STOP = 16, PROFILE = 20, CLEAR = 24 };

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_trace *trace = chip;
    *word = (uint32_t)trace->s.profile;
    return offset == PROFILE;
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    (void)who;
    return peek(chip, offset, word);
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    struct lamebus_trace *trace = chip;
    (void)who;
    switch (offset) {
    case PRINT: trace->wish(trace->context, LAMEBUS_TRACE_PRINT, word); return true;
    case DUMP: trace->wish(trace->context, LAMEBUS_TRACE_DUMP, word); return true;
    case STOP: trace->wish(trace->context, LAMEBUS_TRACE_STOP, word); return true;
    case PROFILE: trace->s.profile = word != 0; return true;
    case ON:
    case OFF:
    case CLEAR: return true;
    default: return false;
    }
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_SYSTEM161,
    .device = 8,
    .revision = 3,
    .read = read,
    .write = write,
    .peek = peek,
};

static bool valid(const void *bytes)
{
    struct lamebus_trace_state s;
    memcpy(&s, bytes, sizeof s);
    return s.profile <= 1;
}

void lamebus_trace_init(struct lamebus_trace *trace,
                        void (*wish)(void *context, enum lamebus_trace_wish wish, uint32_t value),
                        void *context)
{
    *trace = (struct lamebus_trace){.wish = wish, .context = context};
    trace->card = (struct lamebus_card){.ops = &ops, .chip = trace};
}

void lamebus_trace_plug(struct lamebus_trace *trace, struct lamebus_bus *bus, unsigned slot)
{
    lamebus_bus_plug(bus, slot, &trace->card, "ltrace");
}

void lamebus_trace_add_state(struct lamebus_trace *trace, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "ltrace",
                       .version = 1,
                       .size = sizeof trace->s,
                       .bytes = &trace->s,
                       .valid = valid,
                   });
}
