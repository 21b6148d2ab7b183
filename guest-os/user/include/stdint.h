/* Integer types of exact width, from the compiler. */
#include <stdint-gcc.h>
