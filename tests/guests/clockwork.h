/* clockwork: a PC that runs the ROM of clockwork.S, and what it says. */
#ifndef TESTS_GUESTS_CLOCKWORK_H
#define TESTS_GUESTS_CLOCKWORK_H

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/machine/pc.h"

struct said {
    uint8_t bytes[4096];
    unsigned used;
};

static inline void clockwork_listen(void *said, enum machine_output channel, uint8_t byte)
{
    struct said *to = said;
    (void)channel;
    ck_assert_uint_lt(to->used, sizeof to->bytes);
    to->bytes[to->used++] = byte;
}

/* At power-on, its date set. `said` may be NULL. */
static inline struct machine *clockwork(struct said *said)
{
    const char *why;
    size_t size;
    uint8_t *rom = file_read(TEST_GUESTS "/clockwork.rom", 65536, &size, &why);
    ck_assert_msg(rom != NULL, "clockwork.rom: %s", why);
    struct pc_config config = {.ram = PC_RAM_LEAST, .bios = rom, .bios_size = size};
    struct machine *machine = pc_create(&config, &why);
    ck_assert_msg(machine != NULL, "%s", why);
    free(rom);
    if (said != NULL) {
        said->used = 0;
        machine->tap = (struct machine_tap){.output = clockwork_listen, .context = said};
    }
    ck_assert(input_post(&machine->input, INPUT_DATE, 1234567890));
    return machine;
}

static inline void run_to_count(struct machine *machine, uint64_t count)
{
    struct machine_limit limit = MACHINE_NO_LIMIT;
    limit.count = count;
    ck_assert_int_eq(machine_run(machine, limit).reason, MACHINE_LIMIT);
    ck_assert_uint_eq(machine_count(machine), count);
}

/* xorshift64* (Vigna 2016): tests are random but repeatable. */
static inline uint64_t random_next(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

#endif
