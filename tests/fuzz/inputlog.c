/* Fuzzes input logs: what is read is delivered to a PC's devices. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "tests/fuzz/target.h"

#define HEADER_BYTES 192u
#define ROW_BYTES    16u

/* Gives the rows behind the header's place a header that fits them: else the checksum would stop
 * every change. */
static int sealed(const uint8_t *bytes, size_t size)
{
    static uint8_t file[1 << 16];
    const uint8_t *rows = bytes + HEADER_BYTES;
    size_t entries = (size - HEADER_BYTES) / ROW_BYTES, length = entries * ROW_BYTES;
    if (HEADER_BYTES + length > sizeof file)
        return target_file(bytes, size);
    int used = snprintf((char *)file, sizeof file,
                        "trapscope-input 2 machine=%016d quantum=1000 end=9000000000000 hash=%016d"
                        " entries=%zu check=%016" PRIx64,
                        0, 0, entries, (uint64_t)XXH3_64bits(rows, length));
    memset(file + used, ' ', HEADER_BYTES - 1 - (size_t)used);
    file[HEADER_BYTES - 1] = '\n';
    memcpy(file + HEADER_BYTES, rows, length);
    return target_file(file, HEADER_BYTES + length);
}

static void read_and_run(int fd)
{
    struct input_session session;
    const char *why = NULL;
    struct machine *machine = target_pc(NULL);
    bool done = input_read(&machine->input, &session, fd, &why);
    bug_unless(done ? why == NULL : why != NULL && machine->input.used == 0);
    close(fd);
    if (done)
        target_run(machine, 2000);
    machine_free(machine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    read_and_run(target_file(bytes, size));
    if (size >= HEADER_BYTES)
        read_and_run(sealed(bytes, size));
    return 0;
}
