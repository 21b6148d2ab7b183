/*
 * <math.h>: argument reduction and power series. sqrt, floor, ceil, trunc, round and fmod are
 * exact; the others are good to a few units in the last place, pow to about 13 digits, and sin,
 * cos and tan as long as |x| < 1e6.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

enum { FRACTION_BITS = 52, BIAS = 1023 };

union bits {
    double value;
    uint64_t bits;
};

static int exponent_of(double x)
{
    return (int)(((union bits){x}.bits >> FRACTION_BITS) & 0x7ff) - BIAS;
}

double fabs(double x)
{
    return x < 0 ? -x : x == 0 ? 0 : x;
}

double trunc(double x)
{
    union bits u = {x};
    int exponent = exponent_of(x);
    if (exponent >= FRACTION_BITS)
        return x;
    u.bits &= exponent < 0 ? 1ULL << 63 : ~((1ULL << (FRACTION_BITS - exponent)) - 1);
    return u.value;
}

double floor(double x)
{
    double whole = trunc(x);
    return whole > x ? whole - 1 : whole;
}

double ceil(double x)
{
    double whole = trunc(x);
    return whole < x ? whole + 1 : whole;
}

double round(double x)
{
    double whole = trunc(x), rest = x - whole;
    return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole;
}

long lround(double x)
{
    return (long)round(x);
}

double modf(double x, double *whole)
{
    *whole = trunc(x);
    return isinf(x) ? 0 : x - *whole;
}

double frexp(double x, int *exponent)
{
    *exponent = 0;
    if (x == 0 || !isfinite(x))
        return x;
    if (exponent_of(x) == -BIAS) {
        x *= 0x1p54;
        *exponent = -54;
    }
    union bits u = {x};
    *exponent += exponent_of(x) + 1;
    u.bits = (u.bits & ~(0x7ffULL << FRACTION_BITS)) | (uint64_t)(BIAS - 1) << FRACTION_BITS;
    return u.value;
}

double ldexp(double x, int exponent)
{
    for (; exponent > 1000; exponent -= 1000)
        x *= 0x1p1000;
    for (; exponent < -1000; exponent += 1000)
        x *= 0x1p-1000;
    union bits power = {.bits = (uint64_t)(BIAS + exponent) << FRACTION_BITS};
    return x * power.value;
}

/* What is left of x after subtracting y, doubled as often as it fits. Every step is exact. */
double fmod(double x, double y)
{
    double rest = fabs(x), divisor = fabs(y);
    if (divisor == 0 || !isfinite(rest) || isnan(divisor))
        return NAN;
    while (rest >= divisor) {
        int rest_exponent, divisor_exponent;
        frexp(rest, &rest_exponent);
        frexp(divisor, &divisor_exponent);
        double part = ldexp(divisor, rest_exponent - divisor_exponent);
        rest -= part <= rest ? part : part / 2;
    }
    return x < 0 ? -rest : rest;
}

double fmin(double x, double y)
{
    return isnan(x) || y < x ? y : x;
}

double fmax(double x, double y)
{
    return isnan(x) || y > x ? y : x;
}

/*
 * Bit by bit: x = n * 2^even with n < 2^64, and the root of n to 23 bits behind the point, which
 * are more bits than a double keeps; what is left over becomes one last, sticky bit.
 */
double sqrt(double x)
{
    int exponent;
    double part = frexp(x, &exponent);
    if (x < 0)
        return NAN;
    if (x == 0 || !isfinite(x))
        return x;
    int shift = (exponent & 1) != 0 ? 10 : 11;
    uint64_t n = (uint64_t)ldexp(part, 53) << shift, root = 0, rest = 0;
    for (int bit = 0; bit < 32 + 23; bit++) {
        rest = rest << 2 | n >> 62;
        n <<= 2;
        root <<= 1;
        if (rest > root << 1) {
            rest -= (root << 1) + 1;
            root |= 1;
        }
    }
    root = root << 1 | (rest != 0);
    return ldexp((double)root, (exponent - 53 - shift) / 2 - 24);
}

double cbrt(double x)
{
    if (x == 0 || !isfinite(x))
        return x;
    int exponent;
    frexp(x, &exponent);
    double magnitude = fabs(x), root = ldexp(1, exponent / 3);
    for (int i = 0; i < 8; i++)
        root -= (root - magnitude / (root * root)) / 3;
    return x < 0 ? -root : root;
}

double hypot(double x, double y)
{
    double large = fmax(fabs(x), fabs(y)), small = fmin(fabs(x), fabs(y));
    if (large == 0 || isinf(large))
        return large;
    return large * sqrt(1 + (small / large) * (small / large));
}

/* ln 2 in two parts, the first with zeros at its end: multiples of it are exact. */
static const double ln2_high = 0x1.62e42fee00000p-1, ln2_low = 0x1.a39ef35793c76p-33;

double exp(double x)
{
    if (isnan(x) || x > 709.79)
        return isnan(x) ? x : HUGE_VAL;
    if (x < -745.2)
        return 0;
    double k = round(x / M_LN2), r = x - k * ln2_high - k * ln2_low, sum = 1;
    for (int i = 14; i > 0; i--)
        sum = 1 + r * sum / i;
    return ldexp(sum, (int)k);
}

