/* Goes to processor 1, to 0, and asks for a processor that there is not; what comes of it is
 * watched from outside. */
#include <asm/unistd.h>

static int set_affinity(unsigned long mask)
{
    int result;

    __asm__ volatile("int $0x80"
                     : "=a"(result)
                     : "0"(__NR_sched_setaffinity), "b"(0), "c"(sizeof mask), "d"(&mask)
                     : "memory");
    return result;
}

int main(void)
{
    set_affinity(2);
    set_affinity(1);
    return 0;
}
