/* status: says its arguments on both streams and ends with the number that the first of them is. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        printf("[%s]", argv[i]);
    printf("\n");
    fprintf(stderr, "%d arguments\n", argc - 1);
    return argc > 1 ? atoi(argv[1]) : 0;
}
