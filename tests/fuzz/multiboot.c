/* Fuzzes kernels for --kernel, and what becomes of those that are loaded. */
#include <string.h>

#include "emu/machine/loader.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const uint8_t module[] = "a module";
    const char *path = NULL, *why = NULL;
    struct loader_request request = {
        .kernel = {"kernel", bytes, size},
        .command_line = "quiet",
        .module = {"module", size % 2 == 0 ? module : NULL, sizeof module}};
    struct machine *machine = target_pc(NULL);
    if (loader_multiboot(machine, &request, &path, &why))
        target_run(machine, 2000);
    else
        bug_unless(path != NULL && why != NULL && strchr(why, '\n') == NULL);
    machine_free(machine);
    return 0;
}
