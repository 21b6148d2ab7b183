/* judge_sources: the number and the declarations, asked of the compiler: little files that include
 * the user's, and compile, or do not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/lab/judge.h"
#include "debugger/lab/object.h"

#define QUESTION 2048u

/* #include lines for the headers of a site. */
static size_t include_headers(const json_t *site, char *to, size_t room)
{
    const char *header;
    size_t used = 0;
    to[0] = '\0';
    for (size_t i = 0; (header = lab_item(site, "headers", i)) != NULL && used < room; i++)
        used += (size_t)snprintf(to + used, room - used, "#include \"%s\"\n", header);
    return used;
}

static void broken(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                   const char *said)
{
    verdict->state = JUDGE_WRONG;
    judge_where(judge, verdict, site, lab_text(site, "symbol"));
    judge_say(verdict->what, "%s cannot be compiled: %s", verdict->file, said);
    judge_say(verdict->remedy, "mend this first");
}

/* --- the number ------------------------------------------------------------------------------- */

void judge_number(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    char text[QUESTION], said[BUILD_SAID];
    uint32_t number = 0;
    const char *macro = lab_text(site, "macro");
    bool kernel = json_object_get(site, "programs") == NULL;
    size_t used = include_headers(site, text, sizeof text);
    if (build_probe(judge->build, kernel, text, said) == NULL) {
        broken(judge, verdict, site, said);
        return;
    }
    snprintf(text + used, sizeof text - used,
             "extern const unsigned lab_number;\n"
             "const unsigned lab_number = (%s);\n",
             macro);
    const char *path = build_probe(judge->build, kernel, text, NULL);
    struct object *object = path == NULL ? NULL : object_open(path);
    bool there = object != NULL && object_word(object, "lab_number", &number);
    object_close(object);
    if (!there) {
        snprintf(text + used, sizeof text - used, "#ifdef %s\n#error it is\n#endif\n", macro);
        bool defined = build_probe(judge->build, kernel, text, NULL) == NULL;
        char what[JUDGE_TEXT];
        judge_say(what, "%s is not defined: the call has no number", macro);
        judge_missing(judge, verdict, site, what);
        if (defined) {
            verdict->state = JUDGE_WRONG;
            judge_where(judge, verdict, site, macro);
            judge_say(verdict->what, "%s is defined, but as no number", macro);
            judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
        }
        return;
    }
    judge->given = number;
    judge_where(judge, verdict, site, macro);
    judge_say(verdict->what, "%s is %u", macro, number);
    if (number == judge->lab->number)
        return;
    verdict->state = JUDGE_WRONG;
    judge_say(verdict->what, "%s is %u, and has to be %u", macro, number, judge->lab->number);
    judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
}

/* --- declarations ----------------------------------------------------------------------------- */

static bool compiles(struct judge *judge, bool kernel, const char *text, char said[BUILD_SAID])
{
    return build_probe(judge->build, kernel, text, said) != NULL;
}

/* Of a C file that is itself part of the question: it may use what it does not declare. */
static void judge_inside(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    const char *symbol = lab_text(site, "symbol"), *type = lab_text(site, "type");
    char text[QUESTION], said[BUILD_SAID], what[JUDGE_TEXT];
    snprintf(text, sizeof text, "#include \"%s\"\nextern %s;\n__typeof__(lab_is) lab_is = %s;\n",
             verdict->file, type, symbol);
    if (compiles(judge, true, text, said)) {
        judge_where(judge, verdict, site, symbol);
        judge_say(verdict->what, "%s is declared", symbol);
        return;
    }
    snprintf(text, sizeof text, "%s\n#include \"%s\"\n", lab_text(site, "add"), verdict->file);
    if (compiles(judge, true, text, said)) {
        judge_say(what, "%s is not declared: the compiler does not know it here", symbol);
        judge_missing(judge, verdict, site, what);
        return;
    }
    snprintf(text, sizeof text, "#include \"%s\"\nchar lab_is[sizeof &%s];\n", verdict->file,
             symbol);
    if (!compiles(judge, true, text, NULL)) {
        broken(judge, verdict, site, said);
        return;
    }
    verdict->state = JUDGE_WRONG;
    judge_where(judge, verdict, site, symbol);
    judge_say(verdict->what, "%s is declared with another type", symbol);
    judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
}

static void judge_header(struct judge *judge, struct judge_verdict *verdict, const json_t *site,
                         bool kernel)
{
    const char *symbol = lab_text(site, "symbol"), *type = lab_text(site, "type");
    char text[QUESTION], said[BUILD_SAID], what[JUDGE_TEXT];
    size_t used = include_headers(site, text, sizeof text);
    char *there = build_text(judge->build, verdict->file);
    free(there);
    if (there == NULL) {
        judge_say(what, "there is no %s", verdict->file);
        judge_missing(judge, verdict, site, what);
        build_write(judge->build, verdict->file, lab_text(site, "add"));
        return;
    }
    if (!compiles(judge, kernel, text, said)) {
        broken(judge, verdict, site, said);
        return;
    }
    snprintf(text + used, sizeof text - used, "char lab_is[sizeof &%s];\n", symbol);
    if (!compiles(judge, kernel, text, NULL)) {
        judge_say(what, "%s() is not declared", symbol);
        judge_missing(judge, verdict, site, what);
        return;
    }
    judge_where(judge, verdict, site, symbol);
    judge_say(verdict->what, "%s() is declared", symbol);
    snprintf(text + used, sizeof text - used, "extern %s;\n__typeof__(lab_is) lab_is = %s;\n", type,
             symbol);
    if (compiles(judge, kernel, text, NULL))
        return;
    verdict->state = JUDGE_WRONG;
    judge_say(verdict->what, "%s() is declared with another type", symbol);
    judge_say(verdict->remedy, "make it: %s", lab_text(site, "add"));
}

void judge_declaration(struct judge *judge, struct judge_verdict *verdict, const json_t *site)
{
    if (lab_item(site, "headers", 0) == NULL)
        judge_inside(judge, verdict, site);
    else
        judge_header(judge, verdict, site, strcmp(lab_text(site, "kind"), "prototype") != 0);
}
