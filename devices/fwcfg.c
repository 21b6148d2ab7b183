/* fwcfg: QEMU's firmware configuration device: named blobs that the board hands to the guest. */
#include "devices/fwcfg.h"

#include <string.h>

#include "emu/base/bug.h"

enum { KEY_SIGNATURE, KEY_FEATURES };

static const uint8_t signature[4] = {'Q', 'E', 'M', 'U'};
static const uint8_t features[4] = {1, 0, 0, 0};

static const struct fwcfg_item *find(const struct fwcfg *fwcfg, uint32_t key)
{
    for (unsigned i = 0; i < fwcfg->items; i++)
        if (fwcfg->item[i].key == key)
            return &fwcfg->item[i];
    return NULL;
}

static uint8_t next_byte(const struct fwcfg *fwcfg)
{
    const struct fwcfg_item *item = find(fwcfg, fwcfg->s.selector);
    return item != NULL && fwcfg->s.offset < item->size ? item->bytes[fwcfg->s.offset] : 0;
}

static uint8_t in(void *device, unsigned offset)
{
    struct fwcfg *fwcfg = device;
    (void)offset;
    uint8_t byte = next_byte(fwcfg);
    if (fwcfg->s.offset < UINT32_MAX)
        fwcfg->s.offset++;
    return byte;
}

static bool bus_in(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)who;
    *value = device_in(device, offset, size, in);
    return true;
}

static bool bus_out(void *device, unsigned who, uint32_t offset, unsigned size, uint32_t value)
{
    struct fwcfg *fwcfg = device;
    (void)who;
    if (offset == 0 && size == 2)
        fwcfg->s = (struct fwcfg_state){.selector = value & 0xffff};
    return true;
}

static bool bus_look(const void *device, uint32_t offset, unsigned size, uint32_t *value)
{
    (void)offset, (void)size;
    *value = next_byte(device);
    return true;
}

static const struct bus_ops ops = {.read = bus_in, .write = bus_out, .peek = bus_look};

static bool valid(const void *bytes)
{
    const struct fwcfg_state *s = bytes;
    return s->selector <= 0xffff;
}

void fwcfg_init(struct fwcfg *fwcfg)
{
    *fwcfg = (struct fwcfg){0};
    fwcfg_add_item(fwcfg, KEY_SIGNATURE, signature, sizeof signature);
    fwcfg_add_item(fwcfg, KEY_FEATURES, features, sizeof features);
    fwcfg_add_item(fwcfg, FWCFG_DIRECTORY, fwcfg->directory, 4);
}

void fwcfg_reset(struct fwcfg *fwcfg)
{
    fwcfg->s = (struct fwcfg_state){0};
}

void fwcfg_map(struct fwcfg *fwcfg, struct bus *ports, uint32_t base)
{
    bus_add_device(ports, "fwcfg", base, 2, &ops, fwcfg);
}

void fwcfg_add_state(struct fwcfg *fwcfg, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "fwcfg",
                       .version = 1,
                       .size = sizeof fwcfg->s,
                       .bytes = &fwcfg->s,
                       .valid = valid,
                   });
}

void fwcfg_add_item(struct fwcfg *fwcfg, uint16_t key, const void *bytes, uint32_t size)
{
    bug_unless(fwcfg->items < FWCFG_ITEMS && find(fwcfg, key) == NULL);
    fwcfg->item[fwcfg->items++] = (struct fwcfg_item){.key = key, .size = size, .bytes = bytes};
}

static void put_big_endian(uint8_t *to, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        to[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

void fwcfg_add_file(struct fwcfg *fwcfg, const char *name, const void *bytes, uint32_t size)
{
    bug_unless(strlen(name) < FWCFG_NAME);
    uint16_t key = (uint16_t)(FWCFG_FIRST_FILE + fwcfg->files);
    fwcfg_add_item(fwcfg, key, bytes, size);
    uint8_t *row = &fwcfg->directory[4 + fwcfg->files * (8 + FWCFG_NAME)];
    put_big_endian(row, size, 4);
    put_big_endian(row + 4, key, 2);
    memcpy(row + 8, name, strlen(name));
    fwcfg->files++;
    put_big_endian(fwcfg->directory, fwcfg->files, 4);
    for (unsigned i = 0; i < fwcfg->items; i++)
        if (fwcfg->item[i].key == FWCFG_DIRECTORY)
            fwcfg->item[i].size = 4 + fwcfg->files * (8 + FWCFG_NAME);
}
