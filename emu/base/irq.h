/* irq: a level on a pin of something that listens; a PIC and a CPU are both just sinks. */
#ifndef EMU_BASE_IRQ_H
#define EMU_BASE_IRQ_H

#include <stdbool.h>
#include <stddef.h>

typedef void irq_fn(void *sink, unsigned pin, bool level);

struct irq_line {
    irq_fn *fn; /* NULL = connected to nothing */
    void *sink;
    unsigned pin;
};

static inline void irq_set(const struct irq_line *line, bool level)
{
    if (line->fn != NULL)
        line->fn(line->sink, line->pin, level);
}

#endif
