/* Fuzzes saved machines: a content that a PC takes back must be one that it can go on with. The
 * bytes are the content before compression; they are taken as a whole file, too. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>
#include <zstd.h>

#include "emu/machine/savefile.h"
#include "tests/fuzz/target.h"

#define HEADER_BYTES 80u

static int sealed(const uint8_t *bytes, size_t size)
{
    size_t room = HEADER_BYTES + ZSTD_compressBound(size);
    uint8_t *file = bug_alloc(1, room + 1);
    int used = snprintf((char *)file, room, "trapscope-machine 2 x86 check=%016" PRIx64,
                        (uint64_t)XXH3_64bits(bytes, size));
    memset(file + used, ' ', HEADER_BYTES - 1 - (size_t)used);
    file[HEADER_BYTES - 1] = '\n';
    size_t packed = ZSTD_compress(file + HEADER_BYTES, room - HEADER_BYTES, bytes, size, 1);
    bug_unless(!ZSTD_isError(packed));
    int fd = target_file(file, HEADER_BYTES + packed);
    free(file);
    return fd;
}

static void read_and_run(int fd)
{
    const char *why;
    struct machine *machine = target_pc(NULL);
    uint64_t before = machine_hash(machine);
    bool done = savefile_read(machine, fd, &why);
    close(fd);
    if (done) {
        target_run(machine, 2000);
        target_save_and_restore(machine, target_pc(NULL));
    } else {
        bug_unless(why != NULL && machine_hash(machine) == before);
    }
    machine_free(machine);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    read_and_run(target_file(bytes, size));
    read_and_run(sealed(bytes, size));
    return 0;
}
