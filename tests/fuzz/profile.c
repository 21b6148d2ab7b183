/* Fuzzes profiles: a text that is accepted answers every question. */
#include <string.h>

#include "debugger/profile.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char why[300] = "";
    struct profile *profile = profile_parse("fuzzed", (const char *)bytes, size, why, sizeof why);
    if (profile == NULL) {
        bug_unless(strncmp(why, "fuzzed", 6) == 0 && strchr(why, '\n') == NULL);
        return 0;
    }
    for (int64_t n = -1; n <= (int64_t)PROFILE_SYSCALLS; n++) {
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
    profile_free(profile);
    return 0;
}
