/* inputlog: the only door through which anything from outside enters a machine. */
#include "emu/machine/inputlog.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "emu/base/bug.h"

#define MOST_ENTRIES (1u << 26)
#define ROW_BYTES    16u
#define HEADER_BYTES 192u
#define CHUNK_ROWS   4096u

/* Sane tick values only: a device may add to them without overflow. */
#define LAST_TICK (UINT64_C(1) << 62)

void input_init(struct input *input, const struct clock *clock)
{
    *input = (struct input){.clock = clock};
}

void input_free(struct input *input)
{
    free(input->log);
    input->log = NULL;
    input->used = input->room = 0;
}

void input_connect(struct input *input, enum input_channel channel, input_fn *fn, void *device)
{
    bug_unless(channel < INPUT_CHANNELS);
    input->sink[channel].fn = fn;
    input->sink[channel].device = device;
}

void input_add_state(struct input *input, struct state_map *map)
{
    state_add(map, (struct state_block){
                       .name = "input", .version = 1, .size = sizeof input->s, .bytes = &input->s});
}

/* Index in log[] of the next entry to deliver. A loaded snapshot may name any number. */
static uint64_t next_index(const struct input *input)
{
    uint64_t index = input->s.next - input->base;
    return input->s.next < input->base || index > input->used ? input->used : index;
}

static bool append(struct input *input, struct input_entry entry)
{
    if (input->used == MOST_ENTRIES)
        return false;
    if (input->used == input->room) {
        uint64_t room = input->room == 0 ? 64 : input->room * 2;
        struct input_entry *log = realloc(input->log, room * sizeof *log);
        if (log == NULL)
            return false;
        input->log = log;
        input->room = room;
    }
    input->log[input->used++] = entry;
    return true;
}

bool input_post(struct input *input, enum input_channel channel, uint32_t value)
{
    bug_unless(channel < INPUT_CHANNELS);
    uint64_t next = next_index(input);
    while (input->used > next && input->log[input->used - 1].tick > input->clock->s.now)
        input->used--;
    input->posts++;
    return append(input, (struct input_entry){input->clock->s.now, channel, value});
}

bool input_pending(const struct input *input)
{
    return next_index(input) < input->used;
}

ticks input_due(const struct input *input)
{
    uint64_t next = next_index(input);
    return next < input->used ? input->log[next].tick : CLOCK_NEVER;
}

void input_deliver(struct input *input)
{
    while (input_due(input) <= input->clock->s.now) {
        struct input_entry entry = input->log[next_index(input)];
        input->s.next++;
        if (input->sink[entry.channel].fn != NULL)
            input->sink[entry.channel].fn(input->sink[entry.channel].device, entry.value);
    }
    if (input->forget && next_index(input) == input->used) {
        input->base = input->s.next;
        input->used = 0;
    }
}

