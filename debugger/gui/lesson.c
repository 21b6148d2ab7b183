/* lesson: an HTML file that steps through traps, beat by beat. */
#include "debugger/gui/lesson.h"

#include <stdlib.h>
#include <string.h>

#include "debugger/gui/draw_svg.h"
#include "debugger/gui/lesson_files.h"
#include "debugger/gui/picture.h"
#include "emu/base/bug.h"

#define ID "picture"

/* --- items, each once ------------------------------------------------------------------------- */

struct items {
    char **text; /* by number */
    size_t used, room;
    size_t *slot; /* number + 1 by hash; 0 = empty */
    size_t slots; /* a power of two */
};

struct lesson {
    enum palette palette;
    struct items items;
    struct draw_list list;
    char *chapters; /* JSON objects with commas between them */
    size_t chapters_size;
    FILE *chapters_file;
    unsigned chapter;
    char *static_picture; /* for browsers without scripts: the first chapter's end */
    char *static_text;
};

static size_t hash(const char *text, size_t length)
{
    uint64_t h = 14695981039346656037u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        h = (h ^ (unsigned char)text[i]) * 1099511628211u;
    return (size_t)h;
}

static void put_slot(struct items *items, size_t number)
{
    const char *text = items->text[number];
    size_t at = hash(text, strlen(text)) & (items->slots - 1);
    while (items->slot[at] != 0)
        at = (at + 1) & (items->slots - 1);
    items->slot[at] = number + 1;
}

static void more_room(struct items *items)
{
    items->room = 2 * items->room + 256;
    items->text = realloc(items->text, items->room * sizeof *items->text);
    bug_unless(items->text != NULL);
    free(items->slot);
    for (items->slots = 1; items->slots < 2 * items->room;)
        items->slots *= 2;
    items->slot = bug_alloc(items->slots, sizeof *items->slot);
    for (size_t i = 0; i < items->used; i++)
        put_slot(items, i);
}

static size_t number_of(struct items *items, const char *text, size_t length)
{
    if (items->used == items->room)
        more_room(items);
    size_t at = hash(text, length) & (items->slots - 1);
    for (; items->slot[at] != 0; at = (at + 1) & (items->slots - 1)) {
        const char *there = items->text[items->slot[at] - 1];
        if (strncmp(there, text, length) == 0 && there[length] == '\0')
            return items->slot[at] - 1;
    }
    items->text[items->used] = strndup(text, length);
    bug_unless(items->text[items->used] != NULL);
    items->slot[at] = items->used + 1;
    return items->used++;
}

/* --- JSON inside a script element ------------------------------------------------------------- */

/* No < can stand in it, so that nothing ends the element. */
static void json_text(FILE *to, const char *text)
{
    putc('"', to);
    for (const unsigned char *s = (const unsigned char *)text; *s != '\0'; s++) {
        if (*s < 0x20 || *s == '"' || *s == '\\' || *s == '<' || *s == '>' || *s == '&' ||
            *s == 0x7f)
            fprintf(to, "\\u%04x", *s);
        else
            putc(*s, to);
    }
    putc('"', to);
}

static void json_picture(struct lesson *lesson, FILE *to, const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    bug_unless(memory != NULL);
    draw_svg_items(memory, &lesson->list, lesson->palette, ID);
    bug_unless(fclose(memory) == 0);
    fprintf(to, ",\"%s\":[", name);
    const char *comma = "";
    for (char *line = text, *end; *line != '\0'; line = end + 1, comma = ",") {
        end = strchr(line, '\n');
        fprintf(to, "%s%zu", comma, number_of(&lesson->items, line, (size_t)(end - line)));
    }
    putc(']', to);
    free(text);
}

/* --- chapters --------------------------------------------------------------------------------- */

static void add_beat(struct lesson *lesson, const struct scene *scene, unsigned beat)
{
    FILE *to = lesson->chapters_file;
    char words[600];
    fprintf(to, "%s{\"phase\":", beat > 0 ? "," : "");
    json_text(to, story_phase_name(scene->beat[beat].phase));
    fputs(",\"says\":", to);
    json_text(to, scene_say_beat(scene, beat, false, words, sizeof words));
    fputs(",\"asks\":", to);
    json_text(to, scene_say_beat(scene, beat, true, words, sizeof words));
    picture_journey(scene, beat, false, &lesson->list);
    json_picture(lesson, to, "picture");
    picture_journey(scene, beat, true, &lesson->list);
    json_picture(lesson, to, "quiz");
    putc('}', to);
}

static void keep_static(struct lesson *lesson, const struct scene *scene)
{
    size_t size = 0;
    unsigned last = scene->beats > 0 ? scene->beats - 1 : 0;
    struct svg_words words = {scene->heading, scene->heading, "still"};
    FILE *memory = open_memstream(&lesson->static_picture, &size);
    bug_unless(memory != NULL);
    picture_journey(scene, last, false, &lesson->list);
    draw_svg_element(memory, &lesson->list, lesson->palette, &words);
    bug_unless(fclose(memory) == 0);
    lesson->static_text = bug_alloc(1, 65536);
    picture_words(scene, last, lesson->static_text, 65536);
}

struct lesson *lesson_begin(enum palette palette)
{
    struct lesson *lesson = bug_alloc(1, sizeof *lesson);
    lesson->palette = palette;
    draw_init(&lesson->list);
    lesson->chapters_file = open_memstream(&lesson->chapters, &lesson->chapters_size);
    bug_unless(lesson->chapters_file != NULL);
    return lesson;
}

