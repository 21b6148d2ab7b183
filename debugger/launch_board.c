/* launch_board: the machine itself made of a command line: its files read, judged and put in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "debugger/launch.h"
#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/machine/lamebus.h"
#include "emu/machine/loader.h"
#include "emu/machine/pc.h"

#define MOST_KERNEL (UINT64_C(256) << 20)
#define MOST_MODULE PC_RAM_MOST
#define MOST_ROM    (UINT64_C(1) << 20) /* pc_create says which sizes are right */

#define TURNSTILE "turnstile.elf"

char *launch_asset(const char *machine, const char *name)
{
    static const char *const place[] = {"guest-os/", "../share/trapscope/"};
    char *folder = file_own_folder();
    char *found = NULL;
    for (unsigned i = 0; folder != NULL && found == NULL && i < sizeof place / sizeof place[0];
         i++) {
        char *there = file_join(folder, place[i]);
        size_t size = strlen(there) + strlen(machine) + strlen(name) + 2;
        found = bug_alloc(1, size);
        snprintf(found, size, "%s%s/%s", there, machine, name);
        free(there);
        if (access(found, R_OK) != 0) {
            free(found);
            found = NULL;
        }
    }
    free(folder);
    return found;
}

bool launch_is_mips(const struct options *options)
{
    return strcmp(options->machine, "mips") == 0;
}

/* --- files of the machine -------------------------------------------------------------------- */

struct files {
    uint8_t *bios, *flash, *kernel, *module;
    size_t bios_size, flash_size, kernel_size, module_size;
};

static void free_files(struct files *files)
{
    free(files->bios);
    free(files->flash);
    free(files->kernel);
    free(files->module);
}

static bool read_named(const char *command, const char *path, uint64_t most, uint8_t **bytes,
                       size_t *size)
{
    const char *why;
    *bytes = file_read(path, most, size, &why);
    if (*bytes == NULL)
        options_trouble(command, "%s: %s", path, why);
    return *bytes != NULL;
}

static bool read_asset(const char *command, const char *machine, const char *name, uint64_t most,
                       uint8_t **bytes, size_t *size)
{
    char *path = launch_asset(machine, name);
    if (path == NULL) {
        options_trouble(command, "%s/%s is not beside this program: build it with ./dev build",
                        machine, name);
        return false;
    }
    bool done = read_named(command, path, most, bytes, size);
    free(path);
    return done;
}

/* A Turnstile of the user's, and its file system. */
static bool read_turnstile(const char *command, const struct options *options, uint8_t **image,
                           size_t *image_size, struct files *files)
{
    char *kernel = file_join(options->turnstile, TURNSTILE);
    char *fs = file_join(options->turnstile, "fs.img");
    bool done = read_named(command, kernel, MOST_KERNEL, &files->kernel, &files->kernel_size) &&
                read_named(command, fs, MOST_MODULE, image, image_size);
    free(kernel);
    free(fs);
    return done;
}

static bool read_pc_files(const char *command, const struct options *options, struct files *files)
{
    bool own_system =
        options->kernel == NULL && options->bios == NULL && options->turnstile == NULL;
    bool done =
        options->bios == NULL
            ? read_asset(command, "x86", "rom.bin", MOST_ROM, &files->bios, &files->bios_size)
            : read_named(command, options->bios, MOST_ROM, &files->bios, &files->bios_size);
    if (done && own_system)
        done = read_asset(command, "x86", "flash.bin", PC_FLASH_MOST, &files->flash,
                          &files->flash_size);
    if (done && options->turnstile != NULL)
        return read_turnstile(command, options, &files->module, &files->module_size, files);
    if (done && options->kernel != NULL)
        done =
            read_named(command, options->kernel, MOST_KERNEL, &files->kernel, &files->kernel_size);
    if (done && options->initrd != NULL)
        done =
            read_named(command, options->initrd, MOST_MODULE, &files->module, &files->module_size);
    return done;
}

static bool read_mips_files(const char *command, const struct options *options, struct files *files)
{
    if (options->turnstile != NULL)
        return read_turnstile(command, options, &files->flash, &files->flash_size, files);
    if (options->kernel != NULL)
        return read_named(command, options->kernel, MOST_KERNEL, &files->kernel,
                          &files->kernel_size);
    return read_asset(command, "mips", TURNSTILE, MOST_KERNEL, &files->kernel,
                      &files->kernel_size) &&
           read_asset(command, "mips", "fs.img", LAMEBUS_FLASH_MOST, &files->flash,
                      &files->flash_size);
}

/* --- what Turnstile finds in fw_cfg or on the host card --------------------------------------- */

#define MOST_GUEST_FILES 4u

static unsigned guest_files(const struct options *options, const struct program *program,
                            struct parts_file file[MOST_GUEST_FILES])
{
    unsigned n = 0;
    const char *words = program != NULL ? "quiet" : options->append;
    if (words[0] != '\0' && options->kernel == NULL)
        file[n++] =
            (struct parts_file){"opt/turnstile/cmdline", words, (uint32_t)strlen(words) + 1};
    if (program == NULL) /* the terminal is the only display: firmware text goes to COM1 too */
        file[n++] = (struct parts_file){"opt/trapscope/serial-console", "1", 1};
    if (program != NULL)
        file[n++] = (struct parts_file){"opt/turnstile/argv", program->arguments,
                                        (uint32_t)program->arguments_size};
    if (program != NULL && program->elf != NULL)
        file[n++] =
            (struct parts_file){"opt/turnstile/program", program->elf, (uint32_t)program->elf_size};
    return n;
}

/* --- the machine ----------------------------------------------------------------------------- */

