/* draw_svg: a draw list as SVG 1.1, with real text, a title and a description. */
#include "debugger/gui/draw_svg.h"

#include <inttypes.h>

#define ADVANCE  0.602 /* of a character of DejaVu Sans Mono, in font sizes */
#define BASELINE 0.76  /* of a cell's height */

struct writer {
    FILE *to;
    const struct draw_list *list;
    enum palette palette;
    const char *id;
    unsigned clips; /* clip paths so far */
};

/* --- text ------------------------------------------------------------------------------------- */

/* XML 1.0 allows no control characters but tab, newline and return, and no U+FFFE and U+FFFF. Draw
 * lists hold neither; titles and descriptions come by another way. */
static unsigned forbidden(const unsigned char *s)
{
    if (s[0] < 0x20 && s[0] != '\t' && s[0] != '\n' && s[0] != '\r')
        return 1;
    if (s[0] == 0xef && s[1] == 0xbf && (s[2] == 0xbe || s[2] == 0xbf))
        return 3;
    return 0;
}

void draw_svg_escape(FILE *to, const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    while (*s != '\0') {
        unsigned bad = forbidden(s);
        if (bad > 0)
            fputs("\xef\xbf\xbd", to);
        else if (*s == '&')
            fputs("&amp;", to);
        else if (*s == '<')
            fputs("&lt;", to);
        else if (*s == '>')
            fputs("&gt;", to);
        else if (*s == '"')
            fputs("&quot;", to);
        else if (*s == '\'')
            fputs("&#39;", to);
        else
            putc(*s, to);
        s += bad > 0 ? bad : 1;
    }
}

/* --- items ------------------------------------------------------------------------------------ */

static void colour(struct writer *w, const char *attribute, unsigned ink)
{
    if (ink == INK_NONE)
        fprintf(w->to, " %s=\"none\"", attribute);
    else
        fprintf(w->to, " %s=\"#%06" PRIx32 "\"", attribute, palette_color(w->palette, ink));
}

static void faded(struct writer *w, const struct draw_item *item)
{
    if (item->shown < 1)
        fprintf(w->to, " opacity=\"%.2f\"", item->shown < 0 ? 0.0 : (double)item->shown);
}

static void box(struct writer *w, const struct draw_item *item)
{
    int inset = item->edge == INK_NONE ? 0 : 1, width = item->w - inset, height = item->h - inset;
    if (width <= 0 || height <= 0)
        return;
    fprintf(w->to, "<rect x=\"%g\" y=\"%g\" width=\"%d\" height=\"%d\"", item->x + inset * 0.5,
            item->y + inset * 0.5, width, height);
    if (item->fill == FILL_HATCH && item->ink != INK_NONE)
        fprintf(w->to, " fill=\"url(#%s-hatch%u)\"", w->id, item->ink);
    else
        colour(w, "fill", item->ink);
    if (item->edge != INK_NONE) {
        colour(w, "stroke", item->edge);
        if (item->bold)
            fputs(" stroke-width=\"2\"", w->to);
        if (item->dashed)
            fputs(" stroke-dasharray=\"5 4\"", w->to);
    }
    faded(w, item);
    fputs("/>\n", w->to);
}

static void line(struct writer *w, const struct draw_item *item)
{
    fprintf(w->to, "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"", item->x, item->y,
            item->x + item->w, item->y + item->h);
    colour(w, "stroke", item->ink);
    if (item->bold)
        fputs(" stroke-width=\"2\"", w->to);
    if (item->dashed)
        fputs(" stroke-dasharray=\"5 4\"", w->to);
    if (item->arrow)
        fprintf(w->to, " marker-end=\"url(#%s-arrow%u)\"", w->id, item->ink);
    faded(w, item);
    fputs("/>\n", w->to);
}

/* What a run may take: its cells, or fewer when it is clipped. */
static const char *run_of(struct writer *w, const struct draw_item *item, char *cut, size_t room)
{
    const char *text = w->list->strings + item->text;
    int cell = w->list->metrics.cell_w * item->size;
    int most = item->w > 0 && cell > 0 ? item->w / cell : draw_cells(text);
    size_t used = 0;
    for (int cells = 0; *text != '\0' && used + 8 < room; cells++) {
        if (cells == most)
            break;
        do
            cut[used++] = *text++;
        while (((unsigned char)*text & 0xc0) == 0x80);
    }
    cut[used] = '\0';
    return cut;
}

static void text(struct writer *w, const struct draw_item *item)
{
    char cut[600];
    const char *run = run_of(w, item, cut, sizeof cut);
    struct draw_metrics m = w->list->metrics;
    int cells = draw_cells(run);
    if (cells == 0)
        return;
    fprintf(w->to, "<text x=\"%d\" y=\"%.1f\" font-size=\"%.2f\" textLength=\"%d\"", item->x,
            item->y + BASELINE * m.cell_h * item->size, m.cell_w * item->size / ADVANCE,
            cells * m.cell_w * item->size);
    colour(w, "fill", item->ink);
    if (item->bold)
        fputs(" font-weight=\"bold\"", w->to);
    if (item->underline)
        fputs(" text-decoration=\"underline\"", w->to);
    faded(w, item);
    putc('>', w->to);
    draw_svg_escape(w->to, run);
    fputs("</text>\n", w->to);
}

