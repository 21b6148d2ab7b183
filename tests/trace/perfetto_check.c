/* perfetto_check FILE: does a trace keep the rules of the Trace Event Format (Google, 2016)? One
 * object with traceEvents; complete events (X) and names (M) only; each track named; on one track
 * slices either lie inside one another or do not touch; a phase lies inside a trap. Says how many
 * traps there are. */
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice {
    json_int_t pid, tid, begin, end;
    bool phase;
    size_t number; /* in the file */
};

struct track {
    json_int_t pid, tid;
    bool process, thread; /* named */
};

static struct slice *slice;
static size_t slices;
static struct track track[4096];
static unsigned tracks;

static void fail(const char *what, size_t number)
{
    fprintf(stderr, "perfetto_check: event %zu: %s\n", number, what);
    exit(1);
}

static json_int_t number_of(const json_t *event, const char *key, size_t number)
{
    const json_t *value = json_object_get(event, key);
    if (!json_is_integer(value))
        fail(key, number);
    return json_integer_value(value);
}

static const char *word_of(const json_t *event, const char *key, size_t number)
{
    const char *word = json_string_value(json_object_get(event, key));
    if (word == NULL)
        fail(key, number);
    return word;
}

static struct track *track_of(json_int_t pid, json_int_t tid, size_t number)
{
    for (unsigned i = 0; i < tracks; i++)
        if (track[i].pid == pid && track[i].tid == tid)
            return &track[i];
    if (tracks == sizeof track / sizeof *track)
        fail("too many tracks", number);
    track[tracks] = (struct track){.pid = pid, .tid = tid};
    return &track[tracks++];
}

static void read_event(const json_t *event, size_t number)
{
    const char *kind = word_of(event, "ph", number), *name = word_of(event, "name", number);
    json_int_t pid = number_of(event, "pid", number), tid = number_of(event, "tid", number);
    const json_t *args = json_object_get(event, "args");
    struct track *on = track_of(pid, tid, number);
    if (!json_is_object(args))
        fail("no args", number);
    if (strcmp(kind, "M") == 0) {
        word_of(args, "name", number);
        on->process |= strcmp(name, "process_name") == 0;
        on->thread |= strcmp(name, "thread_name") == 0;
        return;
    }
    if (strcmp(kind, "X") != 0)
        fail("neither X nor M", number);
    if (!on->process || !on->thread)
        fail("its track has no name", number);
    json_int_t begin = number_of(event, "ts", number), spent = number_of(event, "dur", number);
    if (begin < 0 || spent < 0 || *name == '\0')
        fail("ts, dur or name", number);
    bool phase = strcmp(word_of(event, "cat", number), "phase") == 0;
    slice[slices++] = (struct slice){pid, tid, begin, begin + spent, phase, number};
}

/* By track, then by beginning; of two that begin together the one written first is the outer. */
static int compare(const void *left, const void *right)
{
    const struct slice *a = left, *b = right;
    if (a->pid != b->pid)
        return a->pid < b->pid ? -1 : 1;
    if (a->tid != b->tid)
        return a->tid < b->tid ? -1 : 1;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    if (a->end != b->end)
        return a->end > b->end ? -1 : 1;
    return (a->number > b->number) - (a->number < b->number);
}

static void check_nesting(void)
{
    const struct slice *open[64];
    unsigned depth = 0;
    for (size_t i = 0; i < slices; i++) {
        const struct slice *now = &slice[i];
        while (depth > 0 && (open[depth - 1]->pid != now->pid || open[depth - 1]->tid != now->tid ||
                             open[depth - 1]->end <= now->begin))
            if (open[depth - 1]->begin == now->begin && open[depth - 1]->end == now->end &&
                open[depth - 1]->pid == now->pid)
                break; /* of no length, in one of no length */
            else
                depth--;
        if (depth > 0 && now->end > open[depth - 1]->end)
            fail("it begins inside another slice of its track and ends behind it", now->number);
        if (now->phase && depth == 0)
            fail("a phase outside of every trap", now->number);
        if (depth == sizeof open / sizeof *open)
            fail("nested too deeply", now->number);
        open[depth++] = now;
    }
}

int main(int argc, char **argv)
{
    json_error_t error;
    json_t *root = argc == 2 ? json_load_file(argv[1], 0, &error) : NULL, *event;
    size_t index, traps = 0;
    if (root == NULL) {
        fprintf(stderr, "perfetto_check: %s\n", argc == 2 ? error.text : "perfetto_check FILE");
        return 1;
    }
    const json_t *events = json_object_get(root, "traceEvents");
    if (!json_is_array(events))
        fail("no traceEvents", 0);
    slice = calloc(json_array_size(events) + 1, sizeof *slice);
    if (slice == NULL)
        return 1;
    json_array_foreach(events, index, event) read_event(event, index);
    qsort(slice, slices, sizeof *slice, compare);
    check_nesting();
    for (size_t i = 0; i < slices; i++)
        traps += !slice[i].phase;
    printf("%zu\n", traps);
    free(slice);
    json_decref(root);
    return 0;
}
