/* Makes the lab's call by a bare trap; what comes of it is watched from outside. */

static long call(long number)
{
    long result;

    __asm__ volatile("int $0x80" : "=a"(result) : "0"(number) : "memory");
    return result;
}

int main(void)
{
    call(283);
    call(283);
    return 0;
}
