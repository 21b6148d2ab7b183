/* Fuzzes kernels for --machine mips --kernel, and what becomes of those that are loaded. */
#include <string.h>

#include "emu/machine/lamebus.h"
#include "emu/machine/loader.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = NULL, *why = NULL;
    struct loader_request request = {.kernel = {"kernel", bytes, size}, .command_line = "quiet"};
    struct lamebus_config config = {.ram = TARGET_RAM, .cpus = 2};
    struct machine *machine = lamebus_create(&config, &why);
    bug_unless(machine != NULL);
    if (loader_mips(machine, &request, &path, &why))
        target_run(machine, 2000);
    else
        bug_unless(path != NULL && why != NULL && strchr(why, '\n') == NULL);
    machine_free(machine);
    return 0;
}
