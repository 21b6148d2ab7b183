/* launch: a machine made of a command line: its files found, read and judged, and put away again.
 */
#include "debugger/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "emu/base/bug.h"
#include "emu/host/files.h"
#include "emu/host/wallclock.h"
#include "emu/machine/loader.h"
#include "emu/machine/savefile.h"

#define MOST_KERNEL (UINT64_C(256) << 20)
#define MOST_MODULE PC_RAM_MOST
#define MOST_ROM    (UINT64_C(1) << 20) /* pc_create says which sizes are right */

char *launch_asset(const char *name)
{
    static const char *const place[] = {"guest-os/x86/", "../share/trapscope/x86/"};
    char *folder = file_own_folder();
    char *found = NULL;
    for (unsigned i = 0; folder != NULL && found == NULL && i < sizeof place / sizeof place[0];
         i++) {
        char *there = file_join(folder, place[i]);
        found = bug_alloc(1, strlen(there) + strlen(name) + 1);
        strcat(strcpy(found, there), name);
        free(there);
        if (access(found, R_OK) != 0) {
            free(found);
            found = NULL;
        }
    }
    free(folder);
    return found;
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

static bool read_asset(const char *command, const char *name, uint64_t most, uint8_t **bytes,
                       size_t *size)
{
    char *path = launch_asset(name);
    if (path == NULL) {
        options_trouble(command, "%s is not beside this program: build it with ./dev build", name);
        return false;
    }
    bool done = read_named(command, path, most, bytes, size);
    free(path);
    return done;
}

static bool read_files(const char *command, const struct options *options, struct files *files)
{
    bool own_system = options->kernel == NULL && options->bios == NULL;
    bool done = options->bios == NULL
                    ? read_asset(command, "rom.bin", MOST_ROM, &files->bios, &files->bios_size)
                    : read_named(command, options->bios, MOST_ROM, &files->bios, &files->bios_size);
    if (done && own_system)
        done = read_asset(command, "flash.bin", PC_FLASH_MOST, &files->flash, &files->flash_size);
    if (done && options->kernel != NULL)
        done =
            read_named(command, options->kernel, MOST_KERNEL, &files->kernel, &files->kernel_size);
    if (done && options->initrd != NULL)
        done =
            read_named(command, options->initrd, MOST_MODULE, &files->module, &files->module_size);
    return done;
}

/* --- disks ----------------------------------------------------------------------------------- */

static bool open_disks(struct launch *launch, const struct options *options)
{
    for (unsigned i = 0; i < options->disk.used; i++) {
        struct disk *disk = &launch->disk[launch->disks];
        const char *path = options->disk.item[i], *why;
        if (!disk_open(disk, path, PC_DISK_MOST, !options->snapshot, &why)) {
            options_trouble(launch->command, "%s: %s", path, why);
            return false;
        }
        launch->disks++;
        if (disk->read_only)
            fprintf(stderr,
                    "trapscope %s: %s: is read-only: changes are kept for this session only\n",
                    launch->command, path);
    }
    return true;
}

void launch_write_disks(struct launch *launch)
{
    const char *why;
    for (unsigned i = 0; i < launch->disks; i++)
        if (!disk_write_back(&launch->disk[i], launch->machine->board->disk(launch->machine, i),
                             &why))
            options_trouble(launch->command, "%s: could not be written: %s", launch->disk[i].path,
                            why);
}

/* Closes and frees all that launch_machine may have opened. */
static void put_away(struct launch *launch)
{
    for (unsigned i = 0; i < launch->disks; i++)
        disk_close(&launch->disk[i]);
    if (launch->record_fd >= 0)
        close(launch->record_fd);
    if (launch->save_fd >= 0)
        close(launch->save_fd);
    machine_free(launch->machine);
    *launch = (struct launch){.command = launch->command, .record_fd = -1, .save_fd = -1};
}

/* --- recording and replaying ----------------------------------------------------------------- */

/* For what is written in the end, opened at the start so that a mistake is told early. */
static bool open_output(struct launch *launch, const char *path, const char **name, int *fd)
{
    *name = path;
    if (path == NULL)
        return true;
    *fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (*fd < 0)
        options_trouble(launch->command, "%s: %s", path, strerror(errno));
    return *fd >= 0;
}

static bool restore(struct launch *launch, const char *path)
{
    const char *why;
    if (path == NULL)
        return true;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        options_trouble(launch->command, "%s: %s", path, strerror(errno));
        return false;
    }
    bool done = savefile_read(launch->machine, fd, &why);
    close(fd);
    if (!done)
        options_trouble(launch->command, "%s: is no saved machine that can go on: %s", path, why);
    return done;
}

static bool read_replay(struct launch *launch, const char *path)
{
    const char *why;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        options_trouble(launch->command, "%s: %s", path, strerror(errno));
        return false;
    }
    bool done = input_read(&launch->machine->input, &launch->session, fd, &why);
    close(fd);
    if (!done) {
        options_trouble(launch->command, "%s: is no input log that can be replayed: %s", path, why);
        return false;
    }
    if (launch->session.machine != machine_hash(launch->machine)) {
        options_trouble(launch->command,
                        "%s: was recorded on another machine: give the same options, files and "
                        "program as then",
                        path);
        return false;
    }
    launch->replaying = true;
    return true;
}

