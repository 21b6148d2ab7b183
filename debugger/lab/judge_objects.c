/* judge_objects: table, handler and stub, as they are in what was compiled. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lab/judge.h"
#include "debugger/lab/object.h"

/* The object of the site's file; NULL = the verdict says why. */
static struct object *object_of(struct judge *judge, struct judge_verdict *verdict)
{
    const struct build_unit *unit = build_unit(judge->build, verdict->file);
    struct object *object = unit != NULL && unit->done ? object_open(unit->object) : NULL;
    if (object != NULL)
        return object;
    verdict->state = unit == NULL ? JUDGE_MISSING : JUDGE_WRONG;
    if (unit == NULL)
        judge_say(verdict->what, "there is no %s", verdict->file);
    else
        judge_say(verdict->what, "%s cannot be compiled: %s", verdict->file, unit->said);
    judge_say(verdict->remedy, unit == NULL ? "write it" : "mend this first");
    return NULL;
}

/* --- table and switch ------------------------------------------------------------------------- */

/* In which entry the handler is; -1 = in none. */
static int64_t find_entry(const struct object *object, const char *table, const char *handler)
{
    char name[OBJECT_NAME];
    for (uint32_t i = 0; i < object_words(object, table); i++)
        if (object_slot(object, table, i, name) && strcmp(name, handler) == 0)
            return i;
    return -1;
}

static void judge_entry(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                        const struct object *object)
{
    const char *table = lab_text(site, "symbol"), *handler = judge->lab->handler;
    uint32_t number = judge->lab->number;
    char name[OBJECT_NAME] = "", what[JUDGE_TEXT];
    bool reaches = object_slot(object, table, number, name);
    int64_t entry = find_entry(object, table, handler);
    judge_where(judge, verdict, site, handler);
    if (entry == number || (entry >= 0 && entry == judge->given)) {
        judge_say(verdict->what, "%s[%u] is %s", table, (unsigned)entry, handler);
    } else if (entry >= 0) {
        verdict->state = JUDGE_WRONG;
        judge_say(verdict->what, "%s is entry %u of %s, and has to be %u", handler, (unsigned)entry,
                  table, number);
        judge_say(verdict->remedy, "put it where number %u is: %s", number, lab_text(site, "add"));
    } else if (name[0] != '\0' &&
               strcmp(name, lab_text(site, "empty") == NULL ? "" : lab_text(site, "empty")) != 0) {
        verdict->state = JUDGE_WRONG;
        judge_say(verdict->what, "%s[%u] is %s, and has to be %s", table, number, name, handler);
        judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
    } else {
        judge_say(what, reaches ? "%s[%u] is empty" : "%s ends before entry %u", table, number);
        judge_missing(judge, verdict, site, what);
    }
}

void judge_table(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    struct object *object = object_of(judge, verdict);
    if (object == NULL)
        return;
    if (object_words(object, lab_text(site, "symbol")) == 0) {
        verdict->state = JUDGE_WRONG;
        judge_say(verdict->what, "there is no table %s", lab_text(site, "symbol"));
        judge_say(verdict->remedy, "put it back as it was");
    } else {
        judge_entry(judge, verdict, site, object);
    }
    object_close(object);
}

void judge_switch(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    char what[JUDGE_TEXT];
    struct object *object = object_of(judge, verdict);
    if (object == NULL)
        return;
    const char *function = lab_text(site, "symbol"), *handler = judge->lab->handler;
    if (object_refers(object, function, handler)) {
        judge_where(judge, verdict, site, handler);
        judge_say(verdict->what, "%s() calls %s()", function, handler);
    } else {
        judge_say(what, "%s() never calls %s(): it has no case for number %u", function, handler,
                  judge->lab->number);
        judge_missing(judge, verdict, site, what);
    }
    object_close(object);
}

/* --- the function ----------------------------------------------------------------------------- */

/* The kernel's file that defines it; NULL = none. */
static const struct build_unit *find_definition(struct judge *judge, const char *name)
{
    const struct build *build = judge->build;
    for (unsigned i = 0; i < build->units; i++) {
        const struct build_unit *unit = &build->unit[i];
        struct object *object = unit->kernel && unit->done ? object_open(unit->object) : NULL;
        bool found = object != NULL && object_defines(object, name);
        object_close(object);
        if (found)
            return unit;
    }
    return NULL;
}

