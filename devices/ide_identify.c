/* ide_identify: what an IDE disk says of itself: IDENTIFY DEVICE and the default geometry. */
#include <string.h>

#include "devices/ide_parts.h"

static void put_word(uint8_t buffer[IDE_SECTOR], unsigned word, uint32_t value)
{
    buffer[2 * word] = (uint8_t)value;
    buffer[2 * word + 1] = (uint8_t)(value >> 8);
}

static void put_double(uint8_t buffer[IDE_SECTOR], unsigned word, uint32_t value)
{
    put_word(buffer, word, value);
    put_word(buffer, word + 1, value >> 16);
}

/* Padded with blanks; the first character of a pair is the high byte (ATA-2, "Identify device"). */
static void put_text(uint8_t buffer[IDE_SECTOR], unsigned word, unsigned words, const char *text)
{
    size_t length = strlen(text);
    for (unsigned i = 0; i < 2 * words; i++)
        buffer[(2 * word + i) ^ 1] = i < length ? (uint8_t)text[i] : ' ';
}

void ide_default_geometry(const struct medium *disk, struct ide_drive_state *d)
{
    uint32_t cylinders = disk->sectors / (16 * 63);
    d->heads = 16;
    d->per_track = 63;
    d->cylinders = (uint16_t)(cylinders < 1 ? 1 : cylinders > 16383 ? 16383 : cylinders);
}

void ide_identify(uint8_t buffer[IDE_SECTOR], const struct medium *disk,
                  const struct ide_drive_state *d, unsigned unit)
{
    struct ide_drive_state fresh = {0};
    ide_default_geometry(disk, &fresh);
    memset(buffer, 0, IDE_SECTOR);
    put_word(buffer, 0, 0x0040); /* a fixed disk */
    put_word(buffer, 1, fresh.cylinders);
    put_word(buffer, 3, fresh.heads);
    put_word(buffer, 6, fresh.per_track);
    put_text(buffer, 10, 10, unit == 0 ? "TS0" : "TS1");
    put_text(buffer, 23, 4, "1.0");
    put_text(buffer, 27, 20, "Trapscope disk");
    put_word(buffer, 47, 0x8000 | IDE_MULTIPLE);
    put_word(buffer, 48, 1);      /* 32-bit data port */
    put_word(buffer, 49, 0x0a00); /* LBA, IORDY */
    put_word(buffer, 51, 0x0200);
    put_word(buffer, 53, 3); /* words 54..58 and 64..70 are valid */
    put_word(buffer, 54, d->cylinders);
    put_word(buffer, 55, d->heads);
    put_word(buffer, 56, d->per_track);
    put_double(buffer, 57, (uint32_t)d->cylinders * d->heads * d->per_track);
    put_word(buffer, 59, d->multiple != 0 ? 0x100u | d->multiple : 0);
    put_double(buffer, 60, disk->sectors);
    put_word(buffer, 64, 3);   /* PIO modes 3 and 4 */
    put_word(buffer, 67, 120); /* ns a cycle, without and with IORDY */
    put_word(buffer, 68, 120);
    put_word(buffer, 80, 0x001e); /* ATA-1 to ATA-4 */
    put_word(buffer, 82, 0x0008); /* power management */
    put_word(buffer, 83, 0x5000); /* FLUSH CACHE */
    put_word(buffer, 84, 0x4000);
    put_word(buffer, 85, 0x0008);
    put_word(buffer, 86, 0x1000);
    put_word(buffer, 87, 0x4000);
}
