int main(void)
{
    __asm__ volatile("int $0x41");
    return 0;
}
