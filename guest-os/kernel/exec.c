/*
 * exec: replace the program of the current process.
 *
 * The new address space is built beside the old one, which is given up only when nothing can
 * go wrong any more. A failed exec leaves the process as it was.
 */
#include "kernel/arch.h"
#include "kernel/defs.h"
#include "kernel/elf.h"
#include "kernel/errno.h"
#include "kernel/file.h"
#include "kernel/proc.h"

/* The program of this name. A name without a slash that is not here is looked up in /bin. */
static struct inode *find_program(const char *path)
{
    struct inode *ip = namei(path);
    char in_bin[sizeof "/bin/" + NAME_SIZE];

    if (ip)
        return ip;
    for (const char *s = path; *s; s++)
        if (*s == '/')
            return NULL;
    if (!*path || strlen(path) > NAME_SIZE)
        return NULL;
    snprintf(in_bin, sizeof in_bin, "/bin/%s", path);
    return namei(in_bin);
}

static int read_exactly(struct inode *ip, void *dst, uint32_t off, uint32_t n)
{
    if (inode_read(ip, false, (uintptr_t)dst, off, n) != (int)n)
        return error(ENOEXEC);
    return 0;
}

static int check_header(struct inode *ip, struct elf_header *h)
{
    static const uint8_t magic[4] = {0x7f, 'E', 'L', 'F'};

    if (ip->d.type != T_FILE)
        return error(EACCES);
    if (read_exactly(ip, h, 0, sizeof *h) < 0)
        return -1;
    if (memcmp(h->ident, magic, sizeof magic) != 0 || h->ident[4] != ELF_CLASS_32 ||
        h->type != ET_EXEC || h->machine != arch_elf_machine ||
        h->phentsize != sizeof(struct program_header) || h->entry >= USER_LIMIT)
        return error(ENOEXEC);
    return 0;
}

/* Copy a segment's bytes from the file into the new address space. */
static int load_bytes(struct vm *vm, struct inode *ip, const struct program_header *ph)
{
    for (uint32_t done = 0; done < ph->filesz;) {
        uint32_t va = ph->vaddr + done;
        uint32_t part = PAGE_SIZE - va % PAGE_SIZE;

        if (part > ph->filesz - done)
            part = ph->filesz - done;
        if (read_exactly(ip, vm_load_page(vm, va), ph->offset + done, part) < 0)
            return -1;
        done += part;
    }
    return 0;
}

static int load_segment(struct vm *vm, struct inode *ip, const struct program_header *ph,
                        uint32_t *end)
{
    if (ph->filesz > ph->memsz || ph->memsz > USER_LIMIT || ph->vaddr > USER_LIMIT - ph->memsz ||
        ph->filesz > ip->d.size || ph->offset > ip->d.size - ph->filesz)
        return error(ENOEXEC);
    if (ph->memsz == 0)
        return 0;
    if (vm_map(vm, ph->vaddr, ph->vaddr + ph->memsz, ph->flags & PF_WRITE ? REGION_WRITE : 0) < 0)
        return -1;
    if (ph->vaddr + ph->memsz > *end)
        *end = ph->vaddr + ph->memsz;
    return load_bytes(vm, ip, ph);
}

/*
 * Does a note segment have the ABI tag of GNU/Linux? (LSB 5.0 core, 11.7: name "GNU", type 1, first
 * word 0.) Each note has its sizes of name and contents, a type, the name, the contents.
 */
static bool note_says_linux(struct inode *ip, const struct program_header *ph)
{
    struct note {
        uint32_t name_size, size, type;
        char name[4];
        uint32_t word;
    };
    static const struct note tag = {4, 16, 1, "GNU", 0};
    struct note note;

    for (uint32_t at = 0; at < ph->filesz && ph->filesz - at >= sizeof note;) {
        uint32_t size;

        if (inode_read(ip, false, (uintptr_t)&note, ph->offset + at, sizeof note) != sizeof note)
            return false;
        if (memcmp(&note, &tag, sizeof tag) == 0)
            return true;
        size = 12 + ((note.name_size + 3) & ~3u) + ((note.size + 3) & ~3u);
        if (note.name_size > ph->filesz || note.size > ph->filesz || size > ph->filesz - at)
            return false;
        at += size;
    }
    return false;
}

/* All segments; then the heap behind the highest one, and the stack. */
static int load_program(struct vm *vm, struct inode *ip, const struct elf_header *h,
                        struct start *start)
{
    uint32_t end = 0;

