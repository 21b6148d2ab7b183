#include <stdio.h>
#include <unistd.h>
int main(void)
{
    volatile unsigned sum = 0;
    for (int round = 0; round < 40; round++) {
        for (unsigned i = 0; i < 400000; i++)
            sum += i * round;
        write(1, ".", 1);
    }
    printf("%u\n", sum);
    return 0;
}
