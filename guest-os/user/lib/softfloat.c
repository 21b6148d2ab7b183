/*
 * Floating point without a floating-point unit: what the compiler calls for + - * / and
 * conversions of float and double (IEEE 754, round to nearest, ties to even). The names are those
 * of GCC's libgcc (GCC Internals, "Routines for floating point emulation").
 */
#include <stdbool.h>
#include <stdint.h>

/* A finite number: (-1)^negative * mantissa * 2^exponent. */
struct number {
    bool negative;
    int exponent;
    uint64_t mantissa;
};

/* The layout of one format: bits of the fraction and of the exponent. */
struct format {
    int fraction_bits, exponent_bits;
};

static const struct format single_format = {23, 8};
static const struct format double_format = {52, 11};

/* Where the format is known, most of the work is done by the compiler. */
#define INLINE static inline __attribute__((always_inline))

static uint64_t bits_of(double d)
{
    union {
        double value;
        uint64_t bits;
    } u = {d};
    return u.bits;
}

static double double_of(uint64_t bits)
{
    union {
        uint64_t bits;
        double value;
    } u = {bits};
    return u.value;
}

static uint32_t bits_of_float(float f)
{
    union {
        float value;
        uint32_t bits;
    } u = {f};
    return u.bits;
}

static float float_of(uint64_t bits)
{
    union {
        uint32_t bits;
        float value;
    } u = {(uint32_t)bits};
    return u.value;
}

#define SIGN     (1ULL << 63)
#define INFINITE (0x7ffULL << 52)
#define QUIET    (1ULL << 51)

static bool is_nan(uint64_t bits)
{
    return (bits & ~SIGN) > INFINITE;
}

static bool is_infinite(uint64_t bits)
{
    return (bits & ~SIGN) == INFINITE;
}

/* What an operation gives that has no result, or one for which an operand is not a number: that
 * operand if there is one, else the number that x86 processors make (SDM volume 1, 4.8.3.7). */
static double no_number(uint64_t x, uint64_t y)
{
    return double_of(is_nan(x) ? x | QUIET : is_nan(y) ? y | QUIET : SIGN | INFINITE | QUIET);
}

INLINE struct number unpack(uint64_t bits, const struct format *f)
{
    int field = (int)(bits >> f->fraction_bits & ((1u << f->exponent_bits) - 1));
    int bias = (1 << (f->exponent_bits - 1)) - 1;
    struct number n = {
        .negative = (bits >> (f->fraction_bits + f->exponent_bits) & 1) != 0,
        .exponent = (field > 0 ? field : 1) - bias - f->fraction_bits,
        .mantissa = bits & ((1ULL << f->fraction_bits) - 1),
    };
    if (field > 0)
        n.mantissa |= 1ULL << f->fraction_bits;
    return n;
}

/* Shift right; a 1 that falls out stays visible in the lowest bit. */
static uint64_t shift_sticky(uint64_t n, int by)
{
    if (by == 0)
        return n;
    if (by > 63)
        return n != 0;
    return n >> by | ((n << (64 - by)) != 0);
}

/* Move the highest 1 of a mantissa that is not 0 to bit 63. */
INLINE void normalize(struct number *n)
{
    uint32_t high = (uint32_t)(n->mantissa >> 32);
    int by = high != 0 ? __builtin_clz(high) : 32 + __builtin_clz((uint32_t)n->mantissa);
    n->mantissa <<= by;
    n->exponent -= by;
}

