/* Unit tests of emu/machine/loader and elf32: good multiboot kernels, and every kind of bad one. */
#include <check.h>
#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "emu/machine/elf32.h"
#include "emu/machine/loader.h"
#include "emu/machine/pc.h"

#define FILE_SIZE 0x3000u
#define MAGIC     0x1badb002u

static struct machine *machine;
static uint8_t kernel[FILE_SIZE];
static struct loader_request request;
static const char *path, *why;

static void put(uint8_t *to, uint32_t value)
{
    memcpy(to, &value, 4);
}

static uint32_t word(uint32_t address)
{
    uint32_t value;
    ck_assert(memory_get(machine->board->ram(machine), address, &value, 4));
    return value;
}

static Elf32_Ehdr *header(void)
{
    return (Elf32_Ehdr *)(void *)kernel;
}

static Elf32_Phdr *segment(unsigned number)
{
    return (Elf32_Phdr *)(void *)(kernel + sizeof(Elf32_Ehdr)) + number;
}

static void put_header(uint32_t at, uint32_t flags)
{
    put(kernel + at, MAGIC);
    put(kernel + at + 4, flags);
    put(kernel + at + 8, 0u - MAGIC - flags);
}

/* Text at 1 MiB (virtual 80100000) with the multiboot header, data with a BSS behind it. */
static void setup(void)
{
    static uint8_t rom[65536];
    struct pc_config config = {.ram = 4 << 20, .bios = rom, .bios_size = sizeof rom};
    machine = pc_create(&config, &why);
    ck_assert(machine != NULL);
    memset(kernel, 0, sizeof kernel);
    *header() = (Elf32_Ehdr){.e_ident = {0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB, 1},
                             .e_type = ET_EXEC,
                             .e_machine = EM_386,
                             .e_version = 1,
                             .e_entry = 0x80100010,
                             .e_phoff = sizeof(Elf32_Ehdr),
                             .e_ehsize = sizeof(Elf32_Ehdr),
                             .e_phentsize = sizeof(Elf32_Phdr),
                             .e_phnum = 2};
    *segment(0) = (Elf32_Phdr){PT_LOAD, 0x1000, 0x80100000, 0x100000, 0x800, 0x800, 5, 0x1000};
    *segment(1) = (Elf32_Phdr){PT_LOAD, 0x2000, 0x80101000, 0x101000, 0x10, 0x2000, 6, 0x1000};
    put_header(0x1000, 3);
    memset(kernel + 0x1010, 0xf4, 16);
    memset(kernel + 0x2000, 0x5a, 16);
    request = (struct loader_request){.kernel = {"dir/kernel.elf", kernel, sizeof kernel},
                                      .command_line = ""};
}

static void teardown(void)
{
    machine_free(machine);
}

static void load(void)
{
    bool done = loader_multiboot(machine, &request, &path, &why);
    ck_assert_msg(done, "%s: %s", path, why);
}

static void refuse(const char *part)
{
    ck_assert(!loader_multiboot(machine, &request, &path, &why));
    ck_assert_msg(strstr(why, part) != NULL, "said: %s", why);
    ck_assert_msg(strstr(why, ": ") != NULL, "no remedy in: %s", why);
}

/* Multiboot Specification 0.6.96, 3.2. */
START_TEST(the_machine_is_in_the_specified_state)
{
    load();
    const struct x86_state *s = &pc_cpu(machine)->s;
    ck_assert_uint_eq(s->gpr[X86_EAX], 0x2badb002);
    ck_assert_uint_eq(s->eip, 0x100010); /* physical, although linked at 80100010 */
    ck_assert_uint_eq(s->cr0 & (X86_CR0_PE | X86_CR0_PG), X86_CR0_PE);
    ck_assert_uint_eq(s->eflags & (X86_VM | X86_IF), 0);
    ck_assert_uint_eq(s->a20, 1);
    for (unsigned i = X86_ES; i <= X86_GS; i++) {
        ck_assert_uint_eq(s->segment[i].selector, i == X86_CS ? 0x08 : 0x10); /* as QEMU's */
        ck_assert_uint_eq(s->segment[i].base, 0);
        ck_assert_uint_eq(s->segment[i].limit, 0xffffffff);
        ck_assert_uint_eq(s->segment[i].attributes & X86_ATTR_BIG, X86_ATTR_BIG);
    }
    ck_assert_uint_eq(word(0x101000), 0x5a5a5a5a);
    ck_assert_uint_eq(word(0x101010), 0);
    ck_assert_uint_eq(word(0x40c) >> 16, 0x9fc0); /* EBDA */
    ck_assert_uint_eq(word(0x412) >> 8 & 0xffff, 639);
    ck_assert_uint_eq(word(0x9fc00) & 0xff, 1);
}
END_TEST

