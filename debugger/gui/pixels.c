/* pixels: a window is as large as the desktop says, in units of which each may be several pixels.
 */
#include "debugger/gui/pixels.h"

#include <stdint.h>

static int convert(int at, int units, int pixels)
{
    if (units <= 0 || units == pixels)
        return at;
    int64_t product = (int64_t)at * pixels;
    return (int)(product / units - (product % units < 0));
}

int pixels_x(const struct pixels *pixels, int x)
{
    return convert(x, pixels->units_w, pixels->w);
}

int pixels_y(const struct pixels *pixels, int y)
{
    return convert(y, pixels->units_h, pixels->h);
}
