/* <math.h> for float and for long double, which is double: by the functions for double. */
#include <math.h>

#define OF_ONE(name)                                                                               \
    float name##f(float x)                                                                         \
    {                                                                                              \
        return (float)name(x);                                                                     \
    }                                                                                              \
    long double name##l(long double x)                                                             \
    {                                                                                              \
        return name(x);                                                                            \
    }
#define OF_TWO(name)                                                                               \
    float name##f(float x, float y)                                                                \
    {                                                                                              \
        return (float)name(x, y);                                                                  \
    }                                                                                              \
    long double name##l(long double x, long double y)                                              \
    {                                                                                              \
        return name(x, y);                                                                         \
    }

OF_ONE(fabs)
OF_ONE(floor)
OF_ONE(ceil)
OF_ONE(trunc)
OF_ONE(round)
OF_ONE(sqrt)
OF_ONE(cbrt)
OF_ONE(exp)
OF_ONE(exp2)
OF_ONE(log)
OF_ONE(log2)
OF_ONE(log10)
OF_ONE(sin)
OF_ONE(cos)
OF_ONE(tan)
OF_ONE(asin)
OF_ONE(acos)
OF_ONE(atan)
OF_ONE(sinh)
OF_ONE(cosh)
OF_ONE(tanh)
OF_TWO(fmod)
OF_TWO(fmin)
OF_TWO(fmax)
OF_TWO(hypot)
OF_TWO(pow)
OF_TWO(atan2)

void sincosf(float x, float *sine, float *cosine)
{
    *sine = sinf(x);
    *cosine = cosf(x);
}
