/* getopt(), which <unistd.h> declares; there are no long options. */
#include <unistd.h>
