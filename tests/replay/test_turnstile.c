/* Turnstile from power-on through a shell session with processes, pipes and a fault, on a PC. */
#include "tests/replay/replay.h"

#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/machine/pc.h"

static uint8_t *rom, *flash;
static size_t rom_size, flash_size;

static struct machine *switch_on(unsigned parameter)
{
    const char *why;
    struct pc_config config = {.ram = 16 << 20,
                               .bios = rom,
                               .bios_size = rom_size,
                               .flash = flash,
                               .flash_size = flash_size};
    (void)parameter;
    struct machine *machine = pc_create(&config, &why);
    bug_unless(machine != NULL);
    return machine;
}

int main(void)
{
    static const struct replay_subject subject = {
        .name = "turnstile",
        .switch_on = switch_on,
        .session = "ls | wc\recho one two > /f; cat /f; cat < /f | grep two\r"
                   "forktest &\rps\rmkdir d; ls d; rm /f\r",
        .first_key = 4000000,
        .key_distance = 100000,
        .says = "one two",
    };
    const char *why;
    rom = file_read(TEST_SYSTEM "/rom.bin", 1 << 20, &rom_size, &why);
    flash = file_read(TEST_SYSTEM "/flash.bin", PC_FLASH_MOST, &flash_size, &why);
    bug_unless(rom != NULL && flash != NULL);
    return replay_run(&subject);
}