static bool begin_input(struct launch *launch, const struct options *options)
{
    if (options->replay != NULL)
        return read_replay(launch, options->replay);
    launch->session.machine = machine_hash(launch->machine);
    launch->machine->input.forget = options->record == NULL;
    return options->restore != NULL ||
           input_post(&launch->machine->input, INPUT_DATE, wallclock_date());
}

/* --- the machine ----------------------------------------------------------------------------- */

static const char *judge(const struct options *options, const struct program *program)
{
    if (strcmp(options->machine, "mips") == 0)
        return "--machine mips: there is no MIPS machine yet: leave it out for x86";
    if (strcmp(options->machine, "x86") != 0)
        return "--machine: there is one machine only: give --machine x86";
    if (options->kernel != NULL && options->bios != NULL)
        return "--kernel and --bios: give one of them: a kernel is started without its ROM";
    if (options->initrd != NULL && options->kernel == NULL)
        return "--initrd: is a module of a kernel: give --kernel, too";
    if (options->disk.used > PC_DISKS)
        return "--disk: there is room for two disks: leave out the others";
    if (options->record != NULL && options->replay != NULL)
        return "--record and --replay: give one of them: a replay records nothing new";
    if (program != NULL && (options->kernel != NULL || options->bios != NULL))
        return "--kernel and --bios: a program needs Turnstile: leave them out";
    return NULL;
}

static struct machine *create(struct launch *launch, const struct options *options,
                              const struct files *files, const struct program *program)
{
    struct pc_file file[4];
    struct pc_config config = {.ram = options->memory,
                               .bios = files->bios,
                               .bios_size = files->bios_size,
                               .flash = files->flash,
                               .flash_size = files->flash_size,
                               .file = file};
    for (unsigned i = 0; i < launch->disks; i++)
        config.disk[i] =
            (struct pc_disk){disk_sectors(&launch->disk[i]), disk_load, &launch->disk[i]};
    const char *words = program != NULL ? "quiet" : options->append;
    if (words[0] != '\0' && options->kernel == NULL)
        file[config.files++] =
            (struct pc_file){"opt/turnstile/cmdline", words, (uint32_t)strlen(words) + 1};
    if (program == NULL) /* the terminal is the only display: firmware text goes to COM1 too */
        file[config.files++] = (struct pc_file){"opt/trapscope/serial-console", "1", 1};
    if (program != NULL)
        file[config.files++] = (struct pc_file){"opt/turnstile/argv", program->arguments,
                                                (uint32_t)program->arguments_size};
    if (program != NULL && program->elf != NULL)
        file[config.files++] =
            (struct pc_file){"opt/turnstile/program", program->elf, (uint32_t)program->elf_size};
    const char *why;
    struct machine *machine = pc_create(&config, &why);
    if (machine == NULL)
        options_trouble(launch->command, "%s", why);
    return machine;
}

static bool load_kernel(struct launch *launch, const struct options *options,
                        const struct files *files)
{
    if (options->kernel == NULL)
        return true;
    struct loader_request request = {
        .kernel = {options->kernel, files->kernel, files->kernel_size},
        .command_line = options->append,
        .module = {options->initrd, files->module, files->module_size}};
    const char *path, *why;
    bool done = loader_multiboot(launch->machine, &request, &path, &why);
    if (!done)
        options_trouble(launch->command, "%s: %s", path, why);
    return done;
}

int launch_machine(struct launch *launch, const char *command, const struct options *options,
                   const struct program *program)
{
    *launch = (struct launch){.command = command, .record_fd = -1, .save_fd = -1};
    struct files files = {0};
    const char *why = judge(options, program);
    if (why != NULL)
        return options_trouble(command, "%s", why);
    bool done = read_files(command, options, &files) && open_disks(launch, options);
    if (done) {
        launch->machine = create(launch, options, &files, program);
        done = launch->machine != NULL && load_kernel(launch, options, &files) &&
               restore(launch, options->restore) &&
               open_output(launch, options->record, &launch->record, &launch->record_fd) &&
               open_output(launch, options->save, &launch->save, &launch->save_fd) &&
               begin_input(launch, options);
    }
    free_files(&files);
    if (done)
        return 0;
    put_away(launch);
    return EXIT_TROUBLE;
}

static int end_session(struct launch *launch)
{
    const char *why;
    uint64_t hash = machine_hash(launch->machine);
    if (launch->replaying && launch->session.hash != hash)
        return options_trouble(launch->command,
                               "the replay ended in another state than the recording: it was made "
                               "by another version, or with other files");
    launch->session.end = launch->machine->clock.s.now;
    launch->session.hash = hash;
    if (launch->record_fd >= 0 &&
        !input_write(&launch->machine->input, &launch->session, launch->record_fd, &why))
        return options_trouble(launch->command, "%s: %s", launch->record, why);
    if (launch->save_fd >= 0 && !savefile_write(launch->machine, launch->save_fd, &why))
        return options_trouble(launch->command, "%s: %s", launch->save, why);
    return 0;
}

int launch_end(struct launch *launch)
{
    int status = end_session(launch);
    launch_write_disks(launch);
    put_away(launch);
    return status;
}