static const char *judge_mips(const struct options *options)
{
    if (options->bios != NULL)
        return "--bios: the MIPS machine's boot ROM is fixed: leave it out";
    if (options->initrd != NULL)
        return "--initrd: kernels of the MIPS machine take no module: leave it out";
    if (options->cpus < 1 || options->cpus > MACHINE_PROCESSORS)
        return "--cpus: the MIPS machine has 1 to 32 processors: give --cpus 4, for example";
    if (options->cpu != NULL && mips_model_named(options->cpu) == NULL)
        return "--cpu: the MIPS machine has other models: give --cpu r3000 or --cpu mips32";
    return NULL;
}

static const char *judge_pc(const struct options *options)
{
    if (options->kernel != NULL && options->bios != NULL)
        return "--kernel and --bios: give one of them: a kernel is started without its ROM";
    if (options->initrd != NULL && options->kernel == NULL)
        return "--initrd: is a module of a kernel: give --kernel, too";
    if (options->cpus < 1 || options->cpus > MACHINE_PROCESSORS)
        return "--cpus: a PC has 1 to 32 processors: give --cpus 4, for example";
    if (options->cpu != NULL)
        return "--cpu: a PC has one model of processor: leave it out, or give --machine mips";
    return NULL;
}

static const char *judge(const struct options *options, const struct program *program)
{
    if (strcmp(options->machine, "x86") != 0 && !launch_is_mips(options))
        return "--machine: there are two machines: give --machine x86 or --machine mips";
    if (options->disk.used > PARTS_DISKS)
        return "--disk: there is room for two disks: leave out the others";
    if (options->record != NULL && options->replay != NULL)
        return "--record and --replay: give one of them: a replay records nothing new";
    if (options->quantum < 1 || options->quantum > MACHINE_QUANTUM_MOST)
        return "--quantum: a turn is 1 to 1000000000 ticks: give --quantum 1000, for example";
    if (options->turnstile != NULL && (options->kernel != NULL || options->bios != NULL))
        return "--turnstile: has its own way to be started: leave --kernel and --bios out";
    if (program != NULL && (options->kernel != NULL || options->bios != NULL))
        return "--kernel and --bios: a program needs Turnstile: leave them out";
    return launch_is_mips(options) ? judge_mips(options) : judge_pc(options);
}

bool launch_judge(const char *command, const struct options *options, const struct program *program)
{
    const char *why = judge(options, program);
    if (why != NULL)
        options_trouble(command, "%s", why);
    return why == NULL;
}

static struct parts_disk image_of(struct launch *launch, unsigned number)
{
    struct disk *disk = &launch->disk[number];
    return number < launch->disks ? (struct parts_disk){disk_sectors(disk), disk_load, disk}
                                  : (struct parts_disk){0};
}

static struct machine *create_pc(struct launch *launch, const struct options *options,
                                 const struct files *files, const struct parts_file *file,
                                 unsigned guest_files, const char **why)
{
    struct pc_config config = {.cpus = (unsigned)options->cpus,
                               .quantum = (uint32_t)options->quantum,
                               .ram = options->memory,
                               .bios = files->bios,
                               .bios_size = files->bios_size,
                               .flash = files->flash,
                               .flash_size = files->flash_size,
                               .file = file,
                               .files = guest_files};
    for (unsigned i = 0; i < PARTS_DISKS; i++)
        config.disk[i] = image_of(launch, i);
    return pc_create(&config, why);
}

static struct machine *create_mips(struct launch *launch, const struct options *options,
                                   const struct files *files, const struct parts_file *file,
                                   unsigned guest_files, const char **why)
{
    struct lamebus_config config = {
        .model = options->cpu == NULL ? NULL : mips_model_named(options->cpu),
        .cpus = (unsigned)options->cpus,
        .quantum = (uint32_t)options->quantum,
        .ram = options->memory,
        .turnstile = options->kernel == NULL,
        .flash = files->flash,
        .flash_size = files->flash_size,
        .file = file,
        .files = options->kernel == NULL ? guest_files : 0,
    };
    for (unsigned i = 0; i < PARTS_DISKS; i++)
        config.disk[i] = image_of(launch, i);
    return lamebus_create(&config, why);
}

static bool load_kernel(struct launch *launch, const struct options *options,
                        const struct program *program, const struct files *files)
{
    bool mips = launch_is_mips(options);
    if (files->kernel == NULL)
        return true;
    struct loader_request request = {
        .kernel = {options->kernel == NULL ? TURNSTILE : options->kernel, files->kernel,
                   files->kernel_size},
        .command_line = options->turnstile != NULL && program != NULL           ? "quiet"
                        : options->kernel != NULL || options->turnstile != NULL ? options->append
                                                                                : "",
        .module = {options->turnstile != NULL ? options->turnstile : options->initrd, files->module,
                   files->module_size}};
    const char *path, *why;
    bool done = mips ? loader_mips(launch->machine, &request, &path, &why)
                     : loader_multiboot(launch->machine, &request, &path, &why);
    if (!done)
        options_trouble(launch->command, "%s: %s", path, why);
    return done;
}

bool launch_board(struct launch *launch, const struct options *options,
                  const struct program *program)
{
    bool mips = launch_is_mips(options);
    struct files files = {0};
    struct parts_file file[MOST_GUEST_FILES];
    const char *why;
    bool done = mips ? read_mips_files(launch->command, options, &files)
                     : read_pc_files(launch->command, options, &files);
    if (done) {
        unsigned used = guest_files(options, program, file);
        launch->machine = mips ? create_mips(launch, options, &files, file, used, &why)
                               : create_pc(launch, options, &files, file, used, &why);
        if (launch->machine == NULL)
            options_trouble(launch->command, "%s", why);
        done = launch->machine != NULL && load_kernel(launch, options, program, &files);
    }
    free_files(&files);
    return done;
}
