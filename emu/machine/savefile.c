/* savefile: a whole machine in a file: its state blocks and every page that was ever written. */
#include "emu/machine/savefile.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zstd.h>

#include "emu/base/bug.h"

#define HEADER_BYTES 80u
#define LEVEL        1 /* of zstd: as fast as the disk */

static const char damaged[] = "it is damaged: its content does not match its checksum";
static const char cut_short[] = "it ends too early";
static const char other_machine[] = "it is of another machine: give the same --machine, --mem, "
                                    "--cpus and --disk as when it was saved";

static void format_header(char line[HEADER_BYTES + 1], const struct machine *machine,
                          uint64_t quantum, uint64_t check)
{
    snprintf(line, HEADER_BYTES + 1, "trapscope-machine 3 %s quantum=%" PRIu64 " check=%016" PRIx64,
             machine->board->name, quantum, check);
    size_t length = strlen(line);
    memset(line + length, ' ', HEADER_BYTES - 1 - length);
    line[HEADER_BYTES - 1] = '\n';
    line[HEADER_BYTES] = '\0';
}

static void put_little(uint8_t *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++)
        to[i] = (uint8_t)(value >> 8 * i);
}

static uint64_t get_little(const uint8_t *from, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = bytes; i-- > 0;)
        value = value << 8 | from[i];
    return value;
}

