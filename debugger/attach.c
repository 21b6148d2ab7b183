/* attach: what a session knows before anything runs: the kernel's symbols, its profile, the
 * program. */
#define _GNU_SOURCE /* asprintf */
#include "debugger/attach.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

/* The ROM's own symbols, when it is ours. */
static void attach_firmware(struct session *session)
{
    const char *reason;
    char *path = launch_asset("x86", "rom.elf");
    if (path != NULL)
        symbols_add(&session->symbols, path, IMAGE_FIRMWARE, &reason);
    free(path);
}

/* --profile NAME of one that comes with this program. */
static bool shipped_profile(const struct options *options, char *path, size_t room)
{
    char name[80];
    if (options->profile == NULL || strchr(options->profile, '/') != NULL ||
        strlen(options->profile) > 64)
        return false;
    snprintf(name, sizeof name, "%s.profile", options->profile);
    char *asset = launch_asset(options->machine, name);
    if (asset != NULL)
        snprintf(path, room, "%s", asset);
    free(asset);
    return asset != NULL;
}

/* The kernel that runs, to be freed; `ours` comes with this program. */
static char *kernel_file(const struct options *options, const char *ours)
{
    char *path = NULL;
    if (options->turnstile != NULL)
        bug_unless(asprintf(&path, "%s/turnstile.elf", options->turnstile) >= 0);
    else if (options->kernel != NULL || ours != NULL)
        path = strdup(options->kernel != NULL ? options->kernel : ours);
    return path;
}

void attach_kernel(struct attachment *attachment, struct session *session, const char *command,
                   const struct options *options)
{
    char path[4096], why[512];
    const char *reason;
    const char *given = options->kernel;
    char *ours = launch_asset(options->machine, "turnstile.elf");
    attachment->kernel = kernel_file(options, ours);
    if (options->bios == NULL && !launch_is_mips(options))
        attach_firmware(session);
    if (attachment->kernel == NULL || options->bios != NULL) {
        free(ours);
        return;
    }
    if (symbols_add(&session->symbols, attachment->kernel, IMAGE_KERNEL, &reason) == NULL)
        fprintf(stderr, "trapscope %s: %s: no symbols: %s\n", command, attachment->kernel, reason);
    /* A Turnstile of the user's has the profile of ours. */
    const char *beside = options->turnstile != NULL && ours != NULL ? ours : attachment->kernel;
    bool found = profile_find(options->profile, beside, session->arch->name, path, sizeof path, why,
                              sizeof why) ||
                 shipped_profile(options, path, sizeof path);
    free(ours);
    /* A kernel of the user's may well have no profile; then nobody asked for one. */
    if (!found) {
        if (options->profile != NULL || given == NULL)
            fprintf(stderr, "trapscope %s: %s\n", command, why);
        return;
    }
    session->profile = profile_load(path, why, sizeof why);
    if (session->profile == NULL)
        fprintf(stderr, "trapscope %s: %s\n", command, why);
}

void attach_program(struct attachment *attachment, struct session *session, const char *command,
                    const struct program *program)
{
    const char *reason;
    attachment->folder = launch_asset(session->machine->board->name, "bin");
    session->program_folder = attachment->folder;
    if (program == NULL)
        return;
    const char *name = program->arguments, *slash = strrchr(name, '/');
    name = slash == NULL ? name : slash + 1;
    session->program_input = true;
    if (program->elf == NULL) {
        session->program = process_program(session, name);
        return;
    }
    session->program = symbols_add_bytes(&session->symbols, name, program->elf, program->elf_size,
                                         IMAGE_PROGRAM, &reason);
    if (session->program == NULL)
        fprintf(stderr, "trapscope %s: %s: no symbols: %s\n", command, name, reason);
}

void attachment_free(struct attachment *attachment)
{
    free(attachment->kernel);
    free(attachment->folder);
}