/* x = m * 2^k with m near 1; ln m by the series of 2 atanh((m - 1) / (m + 1)). */
double log(double x)
{
    if (x < 0 || isnan(x))
        return NAN;
    if (x == 0 || isinf(x))
        return x == 0 ? -HUGE_VAL : x;
    int k;
    double m = frexp(x, &k);
    if (m < M_SQRT2 / 2) {
        m *= 2;
        k--;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int i = 23; i > 0; i -= 2)
        sum = sum * square + 1.0 / i;
    return k * ln2_high + (2 * s * sum + k * ln2_low);
}

double log2(double x)
{
    int k;
    double m = frexp(x, &k);
    return m == 0.5 ? k - 1 : log(x) / M_LN2;
}

double log10(double x)
{
    double y = log(x) / M_LN10, whole = round(y);
    return fabs(whole) < 23 && pow(10, whole) == x ? whole : y;
}

static double power(double x, unsigned n)
{
    double result = 1;
    for (; n != 0; n >>= 1, x *= x)
        if ((n & 1) != 0)
            result *= x;
    return result;
}

double pow(double x, double y)
{
    bool whole = trunc(y) == y, odd = whole && fabs(y) < 0x1p53 && fmod(y, 2) != 0;
    if (y == 0 || x == 1)
        return 1;
    if (isnan(x) || isnan(y))
        return NAN;
    if (x == 0)
        return y > 0 ? (odd ? x : 0) : HUGE_VAL;
    if (whole && fabs(y) < 1024)
        return y > 0 ? power(x, (unsigned)y) : 1 / power(x, (unsigned)-y);
    if (x < 0 && !whole)
        return NAN;
    double result = exp(y * log(fabs(x)));
    return x < 0 && odd ? -result : result;
}

double exp2(double x)
{
    return pow(2, x);
}

/* pi/2 in three parts, the first two with zeros at their ends. */
static const double half_pi[] = {0x1.921fb54400000p0, 0x1.0b4611a600000p-34, 0x1.3198a2e037073p-69};

/* x = quadrant * pi/2 + *r with |r| <= pi/4. */
static int reduce(double x, double *r)
{
    double k = round(x / M_PI_2);
    *r = ((x - k * half_pi[0]) - k * half_pi[1]) - k * half_pi[2];
    return (int)fmod(k, 4) & 3;
}

/* The series of sin (first = 1) and cos (first = 0): x^first / first! - ... */
static double series(double x, int first)
{
    double square = x * x, sum = 1;
    for (int i = 20 + first; i > first; i -= 2)
        sum = 1 - square * sum / (i * (i - 1));
    return first == 1 ? x * sum : sum;
}

static double circular(double x, int quadrants_ahead)
{
    double r;
    if (!isfinite(x))
        return NAN;
    int quadrant = reduce(x, &r) + quadrants_ahead;
    double value = series(r, (quadrant & 1) == 0);
    return (quadrant & 2) != 0 ? -value : value;
}

double sin(double x)
{
    return circular(x, 0);
}

double cos(double x)
{
    return circular(x, 1);
}

/* The compiler makes this of a sin() and a cos() of the same number. */
void sincos(double x, double *sine, double *cosine)
{
    *sine = sin(x);
    *cosine = cos(x);
}

double tan(double x)
{
    return sin(x) / cos(x);
}

double atan(double x)
{
    static const double sqrt3 = 1.73205080756887729353;
    double magnitude = fabs(x), base = 0, sign = 1;
    if (isnan(x))
        return x;
    if (magnitude > 1) {
        magnitude = 1 / magnitude;
        base = M_PI_2;
        sign = -1;
    }
    if (magnitude > 0.2679491924311227) { /* tan(pi/12): turn by pi/6 */
        magnitude = (magnitude * sqrt3 - 1) / (magnitude + sqrt3);
        base += sign * (M_PI / 6);
    }
    double square = magnitude * magnitude, sum = 0;
    for (int i = 31; i > 0; i -= 2)
        sum = 1.0 / i - square * sum;
    double result = base + sign * magnitude * sum;
    return x < 0 ? -result : result;
}

double atan2(double y, double x)
{
    if (x == 0 && y == 0)
        return signbit(x) ? (signbit(y) ? -M_PI : M_PI) : y;
    if (fabs(x) < fabs(y))
        return (y < 0 ? -M_PI_2 : M_PI_2) - atan(x / y);
    double angle = atan(y / x);
    return x > 0 ? angle : signbit(y) ? angle - M_PI : angle + M_PI;
}

double asin(double x)
{
    return fabs(x) > 1 ? NAN : atan2(x, sqrt((1 - x) * (1 + x)));
}

double acos(double x)
{
    return fabs(x) > 1 ? NAN : atan2(sqrt((1 - x) * (1 + x)), x);
}

double sinh(double x)
{
    if (fabs(x) < 0.5) {
        double square = x * x, sum = 1;
        for (int i = 15; i > 1; i -= 2)
            sum = 1 + square * sum / (i * (i - 1));
        return x * sum;
    }
    return (exp(x) - exp(-x)) / 2;
}

double cosh(double x)
{
    return (exp(x) + exp(-x)) / 2;
}

double tanh(double x)
{
    return fabs(x) > 20 ? (x < 0 ? -1 : 1) : sinh(x) / cosh(x);
}