/* Round to a format. The lowest bit of the mantissa may be sticky if bits enough lie above it. */
INLINE uint64_t pack(struct number n, const struct format *f)
{
    uint64_t sign = (uint64_t)n.negative << (f->fraction_bits + f->exponent_bits);
    if (n.mantissa == 0)
        return sign;
    normalize(&n);
    int most = (1 << f->exponent_bits) - 1;
    int field = n.exponent + 63 + most / 2;
    if (field >= most)
        return sign | (uint64_t)most << f->fraction_bits;
    if (field <= 0) {
        n.mantissa = shift_sticky(n.mantissa, 1 - field);
        field = 1;
    }
    int unused = 63 - f->fraction_bits;
    uint64_t rest = n.mantissa & ((1ULL << unused) - 1), half = 1ULL << (unused - 1);
    uint64_t kept = n.mantissa >> unused;
    if (rest > half || (rest == half && (kept & 1) != 0))
        kept++;
    /* The mantissa's top bit, or a carry out of it, counts the exponent field up from field - 1. */
    return sign | (((uint64_t)(field - 1) << f->fraction_bits) + kept);
}

double __adddf3(double a, double b)
{
    uint64_t x = bits_of(a), y = bits_of(b);
    if (is_nan(x) || is_nan(y) || (is_infinite(x) && is_infinite(y) && x != y))
        return no_number(x, y);
    if (is_infinite(x) || is_infinite(y))
        return is_infinite(x) ? a : b;
    struct number p = unpack(x, &double_format), q = unpack(y, &double_format);
    if (p.exponent < q.exponent) {
        struct number other = p;
        p = q;
        q = other;
    }
    p.mantissa <<= 10;
    p.exponent -= 10;
    q.mantissa = shift_sticky(q.mantissa << 10, p.exponent - (q.exponent - 10));
    if (p.negative == q.negative) {
        p.mantissa += q.mantissa;
    } else if (p.mantissa >= q.mantissa) {
        p.mantissa -= q.mantissa;
        p.negative = p.negative && p.mantissa != 0;
    } else {
        p.mantissa = q.mantissa - p.mantissa;
        p.negative = q.negative;
    }
    return double_of(pack(p, &double_format));
}

double __negdf2(double a)
{
    return double_of(bits_of(a) ^ SIGN);
}

double __subdf3(double a, double b)
{
    return is_nan(bits_of(b)) ? no_number(bits_of(a), bits_of(b)) : __adddf3(a, __negdf2(b));
}

/* The upper half of a product, with the lower half made sticky. */
static uint64_t multiply_high(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, middle = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)middle;
    uint64_t high = a1 * b1 + (middle >> 32) + (other >> 32);
    return high | ((uint32_t)other != 0 || (uint32_t)low != 0);
}

double __muldf3(double a, double b)
{
    uint64_t x = bits_of(a), y = bits_of(b), sign = (x ^ y) & SIGN;
    bool infinite = is_infinite(x) || is_infinite(y), zero = (x & ~SIGN) == 0 || (y & ~SIGN) == 0;
    if (is_nan(x) || is_nan(y) || (infinite && zero))
        return no_number(x, y);
    if (infinite || zero)
        return double_of(sign | (infinite ? INFINITE : 0));
    struct number p = unpack(x, &double_format), q = unpack(y, &double_format);
    normalize(&p);
    normalize(&q);
    struct number product = {
        .negative = sign != 0,
        .exponent = p.exponent + q.exponent + 64,
        .mantissa = multiply_high(p.mantissa, q.mantissa),
    };
    return double_of(pack(product, &double_format));
}

/* One digit of a long division in base 2^32: n / d for n / 2^32 < d, and the rest. */
static uint32_t divide_digit(uint64_t high, uint32_t low, uint64_t d, uint64_t *rest)
{
    uint32_t d1 = (uint32_t)(d >> 32), d0 = (uint32_t)d;
    uint64_t q = high / d1, r = high % d1;
    while (q >> 32 != 0 || q * d0 > (r << 32 | low)) { /* at most twice (Knuth 4.3.1, D3) */
        q--;
        r += d1;
        if (r >> 32 != 0)
            break;
    }
    *rest = (high << 32 | low) - q * d;
    return (uint32_t)q;
}

