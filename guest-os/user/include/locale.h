/* There is one locale, "C". */
#ifndef LOCALE_H
#define LOCALE_H

#define LC_ALL      0
#define LC_COLLATE  1
#define LC_CTYPE    2
#define LC_MONETARY 3
#define LC_NUMERIC  4
#define LC_TIME     5

/* Gives "C" if that is what was asked for, NULL for any other name. */
char *setlocale(int category, const char *name);

#endif
