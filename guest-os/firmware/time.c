/* The clock: INT 08h counts 8254 ticks at 40:6C, INT 1Ah shows them and the CMOS date and time. */
#include "guest-os/firmware/bios.h"

#define PIT_HZ       1193182u
#define TICKS_A_DAY  0x1800B0u
#define RTC_SECONDS  0x00
#define RTC_MINUTES  0x02
#define RTC_HOURS    0x04
#define RTC_DAY      0x07
#define RTC_MONTH    0x08
#define RTC_YEAR     0x09
#define RTC_STATUS_A 0x0A
#define RTC_STATUS_B 0x0B
#define RTC_CENTURY  0x32
#define UPDATING     0x80 /* status A */

static u8 bcd_value(u8 bcd)
{
    return (bcd >> 4) * 10 + (bcd & 15);
}

/* Channel 0 divides by 65536, 18.2 times a second (8254 data sheet, mode 2: the count reads
 * linearly). The tick count starts at the clock's time of day. */
void time_init(void)
{
    outb(PIT_CONTROL, 0x34);
    outb(PIT_CHANNEL0, 0);
    outb(PIT_CHANNEL0, 0);
    u32 seconds =
        (bcd_value(cmos_read(RTC_HOURS) & 0x3F) * 60u + bcd_value(cmos_read(RTC_MINUTES))) * 60u +
        bcd_value(cmos_read(RTC_SECONDS));
    u32 ticks = (u64)seconds * PIT_HZ >> 16;
    BDA->ticks = ticks < TICKS_A_DAY ? ticks : 0;
}

void int08_timer(struct frame *f)
{
    (void)f;
    u32 ticks = BDA->ticks + 1;
    if (ticks >= TICKS_A_DAY) {
        ticks = 0;
        BDA->midnight++;
    }
    BDA->ticks = ticks;
    __asm__ volatile("int $0x1C" ::: "memory");
    interrupts_off();
    outb(PIC1_COMMAND, PIC_EOI);
}

static u16 pit_count(void)
{
    outb(PIT_CONTROL, 0x00); /* latch channel 0 */
    u8 low = inb(PIT_CHANNEL0);
    return low | inb(PIT_CHANNEL0) << 8;
}

/* Adds up how far channel 0 has counted down; needs no interrupt. */
static void wait_counts(u32 wanted)
{
    u16 last = pit_count();
    for (u32 passed = 0; passed < wanted;) {
        u16 now = pit_count();
        passed += (u16)(last - now);
        last = now;
    }
}

/* The clock goes on meanwhile. */
void time_wait(u32 microseconds)
{
    interrupts_on();
    for (; microseconds > 100000; microseconds -= 100000)
        wait_counts(PIT_HZ / 10);
    wait_counts((u32)((u64)microseconds * 78197 >> 16)); /* PIT_HZ / 10^6 * 2^16 */
    interrupts_off();
}

static void rtc_settle(void)
{
    for (u32 tries = 0x1000; tries && (cmos_read(RTC_STATUS_A) & UPDATING); tries--) {
    }
}

/* The MC146818 keeps BCD, 24 hours, as BIOSes set it up. */
void int1a_time(struct frame *f)
{
    frame_set_flag(f, FLAG_CARRY, false);
    switch (f->ax.h) {
    case 0x00: /* -> CX:DX ticks, AL midnights passed since the last call */
        f->cx.x = BDA->ticks >> 16;
        f->dx.x = BDA->ticks;
        f->ax.l = BDA->midnight;
        BDA->midnight = 0;
        break;
    case 0x01: /* CX:DX ticks */
        BDA->ticks = (u32)f->cx.x << 16 | f->dx.x;
        BDA->midnight = 0;
        break;
    case 0x02: /* -> CH hours, CL minutes, DH seconds, DL daylight saving */
        rtc_settle();
        f->cx.h = cmos_read(RTC_HOURS);
        f->cx.l = cmos_read(RTC_MINUTES);
        f->dx.h = cmos_read(RTC_SECONDS);
        f->dx.l = cmos_read(RTC_STATUS_B) & 1;
        break;
    case 0x04: /* -> CH century, CL year, DH month, DL day */
        rtc_settle();
        f->cx.h = cmos_read(RTC_CENTURY);
        f->cx.l = cmos_read(RTC_YEAR);
        f->dx.h = cmos_read(RTC_MONTH);
        f->dx.l = cmos_read(RTC_DAY);
        break;
    default: frame_set_flag(f, FLAG_CARRY, true);
    }
}
