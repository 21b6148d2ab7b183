/* Unit tests of emu/machine/loader_mips, with kernels made byte by byte. */
#include <check.h>
#include <elf.h>
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "emu/machine/elf32.h"
#include "emu/machine/lamebus.h"
#include "emu/machine/loader.h"

enum { FILE_SIZE = 0x3000, CODE = 0x1000, DATA = 0x2000, RAM = 1 << 20 };

static uint8_t kernel[FILE_SIZE];
static struct machine *machine;
static struct loader_request request;
static const char *path, *why;

static Elf32_Ehdr *header(void)
{
    return (Elf32_Ehdr *)(void *)kernel;
}

static Elf32_Phdr *segment(unsigned n)
{
    return (Elf32_Phdr *)(void *)(kernel + sizeof(Elf32_Ehdr)) + n;
}

static Elf32_Phdr phdr(uint32_t type, uint32_t offset, uint32_t address, uint32_t in_file,
                       uint32_t size)
{
    return (Elf32_Phdr){.p_type = htobe32(type),
                        .p_offset = htobe32(offset),
                        .p_vaddr = htobe32(address),
                        .p_paddr = htobe32(address),
                        .p_filesz = htobe32(in_file),
                        .p_memsz = htobe32(size)};
}

/* Code in kseg0, data with BSS in kseg1, and what linkers add. */
static void setup(void)
{
    const char *fault;
    struct lamebus_config config = {.ram = RAM};
    machine = lamebus_create(&config, &fault);
    ck_assert(machine != NULL);
    memset(kernel, 0, sizeof kernel);
    memcpy(header()->e_ident, ELFMAG, SELFMAG);
    header()->e_ident[EI_CLASS] = ELFCLASS32;
    header()->e_ident[EI_DATA] = ELFDATA2MSB;
    header()->e_type = htobe16(ET_EXEC);
    header()->e_machine = htobe16(EM_MIPS);
    header()->e_entry = htobe32(0x80000210);
    header()->e_phoff = htobe32(sizeof(Elf32_Ehdr));
    header()->e_phentsize = htobe16(sizeof(Elf32_Phdr));
    header()->e_phnum = htobe16(5);
    *segment(0) = phdr(PT_MIPS_REGINFO, 0, 0x12345678, 24, 24);
    *segment(1) = phdr(PT_LOAD, CODE, 0x80000200, 0x800, 0x800);
    *segment(2) = phdr(PT_LOAD, DATA, 0xa0010000, 0x10, 0x2000);
    *segment(3) = phdr(0x70000003, 0, 0, 24, 24); /* PT_MIPS_ABIFLAGS */
    *segment(4) = phdr(PT_GNU_STACK, 0, 0, 0, 0);
    memset(kernel + CODE, 0xc0, 0x800);
    memset(kernel + DATA, 0xda, 0x10);
    request = (struct loader_request){.kernel = {"kernel", kernel, FILE_SIZE}, .command_line = ""};
}

static void teardown(void)
{
    machine_free(machine);
}

static void accept(void)
{
    ck_assert_msg(loader_mips(machine, &request, &path, &why), "%s", why);
}

static void refuse(const char *because)
{
    ck_assert(!loader_mips(machine, &request, &path, &why));
    ck_assert_msg(strstr(why, because) != NULL, "%s", why);
    ck_assert_str_eq(path, "kernel");
}

static uint8_t byte(uint32_t at)
{
    uint8_t value;
    ck_assert(memory_get(machine->board->ram(machine), at, &value, 1));
    return value;
}

START_TEST(segments_lie_where_they_are_linked)
{
    accept();
    ck_assert_uint_eq(byte(0x1ff), 0);
    ck_assert_uint_eq(byte(0x200), 0xc0);
    ck_assert_uint_eq(byte(0x9ff), 0xc0);
    ck_assert_uint_eq(byte(0x1000f), 0xda);
    ck_assert_uint_eq(byte(0x10010), 0);
    ck_assert_uint_eq(machine->cpu->ops->pc(machine->cpu), 0x80000210);
}
END_TEST

START_TEST(the_argument_is_at_the_top)
{
    static const struct {
        const char *line;
        uint32_t size;
    } argument[] = {{"", 4}, {"abc", 4}, {"abcd", 8}, {"mount sfs lhd0:;s", 20}};
    for (unsigned i = 0; i < sizeof argument / sizeof *argument; i++) {
        request.command_line = argument[i].line;
        accept();
        uint32_t at = RAM - argument[i].size;
        const struct mips *cpu = lamebus_cpu(machine, 0);
        ck_assert_uint_eq(cpu->s.gpr[4], 0x80000000 + at);
        ck_assert_uint_eq(cpu->s.gpr[29], 0x80000000 + at - 4);
        char there[32] = "?";
        memory_get(machine->board->ram(machine), at, there, argument[i].size);
        ck_assert_str_eq(there, argument[i].line);
    }
}
END_TEST

