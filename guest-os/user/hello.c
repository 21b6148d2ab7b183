/* The smallest program that makes a system call to be looked at. */
#include <unistd.h>

int main(void)
{
    write(1, "hi\n", 3);
    return 0;
}
