/* draw_sdl: draw lists as pixels in a surface: of a window, of a picture file, of a test. */
#include "debugger/gui/draw_sdl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debugger/gui/raster.h"
#include "debugger/gui/sdl.h"
#include "emu/base/bug.h"

#define SIZES      3u
#define RUNS       4096u /* kept; a power of two */
#define RUN_BYTES  (64u << 20)
#define CLIPS      16u
#define FONT_PATHS 3u

/* A run of text as it was set. */
struct run {
    uint64_t hash; /* 0 = unused */
    char *text;
    uint8_t size;
    bool bold;
    SDL_Surface *coverage; /* 8 bits a pixel; NULL = nothing to see */
};

struct painter {
    unsigned pixels;
    struct draw_metrics metrics;
    TTF_Font *font[SIZES][2];
    struct run run[RUNS];
    size_t bytes; /* of all runs */
};

/* --- fonts ------------------------------------------------------------------------------------ */

/* Where distributions put them. */
static const char *const font_file[2][FONT_PATHS] = {
    {"/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
     "/usr/share/fonts/dejavu-sans-mono-fonts/DejaVuSansMono.ttf",
     "/usr/share/fonts/TTF/DejaVuSansMono.ttf"},
    {"/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf",
     "/usr/share/fonts/dejavu-sans-mono-fonts/DejaVuSansMono-Bold.ttf",
     "/usr/share/fonts/TTF/DejaVuSansMono-Bold.ttf"},
};

const char *painter_font_file(bool bold)
{
    for (unsigned i = 0; i < FONT_PATHS; i++) {
        SDL_RWops *file = SDL_RWFromFile(font_file[bold][i], "rb");
        if (file == NULL)
            continue;
        SDL_RWclose(file);
        return font_file[bold][i];
    }
    return NULL;
}

static TTF_Font *open_font(unsigned pixels, bool bold)
{
    const char *path = painter_font_file(bold);
    TTF_Font *font = path == NULL ? NULL : TTF_OpenFont(path, (int)pixels);
    if (font != NULL)
        TTF_SetFontHinting(font, TTF_HINTING_NORMAL);
    return font;
}

static void close_fonts(TTF_Font *font[SIZES][2])
{
    for (unsigned i = 0; i < SIZES * 2; i++)
        if (font[i / 2][i % 2] != NULL)
            TTF_CloseFont(font[i / 2][i % 2]);
    memset(font, 0, SIZES * sizeof *font);
}

static void forget_runs(struct painter *painter)
{
    for (unsigned i = 0; i < RUNS; i++) {
        free(painter->run[i].text);
        SDL_FreeSurface(painter->run[i].coverage);
        painter->run[i] = (struct run){0};
    }
    painter->bytes = 0;
}

bool painter_resize(struct painter *painter, unsigned pixels, const char **why)
{
    if (pixels < PAINTER_SMALLEST)
        pixels = PAINTER_SMALLEST;
    if (pixels > PAINTER_LARGEST)
        pixels = PAINTER_LARGEST;
    if (pixels == painter->pixels)
        return true;
    TTF_Font *font[SIZES][2] = {{NULL}};
    for (unsigned bold = 0; bold < 2; bold++)
        font[0][bold] = open_font(pixels, bold);
    if (font[0][0] == NULL || font[0][1] == NULL) {
        close_fonts(font);
        *why = "the font DejaVu Sans Mono is not there: install fonts-dejavu-core";
        return false;
    }
    close_fonts(painter->font);
    forget_runs(painter);
    memcpy(painter->font, font, sizeof font);
    painter->pixels = pixels;
    int advance = 0;
    TTF_GlyphMetrics32(font[0][0], 'M', NULL, NULL, NULL, NULL, &advance);
    painter->metrics = (struct draw_metrics){advance, TTF_FontHeight(font[0][0])};
    return true;
}

struct painter *painter_create(unsigned pixels, const char **why)
{
    if (!sdl_load(why))
        return NULL;
    if (TTF_Init() != 0) {
        *why = "the font library SDL2_ttf does not start";
        return NULL;
    }
    struct painter *painter = bug_alloc(1, sizeof *painter);
    if (painter_resize(painter, pixels, why))
        return painter;
    painter_free(painter);
    return NULL;
}