static bool file_write(int fd, const void *bytes, size_t size)
{
    const uint8_t *from = bytes;
    while (size > 0) {
        ssize_t done = write(fd, from, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        from += done;
        size -= (size_t)done;
    }
    return true;
}

/* As many bytes as there are, up to size. */
static size_t file_read(int fd, void *bytes, size_t size)
{
    size_t used = 0;
    while (used < size) {
        ssize_t got = read(fd, (uint8_t *)bytes + used, size - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        used += (size_t)got;
    }
    return used;
}

/* --- writing --------------------------------------------------------------------------------- */

struct writer {
    int fd;
    ZSTD_CCtx *zstd;
    XXH3_state_t *hash;
    uint8_t *buffer;
    size_t room;
    bool failed;
};

static void write_packed(struct writer *to, const void *bytes, size_t size, bool last)
{
    ZSTD_inBuffer in = {bytes, size, 0};
    size_t left;
    XXH3_64bits_update(to->hash, bytes, size);
    do {
        ZSTD_outBuffer out = {to->buffer, to->room, 0};
        left = ZSTD_compressStream2(to->zstd, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
        bug_unless(!ZSTD_isError(left));
        if (!to->failed && !file_write(to->fd, to->buffer, out.pos))
            to->failed = true;
    } while (last ? left != 0 : in.pos < in.size);
}

static void write_number(struct writer *to, uint64_t value, unsigned bytes)
{
    uint8_t little[8];
    put_little(little, value, bytes);
    write_packed(to, little, bytes, false);
}

static void write_memory(struct writer *to, const struct memory *memory)
{
    uint64_t used = 0, pages = memory_pages(memory);
    for (uint64_t i = memory_next(memory, 0, MEMORY_USED); i < pages;
         i = memory_next(memory, i + 1, MEMORY_USED))
        used++;
    write_number(to, used, 8);
    for (uint64_t i = memory_next(memory, 0, MEMORY_USED); i < pages;
         i = memory_next(memory, i + 1, MEMORY_USED)) {
        write_number(to, i << 1 | ((memory->page[i] & MEMORY_LOADED) != 0), 8);
        write_packed(to, memory->bytes + (i << MEMORY_PAGE_SHIFT), MEMORY_PAGE, false);
    }
}

bool savefile_write(const struct machine *machine, int fd, const char **why)
{
    struct writer to = {.fd = fd,
                        .zstd = ZSTD_createCCtx(),
                        .hash = XXH3_createState(),
                        .room = ZSTD_CStreamOutSize()};
    bug_unless(to.zstd != NULL && to.hash != NULL);
    to.buffer = bug_alloc(1, to.room);
    ZSTD_CCtx_setParameter(to.zstd, ZSTD_c_compressionLevel, LEVEL);
    XXH3_64bits_reset(to.hash);
    char header[HEADER_BYTES + 1];
    format_header(header, machine, machine->turn.quantum, 0);
    to.failed = !file_write(fd, header, HEADER_BYTES);

    size_t size = state_size(&machine->state);
    uint8_t *state = bug_alloc(1, size);
    state_save(&machine->state, state);
    write_number(&to, machine->memories, 4);
    for (unsigned i = 0; i < machine->memories; i++)
        write_number(&to, machine->memory[i]->size, 8);
    write_number(&to, size, 8);
    write_packed(&to, state, size, false);
    for (unsigned i = 0; i < machine->memories; i++)
        write_memory(&to, machine->memory[i]);
    write_packed(&to, "", 0, true);

    format_header(header, machine, machine->turn.quantum, XXH3_64bits_digest(to.hash));
    if (!to.failed && pwrite(fd, header, HEADER_BYTES, 0) != (ssize_t)HEADER_BYTES)
        to.failed = true;
    *why = to.failed ? strerror(errno) : NULL;
    free(state);
    free(to.buffer);
    XXH3_freeState(to.hash);
    ZSTD_freeCCtx(to.zstd);
    return !to.failed;
}

/* --- reading --------------------------------------------------------------------------------- */

struct page {
    uint32_t memory;
    uint64_t number;
    uint8_t marks;
    uint8_t bytes[MEMORY_PAGE];
};

struct reader {
    int fd;
    ZSTD_DCtx *zstd;
    XXH3_state_t *hash;
    uint8_t *buffer;
    size_t room;
    ZSTD_inBuffer in;
    bool over; /* the frame's end was reached */
    uint8_t *state;
    struct page **page;
    uint64_t pages, page_room;
};

static bool read_packed(struct reader *from, void *bytes, size_t size)
{
    ZSTD_outBuffer out = {bytes, size, 0};
    while (out.pos < size) {
        if (from->in.pos == from->in.size) {
            from->in =
                (ZSTD_inBuffer){from->buffer, file_read(from->fd, from->buffer, from->room), 0};
        }
        size_t in_before = from->in.pos, out_before = out.pos;
        size_t hint = from->over ? 0 : ZSTD_decompressStream(from->zstd, &out, &from->in);
        if (ZSTD_isError(hint))
            return false;
        from->over = hint == 0;
        if (from->in.pos == in_before && out.pos == out_before)
            return false;
    }
    XXH3_64bits_update(from->hash, bytes, size);
    return true;
}

static bool read_number(struct reader *from, unsigned bytes, uint64_t *value)
{
    uint8_t little[8];
    if (!read_packed(from, little, bytes))
        return false;
    *value = get_little(little, bytes);
    return true;
}

static const char *read_sizes(struct reader *from, const struct machine *machine)
{
    uint64_t memories, size;
    if (!read_number(from, 4, &memories))
        return cut_short;
    if (memories != machine->memories)
        return other_machine;
    for (unsigned i = 0; i < machine->memories; i++) {
        if (!read_number(from, 8, &size))
            return cut_short;
        if (size != machine->memory[i]->size)
            return other_machine;
    }
    if (!read_number(from, 8, &size))
        return cut_short;
    return size == state_size(&machine->state) ? NULL : other_machine;
}

static struct page *new_page(struct reader *from)
{
    if (from->pages == from->page_room) {
        uint64_t room = from->page_room == 0 ? 64 : from->page_room * 2;
        struct page **page = bug_alloc(room, sizeof *page);
        if (from->pages != 0)
            memcpy(page, from->page, from->pages * sizeof *page);
        free(from->page);
        from->page = page;
        from->page_room = room;
    }
    return from->page[from->pages++] = bug_alloc(1, sizeof(struct page));
}

static const char *read_memory(struct reader *from, const struct machine *machine, uint32_t number)
{
    uint64_t used, next = 0, pages = memory_pages(machine->memory[number]);
    if (!read_number(from, 8, &used))
        return cut_short;
    if (used > pages)
        return damaged;
    for (; used > 0; used--) {
        struct page *page = new_page(from);
        page->memory = number;
        if (!read_number(from, 8, &page->number) ||
            !read_packed(from, page->bytes, sizeof page->bytes))
            return cut_short;
        page->marks = (page->number & 1) != 0 ? MEMORY_LOADED : 0;
        page->number >>= 1;
        if (page->number < next || page->number >= pages)
            return damaged;
        next = page->number + 1;
    }
    return NULL;
}

static const char *read_content(struct reader *from, const struct machine *machine)
{
    char header[HEADER_BYTES + 1] = {0}, expected[HEADER_BYTES + 1];
    uint64_t check = 0, quantum = 0;
    if (file_read(from->fd, header, HEADER_BYTES) != HEADER_BYTES)
        return cut_short;
    const char *at = strstr(header, "quantum=");
    if (at != NULL)
        sscanf(at, "quantum=%10" SCNu64 " check=%16" SCNx64, &quantum, &check);
    format_header(expected, machine, quantum, check);
    if (memcmp(header, expected, HEADER_BYTES) != 0)
        return "it does not begin as a saved machine of this version does";
    if (quantum != machine->turn.quantum)
        return "its processors took turns of another length: give the --quantum that its first "
               "line names";
    const char *fault = read_sizes(from, machine);
    size_t size = state_size(&machine->state);
    from->state = bug_alloc(1, size);
    if (fault == NULL && !read_packed(from, from->state, size))
        fault = cut_short;
    for (uint32_t i = 0; fault == NULL && i < machine->memories; i++)
        fault = read_memory(from, machine, i);
    uint8_t extra;
    if (fault == NULL && (read_packed(from, &extra, 1) || from->in.pos != from->in.size ||
                          file_read(from->fd, &extra, 1) != 0))
        fault = "there are bytes behind its end";
    if (fault == NULL && !from->over)
        fault = cut_short;
    if (fault == NULL && XXH3_64bits_digest(from->hash) != check)
        fault = damaged;
    return fault;
}

/* Nothing of the machine's own past stays. */
static void take(struct machine *machine, const struct reader *from)
{
    for (unsigned m = 0; m < machine->memories; m++) {
        struct memory *memory = machine->memory[m];
        for (uint64_t i = memory_next(memory, 0, 0xff); i < memory_pages(memory);
             i = memory_next(memory, i + 1, 0xff)) {
            memset(memory->bytes + (i << MEMORY_PAGE_SHIFT), 0, MEMORY_PAGE);
            memory->page[i] = 0;
        }
    }
    for (uint64_t i = 0; i < from->pages; i++) {
        const struct page *page = from->page[i];
        struct memory *memory = machine->memory[page->memory];
        memory_put(memory, page->number << MEMORY_PAGE_SHIFT, page->bytes, MEMORY_PAGE);
        memory->page[page->number] |= page->marks;
    }
    machine->input.base = machine->input.s.next;
    machine->input.used = 0;
    machine_memory_changed(machine, 0, 0);
    trace_clear(&machine->trace);
}

bool savefile_read(struct machine *machine, int fd, const char **why)
{
    struct reader from = {.fd = fd,
                          .zstd = ZSTD_createDCtx(),
                          .hash = XXH3_createState(),
                          .room = ZSTD_DStreamInSize()};
    bug_unless(from.zstd != NULL && from.hash != NULL);
    from.buffer = bug_alloc(1, from.room);
    XXH3_64bits_reset(from.hash);
    *why = read_content(&from, machine);
    const char *block;
    if (*why == NULL &&
        !state_load(&machine->state, from.state, state_size(&machine->state), &block))
        *why = "it holds a state that no machine of this version can be in";
    if (*why == NULL)
        take(machine, &from);
    for (uint64_t i = 0; i < from.pages; i++)
        free(from.page[i]);
    free(from.page);
    free(from.state);
    free(from.buffer);
    XXH3_freeState(from.hash);
    ZSTD_freeDCtx(from.zstd);
    return *why == NULL;
}