    for (uint32_t i = 0; i < h->phnum; i++) {
        struct program_header ph;
        uint32_t off = h->phoff + i * (uint32_t)sizeof ph;

        if (off < h->phoff || read_exactly(ip, &ph, off, sizeof ph) < 0)
            return error(ENOEXEC);
        if (ph.type == PT_LOAD && load_segment(vm, ip, &ph, &end) < 0)
            return -1;
        if (ph.type == PT_LOAD && h->phoff >= ph.offset && h->phoff - ph.offset < ph.filesz)
            start->phdr = ph.vaddr + (h->phoff - ph.offset);
        start->for_linux |= ph.type == PT_NOTE && note_says_linux(ip, &ph);
    }
    vm->brk = (end + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    if (vm_map(vm, vm->brk, vm->brk, REGION_WRITE | REGION_HEAP) < 0)
        return -1;
    return vm_map(vm, STACK_BOTTOM, STACK_TOP, REGION_WRITE);
}

/* Put n bytes at va of the new address space; they do not cross into another region. */
void exec_put(struct vm *vm, uint32_t va, const void *src, uint32_t n)
{
    const char *s = src;

    while (n > 0) {
        uint32_t part = PAGE_SIZE - va % PAGE_SIZE;

        if (part > n)
            part = n;
        memcpy(vm_load_page(vm, va), s, part);
        va += part;
        s += part;
        n -= part;
    }
}

/*
 * Fill the new stack, from the top down: the strings; argv[], ended by 0; the words that the
 * processor's calling convention wants below. Returns 0, or -1 with E2BIG.
 */
static int build_stack(struct vm *vm, char *const argv[], struct start *start)
{
    uint32_t pointers[MAXARG + 1];
    uint32_t words[START_WORDS];
    uint32_t sp = STACK_TOP;
    uint32_t argc;

    for (argc = 0; argv[argc]; argc++) {
        uint32_t length = (uint32_t)strlen(argv[argc]) + 1;

        if (argc == MAXARG || sp - STACK_BOTTOM < length + PAGE_SIZE)
            return error(E2BIG);
        sp = (sp - length) & ~3u;
        exec_put(vm, sp, argv[argc], length);
        pointers[argc] = sp;
    }
    pointers[argc] = 0;
    sp = (sp - (argc + 1) * 4) & ~15u;
    exec_put(vm, sp, pointers, (argc + 1) * 4);
    start->argc = argc;
    start->argv = sp;
    start->sp = sp - sizeof words;
    arch_start_words(start, words);
    exec_put(vm, start->sp, words, sizeof words);
    return 0;
}

/* From here on the process runs the new program. */
static void commit(const char *path, struct vm *vm, const struct start *start)
{
    struct proc *p = myproc();
    struct vm *before;
    const char *name = path;

    for (const char *s = path; *s; s++)
        if (*s == '/' && s[1])
            name = s + 1;
    strlcpy(p->name, name, sizeof p->name);
    before = thread_set_space(vm);
    if (before)
        vm_put(before);
    fd_exec();
    arch_exec(p, start);
}

static int load(char *const argv[], char *const envp[], struct vm *vm, struct inode *ip,
                struct start *start)
{
    struct elf_header header;

    if (check_header(ip, &header) < 0)
        return -1;
    start->entry = header.entry;
    start->phnum = header.phnum;
    start->for_linux = header.ident[7] == ELF_OSABI_LINUX;
    if (load_program(vm, ip, &header, start) < 0)
        return -1;
    return start->for_linux ? arch_linux_stack(vm, argv, envp, start)
                            : build_stack(vm, argv, start);
}

/* A new address space with the program in it. 0 with the error set if that cannot be. */
static struct vm *build(char *const argv[], char *const envp[], struct start *start)
{
    struct vm *vm = NULL;
    struct inode *ip;

    log_begin();
    ip = find_program(start->path);
    if (ip) {
        inode_lock(ip);
        vm = vm_create();
        if (vm && load(argv, envp, vm, ip, start) < 0) {
            vm_put(vm);
            vm = NULL;
        }
        inode_unlock_put(ip);
    }
    log_end();
    return vm;
}

/*
 * Replace the current program by the one of this name; argv and envp end with 0. All are kernel
 * pointers. Only programs for Linux get the environment. Returns 0, and the process goes on at the
 * new program's entry; -1 with the error set if that cannot be.
 */
int exec(const char *path, char *const argv[], char *const envp[])
{
    struct start start = {.path = path};
    struct vm *vm = build(argv, envp, &start);

    if (!vm)
        return -1;
    if (thread_alone() < 0) {
        vm_put(vm);
        return -1;
    }
    commit(path, vm, &start);
    return 0;
}
