/* printf and scanf letters for the types of <stdint.h>. */
#ifndef INTTYPES_H
#define INTTYPES_H

#include <stdint.h>

#define PRId8   "d"
#define PRId16  "d"
#define PRId32  "ld"
#define PRId64  "lld"
#define PRIi32  "li"
#define PRIi64  "lli"
#define PRIu8   "u"
#define PRIu16  "u"
#define PRIu32  "lu"
#define PRIu64  "llu"
#define PRIx8   "x"
#define PRIx16  "x"
#define PRIx32  "lx"
#define PRIx64  "llx"
#define PRIX32  "lX"
#define PRIX64  "llX"
#define PRIo32  "lo"
#define PRIo64  "llo"
#define PRIdPTR "d"
#define PRIuPTR "u"
#define PRIxPTR "x"
#define PRIdMAX "lld"
#define PRIuMAX "llu"
#define PRIxMAX "llx"
#define SCNd32  "ld"
#define SCNu32  "lu"
#define SCNx32  "lx"
#define SCNd64  "lld"
#define SCNu64  "llu"
#define SCNx64  "llx"

#endif
