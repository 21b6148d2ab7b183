/* A PC's processors, which take turns: by several quanta, in every way there is to run them. */
#include "tests/replay/replay.h"

#include <stdlib.h>

#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/machine/loader.h"
#include "emu/machine/pc.h"

#define QUANTUM 100u /* a subject's parameter: this many times the processors, and the quantum */

static uint8_t *read_whole(const char *path, size_t *size)
{
    const char *why;
    uint8_t *bytes = file_read(path, 64 << 20, size, &why);
    bug_unless(bytes != NULL);
    return bytes;
}

static struct machine *switch_on(unsigned parameter)
{
    static const uint32_t quantum[] = {0, 1, 13, 50000};
    const char *why, *path;
    struct pc_config config = {
        .cpus = parameter % QUANTUM, .quantum = quantum[parameter / QUANTUM], .ram = 2 << 20};
    uint8_t *rom = read_whole(TEST_SYSTEM "/rom.bin", &config.bios_size);
    config.bios = rom;
    struct machine *machine = pc_create(&config, &why);
    bug_unless(machine != NULL);
    struct loader_request request = {.kernel = {.path = "smp_turns.elf"}, .command_line = ""};
    uint8_t *kernel = read_whole(TEST_GUESTS "/smp_turns.elf", &request.kernel.size);
    request.kernel.bytes = kernel;
    bug_unless(loader_multiboot(machine, &request, &path, &why));
    free(kernel);
    free(rom);
    return machine;
}

int main(void)
{
    static const struct replay_subject subject[] = {
        {"one processor", switch_on, 1, "abcdefgh", 1500000, 30000, ""},
        {"two processors", switch_on, 2, "abcdefgh", 1500000, 30000, ""},
        {"two, a quantum of one tick", switch_on, QUANTUM + 2, "abcdefgh", 1500000, 30000, ""},
        {"four, one of thirteen", switch_on, 2 * QUANTUM + 4, "abcdefgh", 1500000, 30000, ""},
        {"four, one of 50,000", switch_on, 3 * QUANTUM + 4, "abcdefgh", 1500000, 30000, ""},
        {"thirty-two processors", switch_on, 32, "abcdefgh", 2000000, 30000, ""},
    };
    int status = EXIT_SUCCESS;
    for (unsigned i = 0; i < sizeof subject / sizeof *subject; i++)
        if (replay_run(&subject[i]) != EXIT_SUCCESS)
            status = EXIT_FAILURE;
    return status;
}
