/* bus: who answers at an address: memory ranges and device windows, in one 32-bit space. */
#include "emu/base/bus.h"

#include <string.h>

#include "emu/base/bug.h"

void bus_init(struct bus *bus)
{
    *bus = (struct bus){0};
}

static struct bus_window *insert(struct bus *bus, const char *name, uint32_t base, uint32_t size)
{
    bug_unless(bus->used < BUS_WINDOWS && size != 0 && base + (size - 1) >= base);
    uint32_t last = base + (size - 1);
    unsigned at = 0;
    while (at < bus->used && bus->window[at].first < base)
        at++;
    if ((at < bus->used && bus->window[at].first <= last) ||
        (at > 0 && bus->window[at - 1].last >= base))
        bug("bus window %s at %08x overlaps another", name, base);
    memmove(&bus->window[at + 1], &bus->window[at], (bus->used - at) * sizeof bus->window[0]);
    bus->used++;
    bus->window[at] = (struct bus_window){.name = name, .first = base, .last = last};
    return &bus->window[at];
}

void bus_add_memory(struct bus *bus, const char *name, uint32_t base, uint32_t size,
                    struct memory *memory, uint64_t memory_offset, bool read_only)
{
    bug_unless(base % MEMORY_PAGE == 0 && size % MEMORY_PAGE == 0);
    bug_unless(memory_offset % MEMORY_PAGE == 0 && memory_offset + size <= memory->size);
    struct bus_window *window = insert(bus, name, base, size);
    window->memory = memory;
    window->memory_offset = memory_offset;
    window->read_only = read_only;
}

void bus_add_device(struct bus *bus, const char *name, uint32_t base, uint32_t size,
                    const struct bus_ops *ops, void *device)
{
    struct bus_window *window = insert(bus, name, base, size);
    window->ops = ops;
    window->device = device;
}

static unsigned find_index(const struct bus *bus, uint32_t address)
{
    unsigned low = 0, high = bus->used;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (bus->window[middle].last < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low < bus->used && bus->window[low].first <= address ? low : BUS_WINDOWS;
}

static const struct bus_window *find(const struct bus *bus, uint32_t address)
{
    unsigned index = find_index(bus, address);
    return index == BUS_WINDOWS ? NULL : &bus->window[index];
}

static const struct bus_window *find_cached(struct bus *bus, uint32_t address)
{
    const struct bus_window *hint = &bus->window[bus->last_hit];
    if (hint->first <= address && address <= hint->last && bus->last_hit < bus->used)
        return hint;
    unsigned index = find_index(bus, address);
    if (index == BUS_WINDOWS)
        return NULL;
    bus->last_hit = index;
    return &bus->window[index];
}

static uint8_t *memory_bytes(const struct bus_window *window, uint32_t address)
{
    return window->memory->bytes + window->memory_offset + (address - window->first);
}

static uint32_t load(const uint8_t *bytes, unsigned size)
{
    uint32_t value = 0;
    for (unsigned i = size; i-- > 0;)
        value = value << 8 | bytes[i];
    return value;
}

static bool fits(const struct bus_window *window, uint32_t address, unsigned size)
{
    return window->last - address >= size - 1;
}

bool bus_read(struct bus *bus, unsigned who, uint32_t address, unsigned size, uint32_t *out)
{
    const struct bus_window *window = find_cached(bus, address);
    if (window == NULL || !fits(window, address, size)) {
        uint32_t value = 0;
        bool answered = window != NULL;
        for (unsigned i = 0; size > 1 && i < size; i++) {
            uint32_t byte;
            bool there = bus_read(bus, who, address + i, 1, &byte);
            answered |= there;
            value |= (there ? byte : 0xff) << 8 * i;
        }
        *out = value;
        return answered;
    }
    if (window->memory != NULL) {
        *out = load(memory_bytes(window, address), size);
        return true;
    }
    return window->ops->read(window->device, who, address - window->first, size, out);
}

bool bus_write(struct bus *bus, unsigned who, uint32_t address, unsigned size, uint32_t value)
{
    const struct bus_window *window = find_cached(bus, address);
    if (window == NULL || !fits(window, address, size)) {
        bool answered = window != NULL;
        for (unsigned i = 0; size > 1 && i < size; i++)
            answered |= bus_write(bus, who, address + i, 1, value >> 8 * i & 0xff);
        return answered;
    }
    if (window->memory != NULL) {
        if (window->read_only)
            return true;
        uint64_t offset = window->memory_offset + (address - window->first);
        memory_touch(window->memory, offset);
        memory_touch(window->memory, offset + size - 1);
        for (unsigned i = 0; i < size; i++)
            window->memory->bytes[offset + i] = (uint8_t)(value >> 8 * i);
        return true;
    }
    return window->ops->write(window->device, who, address - window->first, size, value);
}

bool bus_peek(const struct bus *bus, uint32_t address, unsigned size, uint32_t *out)
{
    const struct bus_window *window = find(bus, address);
    if (window == NULL)
        return false;
    if (!fits(window, address, size)) {
        uint32_t value = 0;
        for (unsigned i = 0; i < size; i++) {
            uint32_t byte;
            if (!bus_peek(bus, address + i, 1, &byte))
                return false;
            value |= byte << 8 * i;
        }
        *out = value;
        return true;
    }
    if (window->memory != NULL) {
        *out = load(memory_bytes(window, address), size);
        return true;
    }
    return window->ops->peek != NULL &&
           window->ops->peek(window->device, address - window->first, size, out);
}

const uint8_t *bus_still(struct bus *bus, unsigned who, uint32_t address, unsigned size)
{
    const struct bus_window *window = find_cached(bus, address);
    if (window == NULL || !fits(window, address, size) || window->memory != NULL ||
        window->ops->still == NULL)
        return NULL;
    return window->ops->still(window->device, who, address - window->first, size);
}

bool bus_poke(struct bus *bus, uint32_t address, uint8_t value)
{
    const struct bus_window *window = find(bus, address);
    if (window == NULL || window->memory == NULL)
        return false;
    return memory_put(window->memory, window->memory_offset + (address - window->first), &value, 1);
}

bool bus_host_page(struct bus *bus, uint32_t address, struct bus_host *host)
{
    const struct bus_window *window = find_cached(bus, address);
    if (window == NULL || window->memory == NULL)
        return false;
    uint32_t page = address & ~(MEMORY_PAGE - 1);
    uint64_t offset = window->memory_offset + (page - window->first);
    host->bytes = memory_bytes(window, page);
    host->marks = window->read_only ? NULL : &window->memory->page[offset >> MEMORY_PAGE_SHIFT];
    return true;
}

uint8_t *bus_page(struct bus *bus, uint32_t address, bool writing)
{
    struct bus_host host;
    if (!bus_host_page(bus, address, &host) || (writing && host.marks == NULL))
        return NULL;
    if (writing)
        *host.marks |= MEMORY_DIRTY | MEMORY_USED;
    return host.bytes;
}
