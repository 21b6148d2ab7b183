/* <math.h>, printed to 12 digits; compiled for the host too, whose library says what is right. */
#include <math.h>
#include <stdio.h>

static unsigned long long seed = 88172645463325252ULL;

static double next(double range)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return ((double)(seed >> 11) / 9007199254740992.0 * 2 - 1) * range;
}

int main(void)
{
    static const double ranges[] = {1, 10, 100, 700};
    for (int i = 0; i < 200; i++) {
        double x = next(ranges[i % 4]), y = next(4), magnitude = fabs(x), whole;
        int exponent;
        printf("%.17g %g %g %g %g\n", sqrt(magnitude), floor(x), ceil(x), trunc(x), round(x));
        printf("%.17g %.12g %.12g\n", fmod(x, y), cbrt(x), hypot(x, y));
        printf("%.12g %.12g %.12g\n", pow(magnitude, y), pow(x, floor(y)), exp(x));
        printf("%.12g %.12g %.12g\n", log(magnitude), log2(magnitude), log10(magnitude));
        printf("%.11g %.11g %.10g %.12g %.12g\n", sin(x), cos(x), tan(x), atan(x), atan2(y, x));
        if (magnitude < 1)
            printf("%.12g %.12g %.12g %.12g\n", asin(x), acos(x), sinh(x), tanh(x));
        double fraction = frexp(x, &exponent);
        printf("%.17g %d ", fraction, exponent);
        printf("%.17g %.17g\n", ldexp(x, -1060), modf(x, &whole));
    }
    printf("%g %g %g %g %g\n", sqrt(0), pow(0, 0), log(0), exp(-1000), fmod(1e300, 3));
    printf("%.17g %.17g %g\n", sqrt(2), sqrt(5e-324), pow(2, -1074));
    return 0;
}