void judge_handler(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    char what[JUDGE_TEXT];
    const struct build_unit *here = build_unit(judge->build, verdict->file);
    const struct build_unit *unit = find_definition(judge, judge->lab->handler);
    if (unit != NULL) {
        snprintf(verdict->file, sizeof verdict->file, "%s", unit->source);
        judge_where(judge, verdict, site, judge->lab->handler);
        judge_say(verdict->what, "%s() is there", judge->lab->handler);
    } else if (here != NULL && !here->done) {
        verdict->state = JUDGE_WRONG;
        judge_say(verdict->what, "%s cannot be compiled: %s", verdict->file, here->said);
        judge_say(verdict->remedy, "mend this first");
    } else {
        judge_say(what, "no file of the kernel defines %s()", judge->lab->handler);
        judge_missing(judge, verdict, site, what);
    }
}

void judge_source(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    const struct build_unit *unit = find_definition(judge, judge->lab->handler);
    const char *listed = lab_text(site, "listed");
    bool elsewhere = unit != NULL && strcmp(unit->source, judge->build->handler_file) != 0;
    if (build_is_part(judge->build, listed, &verdict->line) || elsewhere) {
        judge_say(verdict->what, "%s is in the list", elsewhere ? unit->source : listed);
        return;
    }
    char what[JUDGE_TEXT];
    judge_say(what, "%s is not in the list: it is not compiled", listed);
    judge_missing(judge, verdict, site, what);
}

/* --- the stub --------------------------------------------------------------------------------- */

void judge_stub(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    bool there;
    uint32_t number = 0, vector = 0;
    char what[JUDGE_TEXT];
    struct object *object = object_of(judge, verdict);
    if (object == NULL)
        return;
    const char *symbol = lab_text(site, "symbol");
    uint32_t wanted = lab_number(site, "vector");
    bool traps = object_stub(object, symbol, &there, &number, &vector);
    object_close(object);
    judge_where(judge, verdict, site, symbol);
    if (!there) {
        judge_say(what, "there is no stub %s()", symbol);
        judge_missing(judge, verdict, site, what);
        return;
    }
    judge_say(verdict->what, "%s() traps with number %u", symbol, number);
    if (traps && vector == wanted && (number == judge->lab->number || number == judge->given))
        return;
    verdict->state = JUDGE_WRONG;
    judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
    if (!traps)
        judge_say(verdict->what, "%s() does not trap with a number", symbol);
    else if (vector != wanted)
        judge_say(verdict->what, "%s() traps by int %u, and has to by int %u", symbol, vector,
                  wanted);
    else
        judge_say(verdict->what, "%s() traps with number %u, and has to with %u", symbol, number,
                  judge->lab->number);
}

void judge_wrapper(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    char what[JUDGE_TEXT];
    struct object *object = object_of(judge, verdict);
    if (object == NULL)
        return;
    const char *symbol = lab_text(site, "symbol"), *calls = lab_text(site, "calls");
    judge_where(judge, verdict, site, symbol);
    if (!object_defines(object, symbol)) {
        judge_say(what, "there is no function %s()", symbol);
        judge_missing(judge, verdict, site, what);
    } else {
        judge_say(verdict->what, "%s() calls %s()", symbol, calls);
        if (!object_refers(object, symbol, calls)) {
            verdict->state = json_object_get(site, "todo") != NULL ? JUDGE_MISSING : JUDGE_WRONG;
            judge_say(verdict->what, "%s() does not call %s()", symbol, calls);
            judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
        }
    }
    object_close(object);
}

void judge_function(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    char what[JUDGE_TEXT];
    struct object *object = object_of(judge, verdict);
    if (object == NULL)
        return;
    const char *symbol = lab_text(site, "symbol");
    if (object_defines(object, symbol)) {
        judge_where(judge, verdict, site, symbol);
        judge_say(verdict->what, "%s() is there", symbol);
    } else {
        judge_say(what, "%s does not define %s()", verdict->file, symbol);
        judge_missing(judge, verdict, site, what);
    }
    object_close(object);
}

/* Blanks around it do not count. */
void judge_line(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    char what[JUDGE_TEXT];
    const char *wanted = lab_text(site, "add");
    char *text = build_text(judge->build, verdict->file), *rest = text;
    unsigned number = 0;
    for (char *line; text != NULL && verdict->line == 0 && (line = strsep(&rest, "\n")) != NULL;) {
        char word[120] = "", more[2] = "";
        number++;
        if (sscanf(line, " %119s %1s", word, more) == 1 && strcmp(word, wanted) == 0)
            verdict->line = number;
    }
    free(text);
    if (verdict->line != 0) {
        judge_say(verdict->what, "%s is in the list", wanted);
        return;
    }
    judge_say(what, "%s is not in the list", wanted);
    judge_missing(judge, verdict, site, what);
}
