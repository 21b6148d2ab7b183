/* perfetto: stories as Chrome trace events in JSON ("Trace Event Format", Google, 2016). */
#include "debugger/perfetto.h"

#include <jansson.h>
#include <string.h>

#include "debugger/output.h"
#include "emu/base/bug.h"

static void put(struct perfetto *perfetto, json_t *event)
{
    bug_unless(event != NULL);
    fputs(perfetto->any ? ",\n" : "\n", perfetto->file);
    json_dumpf(event, perfetto->file, JSON_COMPACT);
    json_decref(event);
    perfetto->any = true;
}

/* Bytes that are no text would end the file: they become escapes. */
static json_t *text(const char *bytes)
{
    char clean[800];
    out_escape(clean, sizeof clean, bytes, strlen(bytes));
    json_t *plain = json_string(bytes);
    return plain != NULL ? plain : json_string(clean);
}

void perfetto_begin(struct perfetto *perfetto, FILE *file)
{
    *perfetto = (struct perfetto){.file = file};
    fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"unit\":\"one tick is one microsecond\"},"
          "\"traceEvents\":[",
          file);
}

void perfetto_end(struct perfetto *perfetto)
{
    fputs("\n]}\n", perfetto->file);
}

/* A track is named when it is new, and again when its process has become another program. */
static void name_track(struct perfetto *perfetto, int64_t pid, const char *program)
{
    unsigned at = 0;
    while (at < perfetto->names && perfetto->named[at].pid != pid)
        at++;
    if (at < perfetto->names && strcmp(perfetto->named[at].name, program) == 0)
        return;
    if (at == PERFETTO_NAMES)
        at = (unsigned)(pid % PERFETTO_NAMES);
    else if (at == perfetto->names)
        perfetto->names++;
    perfetto->named[at].pid = pid;
    snprintf(perfetto->named[at].name, sizeof perfetto->named[at].name, "%s", program);
    put(perfetto,
        json_pack("{s:s,s:I,s:I,s:s,s:{s:o}}", "ph", "M", "pid", (json_int_t)pid, "tid",
                  (json_int_t)pid, "name", "process_name", "args", "name", text(program)));
    put(perfetto, json_pack("{s:s,s:I,s:I,s:s,s:{s:o}}", "ph", "M", "pid", (json_int_t)pid, "tid",
                            (json_int_t)pid, "name", "thread_name", "args", "name", text("traps")));
}

static json_t *slice(const struct perfetto_trap *trap, const char *category, const char *name,
                     ticks begin, ticks spent, json_t *arguments)
{
    return json_pack("{s:s,s:s,s:o,s:I,s:I,s:I,s:I,s:o}", "ph", "X", "cat", category, "name",
                     text(name), "ts", (json_int_t)begin, "dur", (json_int_t)spent, "pid",
                     (json_int_t)trap->pid, "tid", (json_int_t)trap->pid, "args", arguments);
}

static ticks begin_of(const struct story *story)
{
    const struct story_mark *user = &story->mark[PHASE_USER];
    return user->there ? user->begin : story->tick;
}

static void add_phase(struct perfetto *perfetto, const struct perfetto_trap *trap,
                      enum story_phase phase)
{
    const struct story *story = trap->story;
    const char *symbol = trap->symbol[phase] == NULL ? "" : trap->symbol[phase];
    put(perfetto,
        slice(trap, "phase", story_phase_name(phase), story->mark[phase].begin,
              story_ticks(story, phase, trap->now), json_pack("{s:o}", "symbol", text(symbol))));
}

void perfetto_add(struct perfetto *perfetto, const struct perfetto_trap *trap)
{
    static const char *const ends[] = {"open", "returned", "refused", "never came back"};
    const struct story *story = trap->story;
    ticks begin = begin_of(story);
    ticks until = story->end == STORY_OPEN_STILL ? trap->now : story->ended;
    name_track(perfetto, trap->pid, trap->program);
    put(perfetto, slice(trap, "trap", trap->name, begin, until > begin ? until - begin : 0,
                        json_pack("{s:o,s:I,s:s,s:I,s:I,s:I,s:I}", "call", text(trap->heading),
                                  "vector", (json_int_t)story->vector, "end", ends[story->end],
                                  "interrupts", (json_int_t)story->interrupts, "interrupted_ticks",
                                  (json_int_t)story->interrupted, "away_ticks",
                                  (json_int_t)story->away, "count", (json_int_t)story->count)));
    for (unsigned phase = 0; phase < STORY_PHASES; phase++)
        if (story->mark[phase].there)
            add_phase(perfetto, trap, phase);
}
