/* device: how a chip is made: state apart from wiring, one file each, the bus and the clock as its
 * only neighbours.
 *
 * Every devices/NAME.h opens with the chip's registers, its contract and its known inaccuracies.
 * Every chip has:
 *   struct NAME_state   pointer-free, size a multiple of 8: all that a guest can tell
 *   struct NAME         { struct NAME_state s; wiring: irq_line, clock, slots, contexts }
 *   NAME_init(chip, clock, ...)      takes clock slots, wires callbacks, resets
 *   NAME_reset(chip)                 the RESET pin
 *   NAME_map(chip, bus, base)        adds its windows
 *   NAME_add_state(chip, map)        registers its state block with a validator
 * A value of guest origin never indexes, allocates or loops without a bound. Misuse does what the
 * hardware does. */
#ifndef DEVICES_DEVICE_H
#define DEVICES_DEVICE_H

#include "emu/base/bus.h"
#include "emu/base/clock.h"
#include "emu/base/irq.h"
#include "emu/base/memory.h"
#include "emu/base/state.h"

/* An 8-bit chip on a wider bus: a wide access is one byte access after another, the lowest port
 * first, as the ISA bus converts it (IBM PC/AT Technical Reference, "I/O channel"). */
typedef uint8_t device_in_fn(void *device, unsigned offset);
typedef void device_out_fn(void *device, unsigned offset, uint8_t value);
typedef uint8_t device_peek_fn(const void *device, unsigned offset);

static inline uint32_t device_in(void *device, uint32_t offset, unsigned size, device_in_fn *in)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)in(device, offset + i) << 8 * i;
    return value;
}

static inline void device_out(void *device, uint32_t offset, unsigned size, uint32_t value,
                              device_out_fn *out)
{
    for (unsigned i = 0; i < size; i++)
        out(device, offset + i, (uint8_t)(value >> 8 * i));
}

static inline uint32_t device_peek(const void *device, uint32_t offset, unsigned size,
                                   device_peek_fn *peek)
{
    uint32_t value = 0;
    for (unsigned i = 0; i < size; i++)
        value |= (uint32_t)peek(device, offset + i) << 8 * i;
    return value;
}

#endif
