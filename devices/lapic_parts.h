/* lapic_parts: what the files of the local APIC share: lapic.c its registers and interrupts,
 * lapic_timer.c its timer, apic_bus.c messages between APICs. */
#ifndef DEVICES_LAPIC_PARTS_H
#define DEVICES_LAPIC_PARTS_H

#include "devices/lapic.h"

#define LAPIC_FIRST_VECTOR 16u /* below: reserved for exceptions */

enum lapic_svr { SVR_ENABLED = 1 << 8, SVR_WRITABLE = 0x3ff };

enum lapic_lvt_bits {
    LVT_MODE = 8, /* the bit at which the delivery mode begins */
    LVT_LOW = 1 << 13,
    LVT_REMOTE_IRR = 1 << 14,
    LVT_LEVEL = 1 << 15,
    LVT_MASKED = 1 << 16,
    LVT_PERIODIC = 1 << 17,
};

enum lapic_errors {
    SEND_ACCEPT = 1 << 2,
    SEND_ILLEGAL = 1 << 5,
    RECEIVE_ILLEGAL = 1 << 6,
    ILLEGAL_REGISTER = 1 << 7,
};

static inline bool lapic_enabled(const struct lapic *lapic)
{
    return (lapic->s.svr & SVR_ENABLED) != 0;
}

static inline bool lapic_masked(const struct lapic *lapic, enum lapic_lvt entry)
{
    return (lapic->s.lvt[entry] & LVT_MASKED) != 0;
}

uint32_t lapic_priority(const struct lapic *lapic); /* PPR */

/* A fixed interrupt of its own arrives. */
void lapic_accept(struct lapic *lapic, uint8_t vector, bool level, enum apic_source from);
void lapic_receive(struct lapic *lapic, const struct apic_message *message);
void lapic_error(struct lapic *lapic, uint32_t bits);

/* ICR low was written. */
void lapic_send(struct lapic *lapic);

void lapic_timer_due(void *lapic, ticks due);
uint32_t lapic_timer_count(const struct lapic *lapic);
void lapic_timer_start(struct lapic *lapic, uint32_t initial);
/* Around a change of what the count depends on. */
void lapic_timer_hold(struct lapic *lapic);
void lapic_timer_go(struct lapic *lapic);

#endif
