/* paths: which way into the kernel a call takes, where a kernel has several. */
#include <string.h>

#include "debugger/session.h"

static bool number_on(struct session *session, const struct profile *path, int64_t *number)
{
    struct scope scope = {
        .arch = session->arch, .symbols = &session->symbols, .target = &session->target};
    const char *text = path->expression[PROFILE_NUMBER];
    return text != NULL && expression_number(&scope, text, number);
}

const struct profile *path_of_call(struct session *session, unsigned vector, int64_t *number)
{
    const struct profile *first = profile_of_vector(session->profile, vector);
    *number = -1;
    for (const struct profile *path = first; path != NULL;
         path = profile_of_vector(path->next, vector))
        if (number_on(session, path, number) && *number >= path->low && *number <= path->high)
            return path;
    return first;
}

const char *path_by(const struct session *session, const struct profile *path)
{
    return path == session->profile ? "" : path->by;
}

bool path_wants(struct session *session, unsigned vector, const struct wanted_call *wanted)
{
    int64_t number;
    const struct profile *path = path_of_call(session, vector, &number);
    if (path == NULL)
        return false;
    if (wanted->name == NULL)
        return wanted->number < 0 || wanted->number == number;
    const struct profile_syscall *call = profile_syscall(path, number);
    return call != NULL && strcmp(call->name, wanted->name) == 0;
}
