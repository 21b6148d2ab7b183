/* A pointer that nobody has set. */
int main(void)
{
    int *p = (int *)0x30;
    *p = 1;
    return 0;
}