void lesson_add(struct lesson *lesson, const struct scene *scene)
{
    FILE *to = lesson->chapters_file;
    if (scene->beats == 0)
        return;
    if (lesson->chapter++ == 0)
        keep_static(lesson, scene);
    else
        putc(',', to);
    fputs("{\"title\":", to);
    json_text(to, scene->question);
    fputs(",\"beats\":[", to);
    for (unsigned beat = 0; beat < scene->beats; beat++)
        add_beat(lesson, scene, beat);
    fputs("]}\n", to);
}

/* --- the page --------------------------------------------------------------------------------- */

static void head(FILE *to, enum palette palette, const char *title, bool script)
{
    fprintf(to,
            "<!DOCTYPE html>\n<html lang=\"en\"%s>\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
            "style-src 'unsafe-inline'%s\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
            palette == PALETTE_DARK ? " class=\"dark\"" : "",
            script ? "; script-src 'unsafe-inline'" : "");
    draw_svg_escape(to, title);
    fprintf(to, "</title>\n<style>\n%s</style>\n</head>\n<body>\n", lesson_css);
}

static void controls(FILE *to)
{
    static const struct {
        const char *id, *name, *face;
    } button[] = {
        {"first", "first step", "|◀"},
        {"previous", "previous step", "◀ back"},
        {"next", "next step", "next ▶"},
        {"last", "last step", "▶|"},
        {"play", "play", "play"},
        {"quiz", "quiz: cover what is new", "quiz"},
        {"reveal", "uncover the value", "?"},
    };
    fputs("<div class=\"controls\" role=\"group\" aria-label=\"steps\">\n"
          "<label>Call <select id=\"chapter\"></select></label>\n",
          to);
    for (unsigned i = 0; i < sizeof button / sizeof *button; i++) {
        bool pressed = strcmp(button[i].id, "play") == 0 || strcmp(button[i].id, "quiz") == 0;
        fprintf(to,
                "<button type=\"button\" id=\"%s\" aria-label=\"%s\" title=\"%s\"%s>%s</button>\n",
                button[i].id, button[i].name, button[i].name,
                pressed ? " aria-pressed=\"false\"" : "", button[i].face);
    }
    fputs(
        "<input type=\"range\" id=\"slider\" min=\"0\" max=\"0\" value=\"0\" aria-label=\"step\">\n"
        "<span id=\"at\"></span>\n</div>\n",
        to);
}

static void moving_part(struct lesson *lesson, FILE *to)
{
    fprintf(to,
            "<main id=\"lesson\" hidden>\n<h1 id=\"title\"></h1>\n"
            "<figure><svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
            "aria-labelledby=\"name say\" font-family=\"" SVG_FONT
            "\" xml:space=\"preserve\" style=\"white-space:pre\">\n"
            "<title id=\"name\"></title>\n",
            PICTURE_WIDTH, PICTURE_HEIGHT);
    draw_svg_definitions(to, NULL, lesson->palette, ID);
    fprintf(to,
            "<rect width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n<g id=\"picture\"></g>\n</svg>"
            "</figure>\n<p id=\"say\" aria-live=\"polite\"></p>\n",
            PICTURE_WIDTH, PICTURE_HEIGHT, (unsigned)palette_color(lesson->palette, INK_PAPER));
    controls(to);
    fputs("<p><kbd>←</kbd> <kbd>→</kbd> step, <kbd>Page Up</kbd> <kbd>Page Down</kbd> phase, "
          "<kbd>Home</kbd> <kbd>End</kbd>, <kbd>space</kbd> play, <kbd>q</kbd> quiz</p>\n"
          "<details><summary>All steps as text</summary>\n<ol id=\"steps\"></ol>\n</details>\n"
          "</main>\n",
          to);
}

static void data(struct lesson *lesson, FILE *to)
{
    fputs("<script type=\"application/json\" id=\"data\">{\"items\":[", to);
    for (size_t i = 0; i < lesson->items.used; i++) {
        fputs(i > 0 ? ",\n" : "\n", to);
        json_text(to, lesson->items.text[i]);
    }
    fprintf(to, "],\n\"chapters\":[%s]}</script>\n<script>\n%s</script>\n", lesson->chapters,
            lesson_js);
}

static void still_part(FILE *to, const char *picture, const char *text)
{
    fputs("<figure>", to);
    fputs(picture, to);
    fputs("</figure>\n<pre>", to);
    draw_svg_escape(to, text);
    fputs("</pre>\n", to);
}

void lesson_end(struct lesson *lesson, FILE *to, const char *title)
{
    bug_unless(fclose(lesson->chapters_file) == 0);
    head(to, lesson->palette, title, true);
    moving_part(lesson, to);
    fputs("<noscript>\n", to);
    if (lesson->static_picture != NULL)
        still_part(to, lesson->static_picture, lesson->static_text);
    fputs("</noscript>\n", to);
    data(lesson, to);
    fputs("</body>\n</html>\n", to);
    for (size_t i = 0; i < lesson->items.used; i++)
        free(lesson->items.text[i]);
    free(lesson->items.text);
    free(lesson->items.slot);
    free(lesson->chapters);
    free(lesson->static_picture);
    free(lesson->static_text);
    draw_free(&lesson->list);
    free(lesson);
}

void lesson_page(FILE *to, const struct draw_list *list, enum palette palette, const char *title,
                 const char *words, const char *text)
{
    head(to, palette, title, false);
    fputs("<main>\n<h1>", to);
    draw_svg_escape(to, title);
    fputs("</h1>\n<figure>", to);
    draw_svg_element(to, list, palette, &(struct svg_words){title, words, ID});
    fputs("</figure>\n<pre>", to);
    draw_svg_escape(to, text);
    fputs("</pre>\n</main>\n</body>\n</html>\n", to);
}
