/* INT 11h, 12h and 15h: what the machine has, how much memory and where, and memory above 1 MiB. */
#include "guest-os/firmware/bios.h"
#include "guest-os/firmware/protected.h"

#define UNSUPPORTED 0x86
#define SMAP        0x534D4150

/* INT 15h AH=C0h: bytes that follow (a word), model, submodel, revision, feature byte 1: second
 * 8259A (bit 6), real-time clock (bit 5). */
static ROM u8 configuration[] = {8, 0, 0xFC, 0, 0, 0x60, 0, 0, 0, 0};

void int11_equipment(struct frame *f)
{
    f->ax.x = BDA->equipment;
}

void int12_memory(struct frame *f)
{
    f->ax.x = BDA->base_memory_kib;
}

static void fail(struct frame *f)
{
    f->ax.h = UNSUPPORTED;
    frame_set_flag(f, FLAG_CARRY, true);
}

/* AX=2400h off, 2401h on, 2402h -> AL state, 2403h -> BX ways: 8042 and port 92h. */
static void a20(struct frame *f)
{
    switch (f->ax.l) {
    case 0x00: a20_set(false); break;
    case 0x01: a20_set(true); break;
    case 0x02: f->ax.l = a20_is_on(); break;
    case 0x03: f->bx.x = 3; break;
    default: fail(f); return;
    }
    f->ax.h = 0;
}

/* AH=87h: CX words; ES:SI a table of descriptors, number 2 the source's, number 3 the target's. */
static void move_block(struct frame *f)
{
    struct block b = {.words = f->cx.x};
    u16 table = f->si.x;
    b.from = far_read32(f->es, table + 0x12) & 0xFFFFFF;
    b.from |= (u32)far_read8(f->es, table + 0x17) << 24;
    b.to = far_read32(f->es, table + 0x1A) & 0xFFFFFF;
    b.to |= (u32)far_read8(f->es, table + 0x1F) << 24;
    if (b.words > 0x8000) {
        f->ax.h = 0x02;
        frame_set_flag(f, FLAG_CARRY, true);
        return;
    }
    bool a20_was_on = a20_is_on();
    a20_set(true);
    protected_call((u32)block_move, stack_linear(&b));
    a20_set(a20_was_on);
    f->ax.h = 0;
}

/* AX=E820h: EDX "SMAP", EBX index, ECX room, ES:DI 20 bytes -> EBX next index or 0. */
static void memory_map(struct frame *f)
{
    struct memory_range range, following;
    u32 extended = BDA->own.extended_kib;
    if (f->dx.e != SMAP || f->cx.e < 20 || !memory_range(f->bx.e, extended, &range)) {
        fail(f);
        return;
    }
    u16 at = f->di.x;
    far_write32(f->es, at, range.base);
    far_write32(f->es, at + 4, 0);
    far_write32(f->es, at + 8, range.size);
    far_write32(f->es, at + 12, 0);
    far_write32(f->es, at + 16, range.type);
    f->bx.e = memory_range(f->bx.e + 1, extended, &following) ? f->bx.e + 1 : 0;
    f->cx.e = 20;
    f->ax.e = SMAP;
}

/* AX=E801h -> AX=CX KiB from 1 to 16 MiB, BX=DX 64 KiB blocks above 16 MiB. */
static void memory_size(struct frame *f)
{
    u32 extended = BDA->own.extended_kib, low = extended > 15 * 1024 ? 15 * 1024 : extended;
    f->ax.x = f->cx.x = low;
    f->bx.x = f->dx.x = (extended - low) / 64;
}

void int15_system(struct frame *f)
{
    frame_set_flag(f, FLAG_CARRY, false);
    switch (f->ax.x) {
    case 0xE801: memory_size(f); return;
    case 0xE820: memory_map(f); return;
    default: break;
    }
    switch (f->ax.h) {
    case 0x24: a20(f); break;
    case 0x86: /* CX:DX microseconds */
        time_wait((u32)f->cx.x << 16 | f->dx.x);
        f->ax.h = 0;
        break;
    case 0x87: move_block(f); break;
    case 0x88: { /* -> AX KiB above 1 MiB, 64 MiB less 1 KiB at most */
        u32 extended = BDA->own.extended_kib;
        f->ax.x = extended > 0xFC00 ? 0xFC00 : extended;
        break;
    }
    case 0xC0: /* -> ES:BX configuration table */
        f->es = 0xF000;
        f->bx.x = (u32)configuration;
        f->ax.h = 0;
        break;
    default: fail(f);
    }
}
