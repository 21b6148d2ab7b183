/* The MIPS machine: Turnstile through a shell session, and processors that take turns. */
#include "tests/replay/replay.h"

#include <stdlib.h>

#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/machine/lamebus.h"
#include "emu/machine/loader.h"

static uint8_t *read_whole(const char *path, size_t *size)
{
    const char *why;
    uint8_t *bytes = file_read(path, 64 << 20, size, &why);
    bug_unless(bytes != NULL);
    return bytes;
}

static struct machine *start(const struct lamebus_config *config, const char *kernel)
{
    const char *why, *path;
    struct machine *machine = lamebus_create(config, &why);
    bug_unless(machine != NULL);
    struct loader_request request = {.kernel = {.path = kernel}, .command_line = ""};
    uint8_t *bytes = read_whole(kernel, &request.kernel.size);
    request.kernel.bytes = bytes;
    bug_unless(loader_mips(machine, &request, &path, &why));
    free(bytes);
    return machine;
}

static struct machine *turnstile(unsigned parameter)
{
    struct lamebus_config config = {.turnstile = true};
    (void)parameter;
    uint8_t *flash = read_whole(TEST_SYSTEM "/fs.img", &config.flash_size);
    config.flash = flash;
    struct machine *machine = start(&config, TEST_SYSTEM "/turnstile.elf");
    free(flash);
    return machine;
}

static struct machine *turns(unsigned cpus)
{
    struct lamebus_config config = {.cpus = cpus, .ram = 1 << 20};
    return start(&config, TEST_GUESTS "/turns.elf");
}

int main(void)
{
    static const struct replay_subject subject[] = {
        {"turnstile on MIPS", turnstile, 0,
         "ls | wc\recho one two > /f; cat /f; cat < /f | grep two\r"
         "forktest &\rps\rmkdir d; ls d; rm /f\r",
         1000000, 100000, "one two"},
        {"one processor", turns, 1, "abcdefgh", 20000, 30000, ""},
        {"two processors", turns, 2, "abcdefgh", 20000, 30000, ""},
        {"five processors", turns, 5, "abcdefgh", 20000, 30000, ""},
        {"thirty-two processors", turns, 32, "abcdefgh", 20000, 30000, ""},
    };
    int status = EXIT_SUCCESS;
    for (unsigned i = 0; i < sizeof subject / sizeof *subject; i++)
        if (replay_run(&subject[i]) != EXIT_SUCCESS)
            status = EXIT_FAILURE;
    return status;
}
