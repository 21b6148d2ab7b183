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

#endif