START_TEST(bad_segments_are_refused)
{
    *segment(2) = phdr(PT_LOAD, DATA, 0x10000, 0x10, 0x2000);
    refuse("kseg0");
    *segment(2) = phdr(PT_LOAD, DATA, 0xbffffff0, 0x10, 0x2000);
    refuse("kseg0");
    *segment(2) = phdr(PT_LOAD, DATA, 0x80000000 + RAM - 4, 0x10, 0x10);
    refuse("--mem");
    *segment(2) = phdr(PT_LOAD, DATA, 0x80000000 + RAM - 0x10, 0x10, 0x10); /* on the argument */
    refuse("command line");
    *segment(2) = phdr(PT_LOAD, DATA, 0xa00009f0, 0x10, 0x10); /* the code's memory, in kseg1 */
    refuse("overlap");
    *segment(2) = phdr(PT_LOAD, DATA, 0x80000600, 0x10, 0x10);
    refuse("overlap");
    *segment(2) = phdr(PT_LOAD, FILE_SIZE - 8, 0x80010000, 0x10, 0x10);
    refuse("truncated");
    *segment(2) = phdr(PT_LOAD, DATA, 0x80010000, 0x20, 0x10);
    refuse("more bytes");
    *segment(2) = phdr(PT_LOAD, 0xfffffff0, 0x80010000, 0x20, 0x20);
    refuse("truncated");
    *segment(2) = phdr(PT_LOAD, DATA, 0x80010000, 0x10, 0xffffffff);
    refuse("4 GiB");
    *segment(2) = phdr(PT_INTERP, DATA, 0x80010000, 0x10, 0x10);
    refuse("-static");
}
END_TEST

START_TEST(what_is_no_kernel_is_refused)
{
    static const uint32_t entry[] = {0x80000212, 0x400000, 0xc0000000, 0};
    for (unsigned i = 0; i < sizeof entry / sizeof *entry; i++) {
        header()->e_entry = htobe32(entry[i]);
        refuse("entry point");
    }
    header()->e_entry = htobe32(0x80000210);
    header()->e_machine = htobe16(EM_386);
    refuse("big-endian MIPS");
    header()->e_machine = htobe16(EM_MIPS);
    header()->e_ident[EI_DATA] = ELFDATA2LSB;
    refuse("big-endian MIPS");
    header()->e_ident[EI_DATA] = ELFDATA2MSB;
    header()->e_ident[EI_CLASS] = ELFCLASS64;
    refuse("64-bit");
    header()->e_ident[EI_CLASS] = ELFCLASS32;
    header()->e_type = htobe16(ET_REL);
    refuse("link it first");
    header()->e_type = htobe16(ET_EXEC);
    header()->e_phoff = htobe32(0xffffffff);
    refuse("program headers");
    header()->e_phoff = htobe32(sizeof(Elf32_Ehdr));
    header()->e_phnum = htobe16(0xffff);
    refuse("program headers");
    header()->e_phnum = htobe16(5);
    request.command_line = memset(malloc(RAM + 1), 'x', RAM);
    ((char *)(uintptr_t)request.command_line)[RAM] = '\0';
    refuse("--append");
    free((char *)(uintptr_t)request.command_line);
}
END_TEST

/* No length makes a reader look behind the file's end (the sanitizers would tell). */
START_TEST(every_truncation_is_refused_or_fine)
{
    struct elf32 elf;
    for (size_t size = 0; size < FILE_SIZE; size++) {
        uint8_t *copy = malloc(size + 1);
        memcpy(copy, kernel, size);
        const char *fault = elf32_read(ELF32_MIPS, copy, size, &elf);
        ck_assert(size >= DATA + 0x10 ? fault == NULL : fault != NULL);
        elf32_read_program(ELF32_MIPS, copy, size, &elf);
        free(copy);
    }
}
END_TEST

/* Every byte of the headers set to hostile values: refused, or loaded inside of RAM. */
START_TEST(hostile_headers)
{
    static const uint8_t hostile[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (size_t at = 0; at < sizeof(Elf32_Ehdr) + 5 * sizeof(Elf32_Phdr); at++) {
        uint8_t before = kernel[at];
        for (unsigned i = 0; i < sizeof hostile; i++) {
            kernel[at] = hostile[i];
            loader_mips(machine, &request, &path, &why);
        }
        kernel[at] = before;
    }
    accept();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loader_mips");
    TCase *tcase = tcase_create("loader_mips");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, segments_lie_where_they_are_linked);
    tcase_add_test(tcase, the_argument_is_at_the_top);
    tcase_add_test(tcase, bad_segments_are_refused);
    tcase_add_test(tcase, what_is_no_kernel_is_refused);
    tcase_add_test(tcase, every_truncation_is_refused_or_fine);
    tcase_add_test(tcase, hostile_headers);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
