/* draw: what a picture is made of: a flat list of boxes, lines and runs of text. */
#include "debugger/gui/draw.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emu/base/bug.h"

#define LONGEST_RUN 512u

void draw_init(struct draw_list *list)
{
    *list = (struct draw_list){.shown = 1};
}

void draw_free(struct draw_list *list)
{
    free(list->item);
    free(list->strings);
    draw_init(list);
}

static void *grow(void *old, size_t bytes)
{
    void *bigger = realloc(old, bytes);
    if (bigger == NULL)
        bug("no memory for a picture of %zu bytes", bytes);
    return bigger;
}

/* Answers the offset of a copy. */
static uint32_t keep(struct draw_list *list, const char *text)
{
    size_t size = strlen(text) + 1;
    if (size == 1 && list->strings_used != 0)
        return 0;
    if (list->strings_room - list->strings_used < size) {
        list->strings_room = 2 * list->strings_room + size + 4096;
        list->strings = grow(list->strings, list->strings_room);
    }
    memcpy(list->strings + list->strings_used, text, size);
    list->strings_used += size;
    return (uint32_t)(list->strings_used - size);
}

void draw_begin(struct draw_list *list, struct draw_metrics metrics, int width, int height)
{
    list->metrics = metrics;
    list->width = width;
    list->height = height;
    list->used = 0;
    list->strings_used = 0;
    list->shown = 1;
    list->clips = 0;
    keep(list, "");
}

static struct draw_item *add(struct draw_list *list, struct draw_item item)
{
    if (list->used == list->room) {
        list->room = 2 * list->room + 256;
        list->item = grow(list->item, list->room * sizeof *list->item);
    }
    item.shown = list->shown;
    list->item[list->used] = item;
    return &list->item[list->used++];
}

struct draw_item *draw_box(struct draw_list *list, int x, int y, int w, int h, enum draw_ink ink,
                           enum draw_ink edge)
{
    return add(list, (struct draw_item){.kind = DRAW_BOX,
                                        .ink = (uint8_t)ink,
                                        .edge = (uint8_t)edge,
                                        .x = x,
                                        .y = y,
                                        .w = w,
                                        .h = h});
}

struct draw_item *draw_line(struct draw_list *list, int x1, int y1, int x2, int y2,
                            enum draw_ink ink)
{
    return add(
        list,
        (struct draw_item){
            .kind = DRAW_LINE, .ink = (uint8_t)ink, .x = x1, .y = y1, .w = x2 - x1, .h = y2 - y1});
}

struct draw_item *draw_arrow(struct draw_list *list, int x1, int y1, int x2, int y2,
                             enum draw_ink ink)
{
    struct draw_item *item = draw_line(list, x1, y1, x2, y2, ink);
    item->arrow = true;
    return item;
}

/* --- text --------------------------------------------------------------------------------------
 */

/* Length of the well-formed UTF-8 sequence at `s` (Unicode 15, table 3-7), 0 = none. */
static unsigned sequence(const unsigned char *s)
{
    if (s[0] < 0x80)
        return 1;
    unsigned length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4)
        return 0;
    for (unsigned i = 1; i < length; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    bool overlong = (s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xf0 && s[1] < 0x90);
    bool surrogate = s[0] == 0xed && s[1] > 0x9f;
    bool beyond = s[0] == 0xf4 && s[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

/* What may act on a terminal or a page, C0, DEL and C1, is no text. */
static bool control(const unsigned char *s, unsigned length)
{
    return (length == 1 && (s[0] < 0x20 || s[0] == 0x7f)) ||
           (length == 2 && s[0] == 0xc2 && s[1] < 0xa0);
}

static void clean(const char *from, char *to, size_t room)
{
    const unsigned char *s = (const unsigned char *)from;
    size_t used = 0;
    while (*s != '\0' && used + 4 < room) {
        unsigned length = sequence(s);
        if (length == 0 || control(s, length)) {
            memcpy(to + used, "\xef\xbf\xbd", 3);
            used += 3;
            s += length == 0 ? 1 : length;
            continue;
        }
        memcpy(to + used, s, length);
        used += length;
        s += length;
    }
    to[used] = '\0';
}

struct draw_item *draw_text(struct draw_list *list, int x, int y, enum draw_ink ink,
                            const char *format, ...)
{
    char said[LONGEST_RUN], text[LONGEST_RUN];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(said, sizeof said, format, arguments);
    va_end(arguments);
    clean(said, text, sizeof text);
    return add(list, (struct draw_item){.kind = DRAW_TEXT,
                                        .ink = (uint8_t)ink,
                                        .size = 1,
                                        .x = x,
                                        .y = y,
                                        .text = keep(list, text)});
}

int draw_cells(const char *text)
{
    int cells = 0;
    for (; *text != '\0'; text++)
        cells += ((unsigned char)*text & 0xc0) != 0x80;
    return cells;
}

/* Bytes of its first `cells` characters. */
static size_t length_of(const char *text, int cells)
{
    size_t length = 0;
    while (text[length] != '\0') {
        bool begins = ((unsigned char)text[length] & 0xc0) != 0x80;
        if (begins && cells-- == 0)
            break;
        length++;
    }
    return length;
}

struct draw_item *draw_text_in(struct draw_list *list, int x, int y, int w, enum draw_ink ink,
                               const char *text)
{
    char said[LONGEST_RUN];
    clean(text, said, sizeof said);
    int most = list->metrics.cell_w > 0 ? w / list->metrics.cell_w : 0;
    bool fits = draw_cells(said) <= most;
    int length = (int)length_of(said, fits || most < 1 ? most : most - 1);
    struct draw_item *item =
        draw_text(list, x, y, ink, "%.*s%s", length, said, fits || most < 1 ? "" : "…");
    item->w = w > 1 ? w : 1;
    return item;
}

/* --- clipping and clicking ---------------------------------------------------------------------
 */

void draw_clip(struct draw_list *list, int x, int y, int w, int h)
{
    list->clips++;
    add(list, (struct draw_item){.kind = DRAW_CLIP, .x = x, .y = y, .w = w, .h = h});
}

void draw_unclip(struct draw_list *list)
{
    bug_unless(list->clips != 0);
    list->clips--;
    add(list, (struct draw_item){.kind = DRAW_UNCLIP});
}

void draw_hit(struct draw_list *list, int x, int y, int w, int h, const char *action,
              const char *title)
{
    uint32_t what = keep(list, action), name = keep(list, title);
    add(list, (struct draw_item){
                  .kind = DRAW_HIT, .x = x, .y = y, .w = w, .h = h, .text = name, .action = what});
}