void painter_free(struct painter *painter)
{
    if (painter == NULL)
        return;
    forget_runs(painter);
    close_fonts(painter->font);
    free(painter);
    TTF_Quit();
}

unsigned painter_pixels(const struct painter *painter)
{
    return painter->pixels;
}

struct draw_metrics painter_metrics(const struct painter *painter)
{
    return painter->metrics;
}

/* --- runs of text ----------------------------------------------------------------------------- */

static TTF_Font *font_of(struct painter *painter, unsigned size, bool bold)
{
    TTF_Font **font = &painter->font[size - 1][bold];
    if (*font == NULL)
        *font = open_font(painter->pixels * size, bold);
    return *font != NULL ? *font : painter->font[0][bold];
}

/* FNV-1a. */
static uint64_t hash_of(const char *text, unsigned size, bool bold)
{
    uint64_t hash = 0xcbf29ce484222325 ^ (size << 1 | bold);
    for (; *text != '\0'; text++)
        hash = (hash ^ (uint8_t)*text) * 0x100000001b3;
    return hash == 0 ? 1 : hash;
}

static void set(struct painter *painter, struct run *run)
{
    SDL_Color black = {0, 0, 0, 255}, white = {255, 255, 255, 255};
    TTF_Font *font = font_of(painter, run->size, run->bold);
    if (*run->text != '\0')
        run->coverage = TTF_RenderUTF8_Shaded(font, run->text, white, black);
    if (run->coverage != NULL)
        painter->bytes += (size_t)run->coverage->pitch * (size_t)run->coverage->h;
}

static const struct run *run_of(struct painter *painter, const char *text, unsigned size, bool bold)
{
    uint64_t hash = hash_of(text, size, bold);
    if (painter->bytes > RUN_BYTES)
        forget_runs(painter);
    /* Two places for each: whoever comes third takes the second one's. */
    struct run *run = &painter->run[hash & (RUNS - 1)];
    for (unsigned i = 0; i < 2; i++) {
        run = &painter->run[(hash + i) & (RUNS - 1)];
        if (run->hash == hash && run->size == size && run->bold == bold &&
            strcmp(run->text, text) == 0)
            return run;
        if (run->hash == 0)
            break;
    }
    if (run->coverage != NULL)
        painter->bytes -= (size_t)run->coverage->pitch * (size_t)run->coverage->h;
    SDL_FreeSurface(run->coverage);
    free(run->text);
    *run = (struct run){.hash = hash, .text = strdup(text), .size = (uint8_t)size, .bold = bold};
    bug_unless(run->text != NULL);
    set(painter, run);
    return run;
}

/* --- items ------------------------------------------------------------------------------------ */

struct painting {
    struct painter *painter;
    struct raster raster;
    enum palette palette;
    const struct draw_list *list;
    struct raster_box clip[CLIPS];
    unsigned clips;
    unsigned ignored; /* clips that found no place */
};

static unsigned alpha_of(const struct draw_item *item)
{
    return item->shown >= 1 ? 256 : item->shown <= 0 ? 0 : (unsigned)(item->shown * 256);
}

/* Pixels of a thin line: one at the usual size of text, more when all is larger. */
static int unit_of(const struct painting *painting)
{
    int unit = (painting->painter->metrics.cell_h + 12) / 24;
    return unit < 1 ? 1 : unit;
}

static void paint_dashed_edge(struct painting *painting, const struct draw_item *item, int wide)
{
    uint32_t edge = palette_color(painting->palette, item->edge);
    int right = item->x + item->w - wide, bottom = item->y + item->h - wide;
    const int line[4][4] = {{item->x, item->y, right, item->y},
                            {item->x, bottom, right, bottom},
                            {item->x, item->y, item->x, bottom},
                            {right, item->y, right, bottom}};
    for (unsigned i = 0; i < 4; i++)
        raster_line(&painting->raster, line[i][0], line[i][1], line[i][2], line[i][3], wide,
                    4 * unit_of(painting), edge, alpha_of(item));
}