/* 3.3: memory sizes, command line, modules, memory map, loader name. */
START_TEST(the_information_is_complete)
{
    static const uint8_t module[5] = {9, 8, 7, 6, 5};
    request.command_line = "quiet root=rom";
    request.module = (struct loader_file){"fs.img", module, sizeof module};
    load();
    uint32_t info = pc_cpu(machine)->s.gpr[X86_EBX];
    char text[64];
    ck_assert_uint_eq(word(info) & 0x24d, 0x24d);
    ck_assert_uint_eq(word(info + 4), 639);
    ck_assert_uint_eq(word(info + 8), 3 * 1024);
    ck_assert(memory_get(machine->board->ram(machine), word(info + 16), text, sizeof text));
    ck_assert_str_eq(text, "dir/kernel.elf quiet root=rom");
    ck_assert_uint_eq(word(info + 20), 1);
    uint32_t entry = word(info + 24), start = word(entry), end = word(entry + 4);
    ck_assert_uint_eq(end - start, sizeof module);
    ck_assert_uint_eq(start % 4096, 0);
    ck_assert_uint_ge(start, 0x103000); /* behind the kernel's BSS */
    ck_assert_uint_eq(word(start), 0x06070809);
    ck_assert(memory_get(machine->board->ram(machine), word(entry + 8), text, sizeof text));
    ck_assert_str_eq(text, "fs.img");
    uint64_t ram = 0;
    for (uint32_t at = word(info + 48); at < word(info + 48) + word(info + 44);
         at += word(at) + 4) {
        ck_assert_uint_eq(word(at), 20);
        if (word(at + 20) == 1)
            ram += word(at + 12);
    }
    ck_assert_uint_eq(ram, (639 << 10) + (3 << 20));
    ck_assert(memory_get(machine->board->ram(machine), word(info + 64), text, sizeof text));
    ck_assert_str_eq(text, "trapscope");
}
END_TEST

/* 3.1.3: the a.out kludge. */
static void put_addresses(uint32_t header_address, uint32_t load_address, uint32_t load_end,
                          uint32_t bss_end, uint32_t entry)
{
    memset(kernel, 0, sizeof kernel);
    put_header(0x100, 1 << 16);
    put(kernel + 0x10c, header_address);
    put(kernel + 0x110, load_address);
    put(kernel + 0x114, load_end);
    put(kernel + 0x118, bss_end);
    put(kernel + 0x11c, entry);
    put(kernel + 0x200, 0x12345678);
}

START_TEST(addresses_in_the_header_are_used)
{
    put_addresses(0x200100, 0x200000, 0x200800, 0x201000, 0x200200);
    load();
    ck_assert_uint_eq(word(0x200200), 0x12345678);
    ck_assert_uint_eq(pc_cpu(machine)->s.eip, 0x200200);
    put_addresses(0x200100, 0x200000, 0, 0, 0x200200); /* the whole file */
    load();
}
END_TEST

START_TEST(contradictory_addresses_are_refused)
{
    put_addresses(0x200100, 0x200200, 0, 0, 0x200200);
    refuse("load address");
    put_addresses(0x300000, 0x200000, 0, 0, 0x200200);
    refuse("load address");
    put_addresses(0x200100, 0x200000, 0x1fffff, 0, 0x200200);
    refuse("load end");
    put_addresses(0x200100, 0x200000, 0x200000 + FILE_SIZE + 1, 0, 0x200200);
    refuse("shorter");
    put_addresses(0x200100, 0x200000, 0x200800, 0x200700, 0x200200);
    refuse("BSS");
    put_addresses(0x200100, 0x200000, 0x200800, 0xffffffff, 0x200200);
    refuse("--mem");
    put_addresses(0xffffff00, 0xfffffe00, 0, 0, 0xffffff00);
    refuse("--mem");
    memset(kernel, 0, sizeof kernel);
    put_header(8192 - 12, 1 << 16);
    refuse("ends inside its multiboot header");
}
END_TEST

START_TEST(headers_that_cannot_be_served_are_refused)
{
    put_header(0x1000, 1 << 4);
    refuse("feature");
    put_header(0x1000, 1 << 2);
    refuse("graphics");
    put(kernel + 0x1008, 1); /* wrong checksum */
    refuse("no multiboot header");
    memset(kernel + 0x1000, 0, 12);
    put_header(8192, 0); /* one word too late */
    refuse("no multiboot header");
    put_header(8192 - 12, 0);
    load();
}
END_TEST

