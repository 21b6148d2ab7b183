/* commands_devices: `info devices`: the board's chips, their registers, where they answer. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "debugger/commands.h"
#include "devices/cmos.h"
#include "devices/ide.h"
#include "devices/ioapic.h"
#include "devices/kbd8042.h"
#include "devices/lamebus_bus.h"
#include "devices/lamebus_disk.h"
#include "devices/lamebus_serial.h"
#include "devices/lamebus_timer.h"
#include "devices/pic8259.h"
#include "devices/pit8254.h"
#include "devices/uart16550.h"
#include "devices/vga_text.h"

/* A row of chips.def: a chip when `block` is one, else a register of the chip above it. */
static const struct chip_row {
    const char *block, *title;
    const char *name, *help;
    size_t offset, size;
    uint32_t whole; /* size of the state block that the offset is good for */
    bool bits;
} rows[] = {
#define FIELD(chip, field) ((struct chip##_state *)0)->field
#define CHIP(block, title) {block, title, NULL, NULL, 0, 0, 0, false},
#define REG(chip, field, name, help)                                                               \
    {NULL,                                                                                         \
     NULL,                                                                                         \
     name,                                                                                         \
     help,                                                                                         \
     offsetof(struct chip##_state, field),                                                         \
     sizeof FIELD(chip, field),                                                                    \
     sizeof(struct chip##_state),                                                                  \
     false},
#define BITS(chip, field, name, help)                                                              \
    {NULL,                                                                                         \
     NULL,                                                                                         \
     name,                                                                                         \
     help,                                                                                         \
     offsetof(struct chip##_state, field),                                                         \
     sizeof FIELD(chip, field),                                                                    \
     sizeof(struct chip##_state),                                                                  \
     true},
#include "debugger/chips.def"
#undef FIELD
#undef CHIP
#undef REG
#undef BITS
};

#define ROWS    (sizeof rows / sizeof *rows)
#define VECTORS 32u /* bytes of a set of them */

static uint64_t value_of(const struct state_block *block, const struct chip_row *row)
{
    const uint8_t *at = (const uint8_t *)block->bytes + row->offset;
    switch (row->size) {
    case 1: return *at;
    case 2: return *(const uint16_t *)(const void *)at;
    case 4: return *(const uint32_t *)(const void *)at;
    default: return *(const uint64_t *)(const void *)at;
    }
}

/* "1 4": numbers of the bits that are set. */
static void name_bits(uint64_t value, char *to, size_t room)
{
    size_t used = 0;
    snprintf(to, room, "none");
    for (unsigned bit = 0; bit < 64 && used < room; bit++)
        if ((value >> bit & 1) != 0)
            used += (size_t)snprintf(to + used, room - used, "%s%u", used > 0 ? " " : "", bit);
}

/* "20 31": vectors of a set of 256. */
static void say_vectors(struct output *out, const struct state_block *block,
                        const struct chip_row *row)
{
    const uint32_t *set = (const void *)((const uint8_t *)block->bytes + row->offset);
    bool any = false;
    out_text(out, "  %-12s ", row->name);
    out_object(out, NULL);
    out_string(out, "name", "%s", row->name);
    out_array(out, "vectors");
    for (unsigned vector = 0; vector < 256; vector++) {
        if ((set[vector / 32] >> vector % 32 & 1) == 0)
            continue;
        out_text(out, "%s%02x", any ? " " : "", vector);
        out_number(out, NULL, vector);
        any = true;
    }
    out_close(out);
    out_string(out, "help", "%s", row->help);
    out_close(out);
    out_text(out, "%s   %s%s%s\n", any ? "" : "none", out_style(out, OUT_DIM), row->help,
             out_style(out, OUT_PLAIN));
}

static void say_register(struct output *out, const struct state_block *block,
                         const struct chip_row *row)
{
    char bits[80] = "";
    if (row->size == VECTORS) {
        say_vectors(out, block, row);
        return;
    }
    uint64_t value = value_of(block, row);
    if (row->bits)
        name_bits(value, bits, sizeof bits);
    out_text(out, "  %-12s %0*" PRIx64 "%*s  %s%s%s%s\n", row->name, (int)row->size * 2, value,
             (int)(8 - row->size * 2 > 8 ? 0 : 8 - row->size * 2), "", bits,
             *bits != '\0' && *row->help != '\0' ? "   " : "", out_style(out, OUT_DIM), row->help);
    out_text(out, "%s", out_style(out, OUT_PLAIN));
    out_object(out, NULL);
    out_string(out, "name", "%s", row->name);
    out_number(out, "value", (int64_t)value);
    out_number(out, "bits", (int64_t)row->size * 8);
    out_string(out, "set", "%s", bits);
    out_string(out, "help", "%s", row->help);
    out_close(out);
}

static void say_chip(struct output *out, const struct state_block *block,
                     const struct chip_row *chip)
{
    out_text(out, "%s%s%s  %s\n", out_style(out, OUT_HEAD), block->name, out_style(out, OUT_PLAIN),
             chip->title);
    out_object(out, NULL);
    out_string(out, "name", "%s", block->name);
    out_string(out, "title", "%s", chip->title);
    out_array(out, "registers");
    for (const struct chip_row *row = chip + 1; row < rows + ROWS && row->block == NULL; row++)
        if (row->whole == block->size)
            say_register(out, block, row);
    out_close(out);
    out_close(out);
}

/* Of several chips of a kind the others have their number behind a dot. */
static bool is_called(const char *block, const char *chip)
{
    size_t length = strlen(chip);
    return strncmp(block, chip, length) == 0 && (block[length] == '\0' || block[length] == '.');
}

static const struct chip_row *chip_of(const struct state_block *block)
{
    for (unsigned i = 0; i + 1 < ROWS; i++)
        if (rows[i].block != NULL && is_called(block->name, rows[i].block) &&
            rows[i + 1].whole == block->size)
            return &rows[i];
    return NULL;
}

static bool is_wanted(const char *block, const char *wanted)
{
    return *wanted == '\0' || is_called(block, wanted);
}

/* Where devices answer, and with what: their first bytes, read without side effects. */
static void say_windows(struct output *out, const struct bus *bus, const char *space)
{
    for (unsigned i = 0; i < bus->used; i++) {
        const struct bus_window *window = &bus->window[i];
        char bytes[3 * 8 + 1] = "";
        if (window->memory != NULL)
            continue;
        for (uint32_t at = 0; at < 8 && at <= window->last - window->first; at++) {
            uint32_t byte;
            bool there = bus_peek(bus, window->first + at, 1, &byte);
            snprintf(bytes + 3 * at, 4, there ? "%02" PRIx32 " " : "-- ", there ? byte & 0xff : 0);
        }
        out_cell(out, "%s", space);
        out_cell(out, "%08" PRIx32 "-%08" PRIx32, window->first, window->last);
        out_cell(out, "%s", window->name);
        out_cell(out, "%s", bytes);
    }
}

static void say_all_windows(struct session *session)
{
    static const struct out_column columns[] = {
        {"where", "space", false, OUT_PLAIN},
        {"addresses", "addresses", false, OUT_ADDRESS},
        {"device", "device", false, OUT_FUNCTION},
        {"reads as", "bytes", false, OUT_PLAIN},
    };
    struct output *out = &session->out;
    out_table(out, "windows", 0, columns, sizeof columns / sizeof *columns);
    say_windows(out, &session->machine->bus, "memory");
    say_windows(out, &session->machine->ports, "ports");
    out_table_end(out);
}

bool cmd_info_devices(struct session *session, const struct command_args *args)
{
    unsigned found = 0;
    if (!session_needs_machine(session))
        return false;
    const struct state_map *map = &session->machine->state;
    out_array(&session->out, "devices");
    for (unsigned i = 0; i < map->used; i++) {
        const struct chip_row *chip = chip_of(&map->block[i]);
        if (chip == NULL || !is_wanted(map->block[i].name, args->text))
            continue;
        say_chip(&session->out, &map->block[i], chip);
        found++;
    }
    out_close(&session->out);
    if (found == 0)
        return out_error(&session->out, "No device of this machine is called \"%s\".", args->text);
    if (*args->text == '\0')
        say_all_windows(session);
    return true;
}