/* n / d in 64 bits, both with bit 63 set; a rest is sticky. The quotient's unit is bit 63. */
static uint64_t divide_mantissa(uint64_t n, uint64_t d)
{
    uint64_t rest = n >> 1; /* now less than d; the digits below are (n << 63) / d */
    uint32_t q1 = divide_digit(rest, (uint32_t)n << 31, d, &rest);
    uint32_t q0 = divide_digit(rest, 0, d, &rest);
    return ((uint64_t)q1 << 32 | q0) | (rest != 0);
}

double __divdf3(double a, double b)
{
    uint64_t x = bits_of(a), y = bits_of(b), sign = (x ^ y) & SIGN;
    bool x_zero = (x & ~SIGN) == 0, y_zero = (y & ~SIGN) == 0;
    if (is_nan(x) || is_nan(y) || (is_infinite(x) && is_infinite(y)) || (x_zero && y_zero))
        return no_number(x, y);
    if (is_infinite(x) || y_zero)
        return double_of(sign | INFINITE);
    if (is_infinite(y) || x_zero)
        return double_of(sign);
    struct number p = unpack(x, &double_format), q = unpack(y, &double_format);
    normalize(&p);
    normalize(&q);
    struct number quotient = {
        .negative = sign != 0,
        .exponent = p.exponent - q.exponent - 63,
        .mantissa = divide_mantissa(p.mantissa, q.mantissa),
    };
    return double_of(pack(quotient, &double_format));
}

/* -1, 0, 1, or `unordered` if either is not a number. */
static int compare(double a, double b, int unordered)
{
    uint64_t x = bits_of(a), y = bits_of(b);
    if (is_nan(x) || is_nan(y))
        return unordered;
    if (((x | y) & ~SIGN) == 0 || x == y)
        return 0;
    if (((x ^ y) & SIGN) != 0)
        return (x & SIGN) != 0 ? -1 : 1;
    return (x < y) == ((x & SIGN) == 0) ? -1 : 1;
}

/* The results that GCC wants of each comparison when the numbers are unordered make it false. */
int __cmpdf2(double a, double b)
{
    return compare(a, b, 1);
}

int __eqdf2(double a, double b)
{
    return compare(a, b, 1);
}

int __nedf2(double a, double b)
{
    return compare(a, b, 1);
}

int __ltdf2(double a, double b)
{
    return compare(a, b, 1);
}

int __ledf2(double a, double b)
{
    return compare(a, b, 1);
}

int __gtdf2(double a, double b)
{
    return compare(a, b, -1);
}

int __gedf2(double a, double b)
{
    return compare(a, b, -1);
}

int __unorddf2(double a, double b)
{
    return is_nan(bits_of(a)) || is_nan(bits_of(b));
}

double __floatundidf(uint64_t n)
{
    return double_of(pack((struct number){.mantissa = n}, &double_format));
}

double __floatdidf(int64_t n)
{
    struct number number = {.negative = n < 0, .mantissa = n < 0 ? 0 - (uint64_t)n : (uint64_t)n};
    return double_of(pack(number, &double_format));
}

double __floatsidf(int32_t n)
{
    return __floatdidf(n);
}

double __floatunsidf(uint32_t n)
{
    return __floatundidf(n);
}

/* The integer part of |a|; all ones when it does not fit. */
static uint64_t truncate_magnitude(double a)
{
    struct number n = unpack(bits_of(a), &double_format);
    if (n.exponent > 11)
        return UINT64_MAX;
    if (n.exponent >= 0)
        return n.mantissa << n.exponent;
    return n.exponent < -63 ? 0 : n.mantissa >> -n.exponent;
}

uint64_t __fixunsdfdi(double a)
{
    uint64_t n = truncate_magnitude(a);
    return (bits_of(a) & SIGN) != 0 ? 0 - n : n;
}

int64_t __fixdfdi(double a)
{
    uint64_t n = truncate_magnitude(a);
    if (n > INT64_MAX)
        return (bits_of(a) & SIGN) != 0 ? INT64_MIN : INT64_MAX;
    return (bits_of(a) & SIGN) != 0 ? -(int64_t)n : (int64_t)n;
}