START_TEST(bad_segments_are_refused)
{
    segment(1)->p_paddr = 0x100400;
    refuse("overlap");
    segment(1)->p_paddr = 0x101000;
    segment(1)->p_vaddr = 0x80100400;
    refuse("overlap");
    segment(1)->p_vaddr = 0x80101000;
    segment(1)->p_memsz = 0x7f000000;
    refuse("--mem");
    segment(1)->p_memsz = 0xff000000;
    refuse("4 GiB");
    segment(1)->p_memsz = 8;
    refuse("more bytes in the file");
    segment(1)->p_memsz = 0x2000;
    segment(1)->p_offset = FILE_SIZE - 8;
    refuse("truncated");
    segment(1)->p_offset = 0xfffffff8;
    refuse("truncated");
    segment(1)->p_offset = 0x2000;
    segment(1)->p_paddr = 0x9f000;
    refuse("640 KiB");
}
END_TEST

START_TEST(what_is_no_kernel_is_refused)
{
    header()->e_machine = EM_MIPS;
    refuse("another machine");
    header()->e_machine = EM_386;
    header()->e_ident[EI_CLASS] = ELFCLASS64;
    refuse("64-bit");
    header()->e_ident[EI_CLASS] = ELFCLASS32;
    header()->e_ident[EI_DATA] = ELFDATA2MSB;
    refuse("another machine");
    header()->e_ident[EI_DATA] = ELFDATA2LSB;
    header()->e_type = ET_REL;
    refuse("object file");
    header()->e_type = ET_EXEC;
    header()->e_phoff = 0xffffffff;
    refuse("program headers");
    header()->e_phoff = sizeof(Elf32_Ehdr);
    header()->e_phnum = 0xffff;
    refuse("program headers");
    header()->e_phnum = 0;
    refuse("program headers");
    header()->e_phnum = 2;
    header()->e_ident[0] = 0;
    refuse("no ELF file");
}
END_TEST

START_TEST(a_module_that_does_not_fit_is_named)
{
    static uint8_t module[3 << 20];
    request.module = (struct loader_file){"fs.img", module, sizeof module};
    refuse("--mem");
    ck_assert_str_eq(path, "fs.img");
}
END_TEST

START_TEST(a_long_command_line_is_refused)
{
    static char line[640 << 10];
    memset(line, 'x', sizeof line - 1);
    request.command_line = line;
    refuse("640 KiB");
}
END_TEST

/* No length makes a reader look behind the file's end (the sanitizers would tell). */
START_TEST(every_truncation_is_refused_or_fine)
{
    struct elf32 elf;
    for (size_t size = 0; size < FILE_SIZE; size++) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, kernel, size);
        const char *fault = elf32_read(ELF32_I386, copy, size, &elf);
        ck_assert(size >= 0x2010 ? fault == NULL : fault != NULL);
        elf32_read_program(ELF32_I386, copy, size, &elf);
        free(copy);
    }
}
END_TEST

START_TEST(programs_must_lie_in_user_space)
{
    struct elf32 elf;
    ck_assert_ptr_nonnull(
        strstr(elf32_read_program(ELF32_I386, kernel, FILE_SIZE, &elf), "user space"));
    segment(0)->p_vaddr = 0;
    segment(1)->p_vaddr = 0x2000;
    ck_assert_ptr_nonnull(
        strstr(elf32_read_program(ELF32_I386, kernel, FILE_SIZE, &elf), "entry point"));
    header()->e_entry = 0x10;
    ck_assert_ptr_null(elf32_read_program(ELF32_I386, kernel, FILE_SIZE, &elf));
    header()->e_type = ET_DYN;
    ck_assert_ptr_nonnull(
        strstr(elf32_read_program(ELF32_I386, kernel, FILE_SIZE, &elf), "-static"));
    header()->e_type = ET_EXEC;
    segment(0)->p_type = PT_INTERP;
    ck_assert_ptr_nonnull(
        strstr(elf32_read_program(ELF32_I386, kernel, FILE_SIZE, &elf), "-static"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loader");
    TCase *tcase = tcase_create("loader");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_machine_is_in_the_specified_state);
    tcase_add_test(tcase, the_information_is_complete);
    tcase_add_test(tcase, addresses_in_the_header_are_used);
    tcase_add_test(tcase, contradictory_addresses_are_refused);
    tcase_add_test(tcase, headers_that_cannot_be_served_are_refused);
    tcase_add_test(tcase, bad_segments_are_refused);
    tcase_add_test(tcase, what_is_no_kernel_is_refused);
    tcase_add_test(tcase, a_module_that_does_not_fit_is_named);
    tcase_add_test(tcase, a_long_command_line_is_refused);
    tcase_add_test(tcase, every_truncation_is_refused_or_fine);
    tcase_add_test(tcase, programs_must_lie_in_user_space);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
