/* Makes the lab's call by a bare trap, with sleeps in between; what comes of it is watched from
 * outside. */

static int call(int number, int argument)
{
    int result;

    __asm__ volatile("int $48" : "=a"(result) : "0"(number), "d"(argument) : "ecx", "memory");
    return result;
}

int main(void)
{
    enum { TIME_MSEC = 14, SLEEP = 32 + 13, TICKS = 3 };

    call(TIME_MSEC, 0);
    call(SLEEP, TICKS);
    call(TIME_MSEC, 0);
    call(SLEEP, TICKS);
    call(TIME_MSEC, 0);
    return 0;
}
