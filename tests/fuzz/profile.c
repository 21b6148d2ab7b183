/* Fuzzes profiles: a text that is accepted answers every question. */
#include <string.h>

#include "debugger/profile.h"
#include "tests/fuzz/target.h"

static void ask(const struct profile *profile)
{
    int64_t end = (int64_t)profile->low + PROFILE_SYSCALLS;
    for (int64_t n = (int64_t)profile->low - 1; n <= end; n++) {
        const struct profile_syscall *call = profile_syscall(profile, n);
        bug_unless(call == NULL || call->parameters <= PROFILE_PARAMETERS);
        for (unsigned i = 0; call != NULL && i < call->parameters; i++)
            bug_unless(call->parameter[i].length < (int)call->parameters &&
                       call->parameter[i].name != NULL);
        profile_errno(profile, n);
        profile_vector(profile, (unsigned)n);
    }
    profile_syscall_named(profile, "write");
    for (unsigned stage = 0; stage < STAGES; stage++) {
        bug_unless(profile->stage_symbols[stage] <= PROFILE_SYMBOLS);
        profile_stage_has(profile, stage, "trap");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char why[300] = "";
    struct profile *profile = profile_parse("fuzzed", (const char *)bytes, size, why, sizeof why);
    if (profile == NULL) {
        bug_unless(strncmp(why, "fuzzed", 6) == 0 && strchr(why, '\n') == NULL);
        return 0;
    }
    for (const struct profile *path = profile; path != NULL; path = path->next) {
        ask(path);
        bug_unless(path->path == NULL || profile_named(profile, path->path) == path);
        bug_unless(profile_of_vector(profile, path->vector) != NULL &&
                   profile_of_number(profile, path->vector, path->low) != NULL);
    }
    profile_free(profile);
    return 0;
}
