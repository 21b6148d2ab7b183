/* lamebus_host: files that the board hands to the guest, and the guest's way to end the machine. */
#include "devices/lamebus_host.h"

#include <string.h>

#include "devices/lamebus_bus.h"
#include "emu/base/bug.h"

enum registers { FILE_NUMBER = 0, SIZE = 4, POSITION = 8, EXIT = 12 };
enum bytes { NAME = 0x7f00, WINDOW = LAMEBUS_BUFFER };

static const struct lamebus_host_file *selected(const struct lamebus_host *host)
{
    static const struct lamebus_host_file none = {.name = ""};
    return host->s.file < host->files ? &host->file[host->s.file] : &none;
}

static bool peek(const void *chip, uint32_t offset, uint32_t *word)
{
    const struct lamebus_host *host = chip;
    switch (offset) {
    case FILE_NUMBER: *word = host->files; return true;
    case SIZE: *word = selected(host)->size; return true;
    case POSITION: *word = host->s.position; return true;
    default: return false;
    }
}

static bool read(void *chip, unsigned who, uint32_t offset, uint32_t *word)
{
    (void)who;
    return peek(chip, offset, word);
}

static bool write(void *chip, unsigned who, uint32_t offset, uint32_t word)
{
    struct lamebus_host *host = chip;
    (void)who;
    switch (offset) {
    case FILE_NUMBER: host->s = (struct lamebus_host_state){.file = word}; return true;
    case POSITION: host->s.position = word; return true;
    case EXIT: host->exit(host->context, word); return true;
    default: return false;
    }
}

static bool get(const void *chip, uint32_t offset, uint8_t *byte)
{
    const struct lamebus_host *host = chip;
    const struct lamebus_host_file *file = selected(host);
    if (offset >= NAME && offset < NAME + LAMEBUS_HOST_NAME) {
        offset -= NAME;
        *byte = offset < strlen(file->name) ? (uint8_t)file->name[offset] : 0;
        return true;
    }
    if (offset < WINDOW)
        return false;
    uint64_t at = (uint64_t)host->s.position + (offset - WINDOW);
    *byte = at < file->size ? file->bytes[at] : 0;
    return true;
}

static const struct lamebus_ops ops = {
    .vendor = LAMEBUS_HOST_VENDOR,
    .device = 1,
    .revision = 1,
    .read = read,
    .write = write,
    .peek = peek,
    .get = get,
};

void lamebus_host_init(struct lamebus_host *host, void (*exit)(void *context, uint32_t value),
                       void *context)
{
    *host = (struct lamebus_host){.exit = exit, .context = context};
    host->card = (struct lamebus_card){.ops = &ops, .chip = host};
}

void lamebus_host_add_file(struct lamebus_host *host, struct lamebus_host_file file)
{
    bug_unless(host->files < LAMEBUS_HOST_FILES && strlen(file.name) < LAMEBUS_HOST_NAME);
    host->file[host->files++] = file;
}

void lamebus_host_plug(struct lamebus_host *host, struct lamebus_bus *bus, unsigned slot)
{
    lamebus_bus_plug(bus, slot, &host->card, "host");
}

void lamebus_host_add_state(struct lamebus_host *host, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "host",
                       .version = 1,
                       .size = sizeof host->s,
                       .bytes = &host->s,
                   });
}