static void clip(struct writer *w, const struct draw_item *item)
{
    unsigned number = w->clips++;
    fprintf(w->to,
            "<clipPath id=\"%s-clip%u\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>"
            "</clipPath><g clip-path=\"url(#%s-clip%u)\">\n",
            w->id, number, item->x, item->y, item->w < 0 ? 0 : item->w, item->h < 0 ? 0 : item->h,
            w->id, number);
}

/* What can be clicked in the window has a name in the picture too. */
static void hit(struct writer *w, const struct draw_item *item)
{
    const char *title = w->list->strings + item->text;
    if (*title == '\0' || item->w <= 0 || item->h <= 0)
        return;
    fprintf(w->to,
            "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" "
            "pointer-events=\"all\"><title>",
            item->x, item->y, item->w, item->h);
    draw_svg_escape(w->to, title);
    fputs("</title></rect>\n", w->to);
}

/* --- the document ----------------------------------------------------------------------------- */

static bool uses(const struct draw_list *list, unsigned ink, bool hatch)
{
    for (size_t i = 0; i < list->used; i++) {
        const struct draw_item *item = &list->item[i];
        if (item->ink == ink && (hatch ? item->kind == DRAW_BOX && item->fill == FILL_HATCH
                                       : item->kind == DRAW_LINE && item->arrow))
            return true;
    }
    return false;
}

static void define_arrow(struct writer *w, unsigned ink)
{
    fprintf(w->to,
            "<marker id=\"%s-arrow%u\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" "
            "markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" "
            "orient=\"auto\"><path d=\"M0 0L10 5L0 10z\"",
            w->id, ink);
    colour(w, "fill", ink);
    fputs("/></marker>\n", w->to);
}

static void define_hatch(struct writer *w, unsigned ink)
{
    fprintf(w->to,
            "<pattern id=\"%s-hatch%u\" width=\"5\" height=\"5\" "
            "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
            "<line x1=\"1\" y1=\"0\" x2=\"1\" y2=\"5\" stroke-width=\"2\"",
            w->id, ink);
    colour(w, "stroke", ink);
    fputs("/></pattern>\n", w->to);
}

void draw_svg_definitions(FILE *to, const struct draw_list *list, enum palette palette,
                          const char *id)
{
    struct writer w = {.to = to, .list = list, .palette = palette, .id = id};
    fputs("<defs>\n", to);
    for (unsigned ink = 1; ink < INKS; ink++) {
        if (list == NULL || uses(list, ink, false))
            define_arrow(&w, ink);
        if (list == NULL || uses(list, ink, true))
            define_hatch(&w, ink);
    }
    fputs("</defs>\n", to);
}

static void item(struct writer *w, const struct draw_item *item)
{
    switch ((enum draw_kind)item->kind) {
    case DRAW_BOX: box(w, item); break;
    case DRAW_LINE: line(w, item); break;
    case DRAW_TEXT: text(w, item); break;
    case DRAW_CLIP: clip(w, item); break;
    case DRAW_UNCLIP: fputs("</g>\n", w->to); break;
    case DRAW_HIT: hit(w, item); break;
    }
}

void draw_svg_items(FILE *to, const struct draw_list *list, enum palette palette, const char *id)
{
    struct writer w = {.to = to, .list = list, .palette = palette, .id = id};
    for (size_t i = 0; i < list->used; i++)
        item(&w, &list->item[i]);
}

void draw_svg_element(FILE *to, const struct draw_list *list, enum palette palette,
                      const struct svg_words *words)
{
    fprintf(to,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" id=\"%s\" width=\"%d\" height=\"%d\" "
            "viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"%s-title %s-desc\" "
            "font-family=\"" SVG_FONT
            "\" xml:space=\"preserve\" style=\"white-space:pre\">\n<title id=\"%s-title\">",
            words->id, list->width, list->height, list->width, list->height, words->id, words->id,
            words->id);
    draw_svg_escape(to, words->title);
    fprintf(to, "</title>\n<desc id=\"%s-desc\">", words->id);
    draw_svg_escape(to, words->description);
    fputs("</desc>\n", to);
    draw_svg_definitions(to, list, palette, words->id);
    fprintf(to, "<rect width=\"%d\" height=\"%d\" fill=\"#%06" PRIx32 "\"/>\n", list->width,
            list->height, palette_color(palette, INK_PAPER));
    draw_svg_items(to, list, palette, words->id);
    fputs("</svg>\n", to);
}

void draw_svg(FILE *to, const struct draw_list *list, enum palette palette,
              const struct svg_words *words)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", to);
    draw_svg_element(to, list, palette, words);
}
