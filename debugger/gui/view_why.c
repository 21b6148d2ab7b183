/* view_why: why we stopped, in one sentence. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "debugger/gui/view.h"
#include "debugger/show.h"

/* The last micro-step that was made, while a delivery or return is in progress. */
static void micro(struct view *view)
{
    json_t *steps = json_object_get(view->steps, "steps");
    size_t done = (size_t)view_number(view->steps, "done");
    const json_t *step = done == 0 ? NULL : json_array_get(steps, done - 1);
    if (step == NULL) {
        snprintf(view->reason, sizeof view->reason, "micro-step %" PRIu32, view->now.micro);
        return;
    }
    bool failed = view_true(step, "failed");
    const char *detail = view_string(step, "detail");
    snprintf(view->reason, sizeof view->reason, "micro-step %" PRIu32 ": %s%s%.160s%s",
             view->now.micro, view_string(step, "name"), *detail != '\0' ? "  " : "", detail,
             failed ? "  refused" : "");
    view->reason_ink = failed ? INK_BAD : INK_CPU;
}

static void point(struct view *view, const struct stop *stop)
{
    const char *kind = stop->kind == STOP_WATCHPOINT   ? "watchpoint"
                       : stop->kind == STOP_CATCHPOINT ? "catchpoint"
                                                       : "breakpoint";
    unsigned number = stop->point != NULL ? stop->point->number : stop->number;
    const char *what = stop->point != NULL && stop->point->what != NULL ? stop->point->what : "";
    int used = snprintf(view->reason, sizeof view->reason, "%s %u%s%.80s", kind, number,
                        *what != '\0' ? ": " : "", what);
    if (stop->kind == STOP_WATCHPOINT && used > 0 && (size_t)used < sizeof view->reason)
        snprintf(view->reason + used, sizeof view->reason - (size_t)used,
                 " was 0x%" PRIx64 ", is 0x%" PRIx64, stop->old, stop->now);
}

static void machine(struct view *view, const struct machine_stop *stop)
{
    char words[120];
    snprintf(view->reason, sizeof view->reason, "%s", show_machine_stop(stop, words, sizeof words));
    view->reason_ink = stop->reason == MACHINE_SHUTDOWN ? INK_BAD : INK_TITLE;
}

static void here(struct view *view, struct session *session, const char *how)
{
    char where[VIEW_TEXT];
    session_describe(session, view->pc, where, sizeof where);
    snprintf(view->reason, sizeof view->reason, "%s%s", how, where);
}

static void at_call(struct view *view, struct session *session)
{
    char call[256];
    int64_t number;
    const struct profile *path =
        session->profile == NULL ? NULL : show_at_syscall(session, view->pc, &number);
    if (path == NULL) {
        here(view, session, "at ");
        return;
    }
    show_call(session, path, number, call, sizeof call);
    snprintf(view->reason, sizeof view->reason, "about to make system call %" PRId64 ": %s", number,
             call);
    view->reason_ink = INK_USER;
}

void view_gather_reason(struct view *view, struct session *session)
{
    const struct stop *stop = &session->stop;
    view->reason_ink = INK_TEXT;
    if (view->now.micro > 0 && stop->kind != STOP_MACHINE) {
        micro(view);
        return;
    }
    switch (stop->kind) {
    case STOP_NONE:
        snprintf(view->reason, sizeof view->reason, "power-on: nothing has run yet");
        break;
    case STOP_BREAKPOINT:
    case STOP_WATCHPOINT:
    case STOP_CATCHPOINT: point(view, stop); break;
    case STOP_START: here(view, session, "the program begins: "); break;
    case STOP_INTERRUPTED: here(view, session, "paused at "); break;
    case STOP_LIMIT: snprintf(view->reason, sizeof view->reason, "a limit was reached"); break;
    case STOP_IDLE:
        snprintf(view->reason, sizeof view->reason, "the guest waits: type to it in the console");
        break;
    case STOP_HISTORY:
        snprintf(view->reason, sizeof view->reason, "power-on: there is nothing before this");
        break;
    case STOP_MACHINE: machine(view, &stop->machine); break;
    default: at_call(view, session); break;
    }
}