void input_cut(struct input *input)
{
    input->used = next_index(input);
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

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = write(fd, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

static bool read_all(int fd, uint8_t *bytes, size_t size)
{
    while (size > 0) {
        ssize_t done = read(fd, bytes, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes += done;
        size -= (size_t)done;
    }
    return true;
}

/* The header line is padded with blanks to a fixed length, its newline the last byte. */
static void format_header(char line[HEADER_BYTES + 1], const struct input_session *session,
                          uint64_t entries, uint64_t checksum)
{
    snprintf(line, HEADER_BYTES + 1,
             "trapscope-input 2 machine=%016" PRIx64 " quantum=%" PRIu64 " end=%" PRIu64
             " hash=%016" PRIx64 " entries=%" PRIu64 " check=%016" PRIx64,
             session->machine, session->quantum, session->end, session->hash, entries, checksum);
    size_t length = strlen(line);
    memset(line + length, ' ', HEADER_BYTES - 1 - length);
    line[HEADER_BYTES - 1] = '\n';
    line[HEADER_BYTES] = '\0';
}

bool input_write(const struct input *input, const struct input_session *session, int fd,
                 const char **why)
{
    bug_unless(!input->forget);
    uint8_t *rows = bug_alloc(input->used + 1, ROW_BYTES);
    for (uint64_t i = 0; i < input->used; i++) {
        put_little(rows + i * ROW_BYTES, input->log[i].tick, 8);
        put_little(rows + i * ROW_BYTES + 8, input->log[i].channel, 4);
        put_little(rows + i * ROW_BYTES + 12, input->log[i].value, 4);
    }
    size_t size = input->used * ROW_BYTES;
    char header[HEADER_BYTES + 1];
    format_header(header, session, input->used, XXH3_64bits(rows, size));
    bool done = write_all(fd, (uint8_t *)header, HEADER_BYTES) && write_all(fd, rows, size);
    free(rows);
    if (!done)
        *why = strerror(errno);
    return done;
}

/* The one accepted spelling of a header is the one that format_header writes. */
static bool parse_header(const char *line, struct input_session *session, uint64_t *entries,
                         uint64_t *checksum)
{
    char again[HEADER_BYTES + 1];
    if (sscanf(line,
               "trapscope-input 2 machine=%16" SCNx64 " quantum=%20" SCNu64 " end=%20" SCNu64
               " hash=%16" SCNx64 " entries=%20" SCNu64 " check=%16" SCNx64,
               &session->machine, &session->quantum, &session->end, &session->hash, entries,
               checksum) != 6)
        return false;
    format_header(again, session, *entries, *checksum);
    return memcmp(line, again, HEADER_BYTES) == 0 && session->end <= LAST_TICK &&
           *entries <= MOST_ENTRIES;
}

static const char *judge_entry(const struct input *input, struct input_entry entry, ticks end)
{
    if (entry.channel >= INPUT_CHANNELS)
        return "it names an input that no machine has";
    if (entry.tick > end)
        return "an entry is later than the end of the session";
    if (input->used > 0 && entry.tick < input->log[input->used - 1].tick)
        return "its entries are not in the order of time";
    if (entry.channel == INPUT_DATE && input->used != 0)
        return "it sets the date more than once";
    return NULL;
}

static const char *take_rows(struct input *input, const uint8_t *rows, uint64_t entries, ticks end)
{
    for (const uint8_t *row = rows; row < rows + entries * ROW_BYTES; row += ROW_BYTES) {
        struct input_entry entry = {get_little(row, 8), (uint32_t)get_little(row + 8, 4),
                                    (uint32_t)get_little(row + 12, 4)};
        const char *fault = judge_entry(input, entry, end);
        if (fault != NULL)
            return fault;
        if (!append(input, entry))
            return "the host has no memory for it";
    }
    return NULL;
}

static const char *read_rows(struct input *input, const struct input_session *session, int fd,
                             uint64_t entries, uint64_t checksum)
{
    uint8_t *rows = bug_alloc(CHUNK_ROWS, ROW_BYTES);
    XXH3_state_t *running = XXH3_createState();
    bug_unless(running != NULL);
    XXH3_64bits_reset(running);
    const char *fault = NULL;
    while (entries > 0 && fault == NULL) {
        uint64_t now = entries < CHUNK_ROWS ? entries : CHUNK_ROWS;
        if (read_all(fd, rows, now * ROW_BYTES))
            fault = take_rows(input, rows, now, session->end);
        else
            fault = "it ends too early";
        XXH3_64bits_update(running, rows, now * ROW_BYTES);
        entries -= now;
    }
    if (fault == NULL && read_all(fd, rows, 1))
        fault = "there are bytes behind its last entry";
    if (fault == NULL && XXH3_64bits_digest(running) != checksum)
        fault = "its checksum is wrong";
    XXH3_freeState(running);
    free(rows);
    return fault;
}

bool input_read(struct input *input, struct input_session *session, int fd, const char **why)
{
    char line[HEADER_BYTES + 1] = {0};
    uint64_t entries, checksum;
    input->used = 0;
    input->base = input->s.next;
    if (!read_all(fd, (uint8_t *)line, HEADER_BYTES) ||
        !parse_header(line, session, &entries, &checksum)) {
        *why = "it does not begin as an input log of this version does";
        return false;
    }
    *why = read_rows(input, session, fd, entries, checksum);
    if (*why != NULL)
        input->used = 0;
    return *why == NULL;
}
