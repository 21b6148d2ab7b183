/* raster: pixels of boxes, lines and coverage, in whole numbers, so that they are the same on every
 * host. */
#include "debugger/gui/raster.h"

#include <stdlib.h>
#include <string.h>

/* Lines that end far outside are cut here, so that no product overflows. */
#define FARTHEST 32000

struct raster_box raster_common(struct raster_box a, struct raster_box b)
{
    int64_t left = a.x > b.x ? a.x : b.x, top = a.y > b.y ? a.y : b.y;
    int64_t right =
        (int64_t)a.x + a.w < (int64_t)b.x + b.w ? (int64_t)a.x + a.w : (int64_t)b.x + b.w;
    int64_t bottom =
        (int64_t)a.y + a.h < (int64_t)b.y + b.h ? (int64_t)a.y + a.h : (int64_t)b.y + b.h;
    if (right <= left || bottom <= top)
        return (struct raster_box){(int)left, (int)top, 0, 0};
    return (struct raster_box){(int)left, (int)top, (int)(right - left), (int)(bottom - top)};
}

/* Two channels at once: red and blue have room for 8 more bits between them. */
static inline uint32_t mix(uint32_t under, uint32_t over, unsigned alpha)
{
    uint32_t rb = under & 0xff00ff, g = under & 0x00ff00;
    rb += (((over & 0xff00ff) - rb) * alpha) >> 8;
    g += (((over & 0x00ff00) - g) * alpha) >> 8;
    return (rb & 0xff00ff) | (g & 0x00ff00);
}

void raster_fill(struct raster *raster, struct raster_box box, uint32_t color, unsigned alpha)
{
    box = raster_common(box, raster->clip);
    for (int y = 0; y < box.h; y++) {
        uint32_t *line = raster->pixel + (size_t)(box.y + y) * raster->pitch + box.x;
        if (alpha >= 256)
            for (int x = 0; x < box.w; x++)
                line[x] = color;
        else
            for (int x = 0; x < box.w; x++)
                line[x] = mix(line[x], color, alpha);
    }
}

void raster_hatch(struct raster *raster, struct raster_box box, uint32_t color, unsigned alpha,
                  int period)
{
    struct raster_box seen = raster_common(box, raster->clip);
    for (int y = seen.y; y < seen.y + seen.h; y++) {
        uint32_t *line = raster->pixel + (size_t)y * raster->pitch;
        int offset = (int)(((int64_t)seen.x - box.x + y - box.y) % period);
        for (int x = seen.x + (offset == 0 ? 0 : period - offset); x < seen.x + seen.w; x += period)
            line[x] = mix(line[x], color, alpha);
    }
}

void raster_coverage(struct raster *raster, int x, int y, int w, int h, const uint8_t *coverage,
                     size_t pitch, uint32_t color, unsigned alpha)
{
    struct raster_box seen = raster_common((struct raster_box){x, y, w, h}, raster->clip);
    for (int row = seen.y; row < seen.y + seen.h; row++) {
        const uint8_t *from = coverage + (size_t)(row - y) * pitch + (seen.x - x);
        uint32_t *to = raster->pixel + (size_t)row * raster->pitch + seen.x;
        for (int i = 0; i < seen.w; i++) {
            unsigned a = from[i];
            if (a == 0)
                continue;
            a += a >> 7; /* 255 becomes 256: fully there */
            to[i] = a * alpha == 256 * 256 ? color : mix(to[i], color, a * alpha >> 8);
        }
    }
}

static void dot(struct raster *raster, int x, int y, uint32_t color, unsigned alpha)
{
    const struct raster_box *clip = &raster->clip;
    if (alpha == 0 || x < clip->x || x >= clip->x + clip->w || y < clip->y ||
        y >= clip->y + clip->h)
        return;
    uint32_t *at = raster->pixel + (size_t)y * raster->pitch + x;
    *at = mix(*at, color, alpha);
}

static int bounded(int value)
{
    return value < -FARTHEST ? -FARTHEST : value > FARTHEST ? FARTHEST : value;
}

static bool gap(int along, int dash)
{
    return dash > 0 && along / dash % 2 != 0;
}

/* Neither level nor upright: along the longer axis, with soft edges (Wu's method in 16.16). */
static void slanted(struct raster *raster, int x1, int y1, int x2, int y2, int width, int dash,
                    uint32_t color, unsigned alpha)
{
    bool steep = abs(y2 - y1) > abs(x2 - x1);
    int a1 = steep ? y1 : x1, b1 = steep ? x1 : y1, a2 = steep ? y2 : x2, b2 = steep ? x2 : y2;
    if (a1 > a2) {
        int a = a1, b = b1;
        a1 = a2, b1 = b2, a2 = a, b2 = b;
    }
    int64_t slope = (int64_t)(b2 - b1) * 65536 / (a2 - a1), at = (int64_t)b1 * 65536;
    for (int a = a1; a <= a2; a++, at += slope) {
        int b = (int)(at >> 16) - (width - 1) / 2;
        unsigned part = (unsigned)(at >> 8 & 0xff);
        if (gap(a - a1, dash))
            continue;
        for (int i = 0; i <= width; i++) {
            unsigned strength = i == 0 ? 256 - part : i == width ? part : 256;
            dot(raster, steep ? b + i : a, steep ? a : b + i, color, strength * alpha >> 8);
        }
    }
}

void raster_line(struct raster *raster, int x1, int y1, int x2, int y2, int width, int dash,
                 uint32_t color, unsigned alpha)
{
    x1 = bounded(x1), y1 = bounded(y1), x2 = bounded(x2), y2 = bounded(y2);
    if (x1 != x2 && y1 != y2) {
        slanted(raster, x1, y1, x2, y2, width, dash, color, alpha);
        return;
    }
    bool level = y1 == y2;
    int from = level ? (x1 < x2 ? x1 : x2) : (y1 < y2 ? y1 : y2);
    int to = level ? (x1 < x2 ? x2 : x1) : (y1 < y2 ? y2 : y1);
    int step = dash > 0 ? 2 * dash : to - from + 1, across = (level ? y1 : x1) - (width - 1) / 2;
    for (int at = from; at <= to; at += step) {
        int length = dash > 0 ? dash : step;
        if (at + length > to + 1)
            length = to + 1 - at;
        raster_fill(raster,
                    level ? (struct raster_box){at, across, length, width}
                          : (struct raster_box){across, at, width, length},
                    color, alpha);
    }
}

static int64_t root(int64_t square)
{
    int64_t low = 0, high = 2 * FARTHEST;
    while (low < high) {
        int64_t middle = (low + high + 1) / 2;
        if (middle * middle <= square)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

void raster_head(struct raster *raster, int x1, int y1, int x2, int y2, int size, uint32_t color,
                 unsigned alpha)
{
    x1 = bounded(x1), y1 = bounded(y1), x2 = bounded(x2), y2 = bounded(y2);
    int64_t dx = x2 - x1, dy = y2 - y1, length = root(dx * dx + dy * dy);
    if (length == 0)
        return;
    /* Every pixel near the point: how far behind it along the line, and how far beside. */
    for (int y = y2 - size; y <= y2 + size; y++)
        for (int x = x2 - size; x <= x2 + size; x++) {
            int64_t behind = -((x - x2) * dx + (y - y2) * dy);
            int64_t beside = llabs((x - x2) * dy - (y - y2) * dx);
            if (behind >= 0 && behind <= size * length && beside * 5 <= behind * 2 + length)
                dot(raster, x, y, color, alpha);
        }
}
