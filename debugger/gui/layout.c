/* layout: where each pane is, from one string. */
#include "debugger/gui/layout.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct layout *layout;
    const char *at;
    int (*number)(const char *name);
    char *why;
    size_t room;
};

static bool refuse(struct reader *reader, const char *what)
{
    snprintf(reader->why, reader->room, "the layout wants %s at \"%.20s\"", what, reader->at);
    return false;
}

static void skip(struct reader *reader)
{
    while (isspace((unsigned char)*reader->at))
        reader->at++;
}

static bool read_node(struct reader *reader, unsigned depth, unsigned *out);

static bool read_name(struct reader *reader, struct layout_node *node)
{
    char name[32];
    unsigned used = 0;
    while (islower((unsigned char)reader->at[used]) && used + 1 < sizeof name) {
        name[used] = reader->at[used];
        used++;
    }
    name[used] = '\0';
    int number = used == 0 ? -1 : reader->number(name);
    if (number < 0)
        return refuse(reader, "the name of a pane");
    reader->at += used;
    *node = (struct layout_node){.kind = LAYOUT_PANE, .pane = (unsigned)number};
    return true;
}

static bool read_share(struct reader *reader, unsigned *share)
{
    char *end;
    long value = strtol(reader->at, &end, 10);
    if (end == reader->at || value < 1 || value > 1000)
        return refuse(reader, "a share from 1 to 1000");
    reader->at = end;
    *share = (unsigned)value;
    return true;
}

static bool read_parts(struct reader *reader, unsigned depth, struct layout_node *node)
{
    for (;;) {
        unsigned share = 1, part;
        skip(reader);
        if (node->kind != LAYOUT_TABS && !read_share(reader, &share))
            return false;
        skip(reader);
        if (node->parts == LAYOUT_PARTS)
            return refuse(reader, "fewer parts");
        if (!read_node(reader, depth + 1, &part))
            return false;
        if (node->kind == LAYOUT_TABS && reader->layout->node[part].kind != LAYOUT_PANE)
            return refuse(reader, "only panes in t()");
        reader->layout->node[part].share = share;
        node->part[node->parts++] = part;
        skip(reader);
        if (*reader->at == ')')
            break;
        if (*reader->at != ',')
            return refuse(reader, "a comma or )");
        reader->at++;
    }
    reader->at++;
    return true;
}

static bool read_node(struct reader *reader, unsigned depth, unsigned *out)
{
    static const char letters[] = "thv";
    skip(reader);
    const char *letter = *reader->at == '\0' ? NULL : strchr(letters, *reader->at);
    if (reader->layout->nodes == LAYOUT_NODES || depth == LAYOUT_DEPTH)
        return refuse(reader, "fewer panes");
    *out = reader->layout->nodes++;
    struct layout_node *node = &reader->layout->node[*out];
    if (letter == NULL || reader->at[1] != '(')
        return read_name(reader, node);
    *node = (struct layout_node){.kind = LAYOUT_TABS + (unsigned)(letter - letters)};
    reader->at += 2;
    return read_parts(reader, depth, node);
}

bool layout_read(struct layout *layout, const char *text, int (*number)(const char *name),
                 char *why, size_t room)
{
    struct reader reader = {layout, text, number, why, room};
    unsigned whole;
    *layout = (struct layout){.nodes = 0};
    if (!read_node(&reader, 0, &whole))
        return false;
    skip(&reader);
    return *reader.at == '\0' || refuse(&reader, "its end");
}

/* --- places ----------------------------------------------------------------------------------- */

static void place(struct layout *layout, unsigned number, struct box box, int cell_w, int cell_h)
{
    struct layout_node *node = &layout->node[number];
    bool row = node->kind == LAYOUT_ROW;
    int unit = row ? cell_w : cell_h, length = row ? box.w : box.h, used = 0;
    unsigned shares = 0, before = 0;
    node->box = box;
    if (node->kind == LAYOUT_PANE)
        return;
    for (unsigned i = 0; i < node->parts; i++)
        shares += layout->node[node->part[i]].share;
    for (unsigned i = 0; i < node->parts; i++) {
        struct box part = box;
        if (node->kind != LAYOUT_TABS) {
            before += layout->node[node->part[i]].share;
            int end = (int)((int64_t)length * before / shares);
            if (i + 1 < node->parts)
                end -= end % unit;
            if (row)
                part.x += used, part.w = end - used;
            else
                part.y += used, part.h = end - used;
            used = end;
        }
        place(layout, node->part[i], part, cell_w, cell_h);
    }
}

void layout_place(struct layout *layout, struct box box, int cell_w, int cell_h)
{
    place(layout, 0, box, cell_w > 0 ? cell_w : 1, cell_h > 0 ? cell_h : 1);
}

/* --- looking ---------------------------------------------------------------------------------- */

static const struct layout_node *front(const struct layout *layout, const struct layout_node *node)
{
    return node->kind == LAYOUT_TABS ? &layout->node[node->part[node->seen]] : node;
}

static bool in_tabs(const struct layout *layout, unsigned number)
{
    for (unsigned i = 0; i < layout->nodes; i++)
        for (unsigned j = 0; layout->node[i].kind == LAYOUT_TABS && j < layout->node[i].parts; j++)
            if (layout->node[i].part[j] == number)
                return true;
    return false;
}

void layout_each(const struct layout *layout,
                 void (*each)(void *context, const struct layout_node *node, unsigned pane),
                 void *context)
{
    for (unsigned i = 0; i < layout->nodes; i++) {
        const struct layout_node *node = &layout->node[i];
        if (node->kind == LAYOUT_TABS || (node->kind == LAYOUT_PANE && !in_tabs(layout, i)))
            each(context, node, front(layout, node)->pane);
    }
}

const struct layout_node *layout_seen(const struct layout *layout, unsigned pane)
{
    for (unsigned i = 0; i < layout->nodes; i++) {
        const struct layout_node *node = &layout->node[i];
        if ((node->kind == LAYOUT_TABS || (node->kind == LAYOUT_PANE && !in_tabs(layout, i))) &&
            front(layout, node)->pane == pane)
            return node;
    }
    return NULL;
}

bool layout_show(struct layout *layout, unsigned pane)
{
    for (unsigned i = 0; i < layout->nodes; i++) {
        struct layout_node *node = &layout->node[i];
        if (node->kind == LAYOUT_PANE && node->pane == pane && !in_tabs(layout, i))
            return true;
        for (unsigned j = 0; node->kind == LAYOUT_TABS && j < node->parts; j++)
            if (layout->node[node->part[j]].pane == pane) {
                node->seen = j;
                return true;
            }
    }
    return false;
}