static void paint_box(struct painting *painting, const struct draw_item *item)
{
    struct raster *raster = &painting->raster;
    struct raster_box box = {item->x, item->y, item->w, item->h};
    unsigned alpha = alpha_of(item);
    uint32_t ink = palette_color(painting->palette, item->ink);
    int unit = unit_of(painting);
    if (item->ink != INK_NONE && item->fill == FILL_HATCH)
        raster_hatch(raster, box, ink, alpha, 5 * unit);
    else if (item->ink != INK_NONE)
        raster_fill(raster, box, ink, alpha);
    if (item->edge == INK_NONE)
        return;
    uint32_t edge = palette_color(painting->palette, item->edge);
    int wide = item->bold ? 2 * unit : unit;
    if (wide > item->w)
        wide = item->w;
    if (item->dashed) {
        paint_dashed_edge(painting, item, wide);
        return;
    }
    raster_fill(raster, (struct raster_box){item->x, item->y, item->w, wide}, edge, alpha);
    raster_fill(raster, (struct raster_box){item->x, item->y + item->h - wide, item->w, wide}, edge,
                alpha);
    raster_fill(raster, (struct raster_box){item->x, item->y, wide, item->h}, edge, alpha);
    raster_fill(raster, (struct raster_box){item->x + item->w - wide, item->y, wide, item->h}, edge,
                alpha);
}

static void paint_line(struct painting *painting, const struct draw_item *item)
{
    int unit = unit_of(painting);
    uint32_t ink = palette_color(painting->palette, item->ink);
    int x2 = item->x + item->w, y2 = item->y + item->h;
    raster_line(&painting->raster, item->x, item->y, x2, y2, item->bold ? 2 * unit : unit,
                item->dashed ? 4 * unit : 0, ink, alpha_of(item));
    if (item->arrow)
        raster_head(&painting->raster, item->x, item->y, x2, y2,
                    painting->painter->metrics.cell_w * (item->bold ? 5 : 4) / 5, ink,
                    alpha_of(item));
}

static void paint_text(struct painting *painting, const struct draw_item *item)
{
    struct painter *painter = painting->painter;
    unsigned size = item->size < 1 ? 1 : item->size > SIZES ? SIZES : item->size;
    const struct run *run = run_of(painter, painting->list->strings + item->text, size, item->bold);
    uint32_t ink = palette_color(painting->palette, item->ink);
    if (run->coverage == NULL)
        return;
    int w = run->coverage->w;
    if (item->w > 0 && w > item->w)
        w = item->w;
    raster_coverage(&painting->raster, item->x, item->y, w, run->coverage->h, run->coverage->pixels,
                    (size_t)run->coverage->pitch, ink, alpha_of(item));
    if (item->underline)
        raster_fill(&painting->raster,
                    (struct raster_box){item->x, item->y + run->coverage->h - 2, w, 1}, ink,
                    alpha_of(item));
}

static void push_clip(struct painting *painting, const struct draw_item *item)
{
    if (painting->clips == CLIPS) {
        painting->ignored++;
        return;
    }
    painting->clip[painting->clips++] = painting->raster.clip;
    painting->raster.clip = raster_common(painting->raster.clip,
                                          (struct raster_box){item->x, item->y, item->w, item->h});
}

static void pop_clip(struct painting *painting)
{
    if (painting->ignored > 0)
        painting->ignored--;
    else if (painting->clips > 0)
        painting->raster.clip = painting->clip[--painting->clips];
}

void painter_draw(struct painter *painter, SDL_Surface *surface, enum palette palette,
                  const struct draw_list *list, const struct painter_box *clip)
{
    struct raster_box all = {0, 0, surface->w, surface->h};
    if (clip != NULL)
        all = raster_common(all, (struct raster_box){clip->x, clip->y, clip->w, clip->h});
    bug_unless(surface->format->BytesPerPixel == 4);
    struct painting painting = {
        .painter = painter,
        .raster = {surface->pixels, (size_t)surface->pitch / 4, all},
        .palette = palette,
        .list = list,
    };
    for (size_t i = 0; i < list->used; i++) {
        const struct draw_item *item = &list->item[i];
        switch (item->kind) {
        case DRAW_BOX: paint_box(&painting, item); break;
        case DRAW_LINE: paint_line(&painting, item); break;
        case DRAW_TEXT: paint_text(&painting, item); break;
        case DRAW_CLIP: push_clip(&painting, item); break;
        case DRAW_UNCLIP: pop_clip(&painting); break;
        default: break;
        }
    }
}
