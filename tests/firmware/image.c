/* Writes a sparse test image of 1 MiB: 37 runs of odd length, and prints the checksum kernel.S
 * computes. */
#include <stdint.h>
#include <stdio.h>

#define WORDS (1024 * 1024 / 4)

int main(int argc, char **argv)
{
    static uint32_t image[WORDS];
    uint32_t random = 1, sum = 0;
    for (unsigned run = 0; run < 37; run++) {
        random = random * 1664525 + 1013904223;
        uint32_t at = random >> 14;
        for (uint32_t i = at; i < at + 5 + run * 11 && i < WORDS; i++) {
            random = random * 1664525 + 1013904223;
            image[i] = random;
        }
    }
    for (uint32_t i = 0; i < WORDS; i++)
        sum += image[i] * (i + 1);
    FILE *file = argc == 2 ? fopen(argv[1], "wb") : NULL;
    if (!file || fwrite(image, sizeof image, 1, file) != 1 || fclose(file) != 0)
        return 1;
    printf("M %08X\n", (unsigned)sum);
    return 0;
}
