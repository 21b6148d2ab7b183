/* cmd_journey: `journey`: the whole path of this or the last system call. */
#include <string.h>

#include "debugger/story_say.h"

static struct story *last_call(struct session *session)
{
    struct timeline_position from;
    if (!session_needs_machine(session) || !session_needs_profile(session))
        return NULL;
    if (!stories_last_call(session, &from)) {
        out_error(&session->out, "No system call has been made yet%s: `syscall` runs to the next.",
                  session->program != NULL ? " by this program" : "");
        return NULL;
    }
    return stories_replay(session, from);
}

bool cmd_journey(struct session *session, const struct command_args *args)
{
    bool steps = strcmp(args->text, "steps") == 0;
    if (*args->text != '\0' && !steps)
        return out_error(&session->out, "journey takes nothing, or: journey steps");
    struct story *story = last_call(session);
    if (story == NULL)
        return false;
    story_say_journey(session, story, steps);
    story_say_json(session, &session->out, story, true);
    story_free(story);
    return true;
}
