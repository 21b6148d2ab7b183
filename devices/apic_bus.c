/* apic_bus: messages from one APIC to others: who is meant, and who takes them. */
#include "devices/lapic_parts.h"

enum icr {
    ICR_LOGICAL = 1 << 11,
    ICR_ASSERT = 1 << 14,
    ICR_LEVEL = 1 << 15,
    ICR_SHORTHAND = 18, /* the bit at which it begins */
};

enum shorthand { TO_DESTINATION, TO_SELF, TO_ALL, TO_OTHERS };

/* SDM vol. 3, 10.6.2. */
static bool is_meant(const struct lapic *lapic, const struct apic_message *message)
{
    uint8_t to = message->destination;
    if (to == LAPIC_EVERYBODY)
        return true;
    if (!message->logical)
        return lapic->s.id >> APIC_DESTINATION == to;
    uint8_t logical = (uint8_t)(lapic->s.ldr >> APIC_DESTINATION);
    if (lapic->s.dfr >> 28 == 0xf)
        return (logical & to) != 0;
    bool cluster = to >> 4 == 0xf || to >> 4 == logical >> 4;
    return lapic->s.dfr >> 28 == 0 && cluster && (logical & to & 0xf) != 0;
}

/* SDM vol. 3, 10.4.7.2: what a local APIC takes that software has switched off. */
static bool takes(const struct lapic *lapic, const struct apic_message *message)
{
    bool always =
        message->mode == APIC_NMI || message->mode == APIC_INIT || message->mode == APIC_STARTUP;
    return is_meant(lapic, message) && (always || lapic_enabled(lapic));
}

bool apic_send(struct apic_bus *bus, const struct apic_message *message)
{
    struct lapic *best = NULL;
    bool taken = false;
    for (unsigned i = 0; i < bus->used; i++) {
        struct lapic *lapic = bus->lapic[i];
        if (!takes(lapic, message))
            continue;
        taken = true;
        if (message->mode != APIC_LOWEST)
            lapic_receive(lapic, message);
        else if (best == NULL || lapic_priority(lapic) < lapic_priority(best))
            best = lapic;
    }
    if (best != NULL)
        lapic_receive(best, message);
    return taken;
}

/* SDM vol. 3, 10.6.1: which shorthands go with which modes. */
static void send_to_group(struct lapic *lapic, const struct apic_message *message,
                          enum shorthand shorthand)
{
    if (shorthand == TO_SELF && message->mode != APIC_FIXED)
        return;
    for (unsigned i = 0; i < lapic->bus->used; i++) {
        struct lapic *to = lapic->bus->lapic[i];
        bool self = to == lapic;
        if ((shorthand == TO_SELF && !self) || (shorthand == TO_OTHERS && self))
            continue;
        if (takes(to, message))
            lapic_receive(to, message);
    }
}

void lapic_send(struct lapic *lapic)
{
    uint32_t icr = lapic->s.icr_low;
    struct apic_message message = {
        .from = (uint16_t)lapic->number,
        .destination = (uint8_t)(lapic->s.icr_high >> APIC_DESTINATION),
        .logical = (icr & ICR_LOGICAL) != 0,
        .level = false, /* only INIT has a level here, and that is not latched */
        .mode = icr >> LVT_MODE & 7,
        .vector = (uint8_t)icr,
    };
    enum shorthand shorthand = icr >> ICR_SHORTHAND & 3;
    bool has_vector = message.mode == APIC_FIXED || message.mode == APIC_LOWEST;
    if (message.mode == APIC_EXTINT || message.mode == APIC_SMI || message.mode == 3)
        return; /* reserved here, and SMI */
    if (message.mode == APIC_INIT && (icr & ICR_LEVEL) != 0 && (icr & ICR_ASSERT) == 0)
        return; /* level de-assert: sets arbitration IDs */
    if (has_vector && message.vector < LAPIC_FIRST_VECTOR) {
        lapic_error(lapic, SEND_ILLEGAL);
        return;
    }
    if (shorthand != TO_DESTINATION) {
        message.destination = LAPIC_EVERYBODY;
        send_to_group(lapic, &message, shorthand);
    } else if (!apic_send(lapic->bus, &message)) {
        lapic_error(lapic, SEND_ACCEPT);
    }
}
