/* Where the stubs of usys.S leave the reason of a failed call. */
#include <errno.h>

int errno;