int32_t __fixdfsi(double a)
{
    int64_t n = __fixdfdi(a);
    return n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : (int32_t)n;
}

uint32_t __fixunsdfsi(double a)
{
    return (uint32_t)__fixunsdfdi(a);
}

double __extendsfdf2(float a)
{
    uint32_t bits = bits_of_float(a);
    if ((bits & 0x7f800000) == 0x7f800000)
        return double_of((uint64_t)(bits >> 31) << 63 | INFINITE |
                         ((bits & 0x7fffff) != 0 ? QUIET : 0) | (uint64_t)(bits & 0x7fffff) << 29);
    if ((bits & 0x7f800000) != 0) /* not a denormal: only the exponent's bias differs */
        return double_of((uint64_t)(bits & 0x80000000) << 32 |
                         (((uint64_t)(bits & 0x7fffffff) << 29) + ((1023ULL - 127) << 52)));
    return double_of(pack(unpack(bits, &single_format), &double_format));
}

float __truncdfsf2(double a)
{
    uint64_t bits = bits_of(a);
    if (is_nan(bits))
        return float_of((bits & SIGN) >> 32 | 0x7fc00000 | (bits >> 29 & 0x3fffff));
    if (is_infinite(bits))
        return float_of((bits & SIGN) >> 32 | 0x7f800000);
    return float_of(pack(unpack(bits, &double_format), &single_format));
}

/* A double has more than twice a float's bits and two more, so rounding its result once more to a
 * float gives the correctly rounded float for + - * / (Figueroa, 1995). The calls are written out
 * because the compiler knows that too, and would make each function call itself. */
float __addsf3(float a, float b)
{
    return __truncdfsf2(__adddf3(__extendsfdf2(a), __extendsfdf2(b)));
}

float __subsf3(float a, float b)
{
    return __truncdfsf2(__subdf3(__extendsfdf2(a), __extendsfdf2(b)));
}

float __mulsf3(float a, float b)
{
    return __truncdfsf2(__muldf3(__extendsfdf2(a), __extendsfdf2(b)));
}

float __divsf3(float a, float b)
{
    return __truncdfsf2(__divdf3(__extendsfdf2(a), __extendsfdf2(b)));
}

float __negsf2(float a)
{
    return float_of(bits_of_float(a) ^ 0x80000000);
}

int __cmpsf2(float a, float b)
{
    return compare(a, b, 1);
}

int __eqsf2(float a, float b)
{
    return compare(a, b, 1);
}

int __nesf2(float a, float b)
{
    return compare(a, b, 1);
}

int __ltsf2(float a, float b)
{
    return compare(a, b, 1);
}

int __lesf2(float a, float b)
{
    return compare(a, b, 1);
}

int __gtsf2(float a, float b)
{
    return compare(a, b, -1);
}

int __gesf2(float a, float b)
{
    return compare(a, b, -1);
}

int __unordsf2(float a, float b)
{
    return __unorddf2(a, b);
}

float __floatundisf(uint64_t n)
{
    return float_of(pack((struct number){.mantissa = n}, &single_format));
}

float __floatdisf(int64_t n)
{
    struct number number = {.negative = n < 0, .mantissa = n < 0 ? 0 - (uint64_t)n : (uint64_t)n};
    return float_of(pack(number, &single_format));
}

float __floatsisf(int32_t n)
{
    return __floatdisf(n);
}

float __floatunsisf(uint32_t n)
{
    return __floatundisf(n);
}

int32_t __fixsfsi(float a)
{
    return __fixdfsi(a);
}

uint32_t __fixunssfsi(float a)
{
    return __fixunsdfsi(a);
}

int64_t __fixsfdi(float a)
{
    return __fixdfdi(a);
}

uint64_t __fixunssfdi(float a)
{
    return __fixunsdfdi(a);
}
