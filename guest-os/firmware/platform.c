/* Small mechanisms of the board: CMOS memory, the A20 gate, and QEMU's fw_cfg directory. */
#include "guest-os/firmware/bios.h"

u8 cmos_read(u8 index)
{
    outb(CMOS_INDEX, index);
    return inb(CMOS_DATA);
}

void cmos_write(u8 index, u8 value)
{
    outb(CMOS_INDEX, index);
    outb(CMOS_DATA, value);
}

/* With A20 off, FFFF:0510 is the same byte as 0000:0500. */
bool a20_is_on(void)
{
    volatile u8 __seg_fs *low = (volatile u8 __seg_fs *)0x500;
    u8 before = *low;
    *low = ~far_read8(0xFFFF, 0x510);
    bool on = *low != far_read8(0xFFFF, 0x510);
    *low = before;
    return on;
}

static void kbc_wait_for_space(void)
{
    for (u32 tries = 0x10000; tries && (inb(KBC_COMMAND) & 2); tries--) {
    }
}

void a20_set(bool on)
{
    if (a20_is_on() == on)
        return;
    u8 control = inb(SYSTEM_CONTROL_A);
    if (control != 0xFF) /* open bus: the machine has no port 92h */
        outb(SYSTEM_CONTROL_A, on ? (control & ~1) | 2 : control & ~3);
    if (a20_is_on() == on)
        return;
    kbc_wait_for_space();
    outb(KBC_COMMAND, 0xD1); /* write output port */
    kbc_wait_for_space();
    outb(KBC_DATA, on ? 0xDF : 0xDD); /* bit 1 = A20, bit 0 = do not reset */
    kbc_wait_for_space();
}

static u32 fwcfg_big_endian(unsigned bytes)
{
    u32 value = 0;
    while (bytes--)
        value = value << 8 | inb(FWCFG_DATA);
    return value;
}

static bool name_is(const char *name, rom_string wanted)
{
    while (*name == *wanted) {
        if (!*name)
            return true;
        name++;
        wanted++;
    }
    return false;
}

static bool fwcfg_present(void)
{
    outw(FWCFG_SELECTOR, 0x0000); /* signature */
    return inb(FWCFG_DATA) == 'Q' && inb(FWCFG_DATA) == 'E' && inb(FWCFG_DATA) == 'M' &&
           inb(FWCFG_DATA) == 'U';
}

/* Notes the two files that concern the firmware. Layout: QEMU docs/specs/fw_cfg, "File Directory".
 */
void fwcfg_init(void)
{
    static ROM char cmdline_name[] = "opt/turnstile/cmdline";
    static ROM char console_name[] = "opt/trapscope/serial-console";
    if (!fwcfg_present())
        return;
    u16 console_selector = 0;
    outw(FWCFG_SELECTOR, 0x0019);
    for (u32 count = fwcfg_big_endian(4); count; count--) {
        u32 size = fwcfg_big_endian(4);
        u16 selector = fwcfg_big_endian(2);
        fwcfg_big_endian(2);
        char name[56];
        u32 di = (u32)name, cx = sizeof name;
        __asm__ volatile("rep insb" : "+D"(di), "+c"(cx) : "d"(FWCFG_DATA) : "memory");
        name[sizeof name - 1] = 0;
        if (name_is(name, cmdline_name)) {
            BDA->own.cmdline_selector = selector;
            BDA->own.cmdline_size = size;
        } else if (name_is(name, console_name) && size) {
            console_selector = selector;
        }
    }
    if (console_selector) {
        outw(FWCFG_SELECTOR, console_selector);
        BDA->own.serial_console = inb(FWCFG_DATA) == '1';
    }
}
