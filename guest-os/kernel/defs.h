/*
 * Who owns what: the functions that one file of the portable kernel offers to the others.
 * The contract of each stands above its definition. What a processor and its board must
 * provide is in arch.h.
 */
#ifndef KERNEL_DEFS_H
#define KERNEL_DEFS_H

#include "machine.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct context;
struct file;
struct files;
struct inode;
struct pipe;
struct proc;
struct sleeplock;
struct spinlock;
struct stat;
struct superblock;
struct trapframe;
struct vm;

/* bio.c */
void bio_init(void);
struct buf *bread(uint32_t block);
struct buf *bblank(uint32_t block);
void bwrite(struct buf *b);
void brelse(struct buf *b);
void bpin(struct buf *b);
void bunpin(struct buf *b);

/* clock.c */
void clock_tick(void);
int clock_sleep(int ticks);
int clock_uptime(void);
void clock_wait_tick(struct spinlock *lk);

/* console.c */
bool console_has_room(void);
bool console_has_input(void);
void console_set_mode(bool lines, bool keys_interrupt);
void console_input(int c);
int console_read(uint32_t udst, int n);
int console_write(uint32_t usrc, int n);
void console_putc(int c);

/* cwd.c */
int fs_getcwd(char *path);

/* device.c */
int device_open(int major, int minor);
int device_poll(int major, int minor);
int device_read(int major, int minor, uint32_t udst, int n, uint32_t off);
int device_write(int major, int minor, uint32_t usrc, int n);

/* dir.c */
struct inode *dir_lookup(struct inode *dp, const char *name, uint32_t *offset);
int dir_link(struct inode *dp, const char *name, uint32_t inum);
bool dir_is_empty(struct inode *dp);
void dir_erase(struct inode *dp, uint32_t offset);
struct inode *namei(const char *path);
struct inode *namei_parent(const char *path, char *name);

/* disk.c */
void disk_init(uintptr_t rom_disk, uint32_t rom_disk_size);
void disk_barrier(void);
bool disk_survives(void);
void disk_choose_root(void);
void disk_transfer(struct buf *b, bool write);

/* exec.c */
int exec(const char *path, char *const argv[], char *const envp[]);
void exec_put(struct vm *vm, uint32_t va, const void *src, uint32_t n);

/* files.c */
struct files *files_create(void);
struct files *files_copy(void);
struct files *files_share(struct files *files);
void files_put(struct files *files);
struct file *fd_file(int fd);
void fd_call_ends(void);
int fd_alloc(struct file *f, int least, bool close_on_exec);
int fdalloc(struct file *f);
struct file *fd_replace(int fd, struct file *f, bool close_on_exec);
int fd_close(int fd);
void fd_set_close_on_exec(int fd, bool on);
bool fd_close_on_exec(int fd);
void fd_exec(void);
struct inode *files_cwd(void);
void files_set_cwd(struct inode *ip);

/* file.c */
struct file *file_alloc(void);
struct file *file_dup(struct file *f);
void file_close(struct file *f);
int file_stat(struct file *f, struct stat *st);
int file_read(struct file *f, uint32_t udst, int n);
int file_write(struct file *f, uint32_t usrc, int n);
int file_seek(struct file *f, int offset, int whence);
int file_poll(struct file *f);
int file_resize(struct file *f, uint32_t size);

/* fsblock.c */
uint32_t block_alloc(void);
void block_free(uint32_t block);

/* history.c */
void history_add(const char *line);
const char *history_earlier(void);
const char *history_later(void);

/* inode.c */
void fs_mount(void);
const struct superblock *fs_super(void);
struct inode *inode_alloc(int type, int major, int minor);
struct inode *inode_get(uint32_t inum);
struct inode *inode_dup(struct inode *ip);
void inode_lock(struct inode *ip);
void inode_unlock(struct inode *ip);
void inode_put(struct inode *ip);
void inode_unlock_put(struct inode *ip);
void inode_update(struct inode *ip);
void inode_truncate(struct inode *ip);
void inode_stat(struct inode *ip, struct stat *st);

/* inodeio.c */
int inode_read(struct inode *ip, bool user, uintptr_t dst, uint32_t off, uint32_t n);
void inode_resize(struct inode *ip, uint32_t size);
int inode_write(struct inode *ip, bool user, uintptr_t src, uint32_t off, uint32_t n);
void inode_free_blocks(struct inode *ip);

/* lock.c */
void lock_init(struct spinlock *lk, const char *name);
void acquire(struct spinlock *lk);
void release(struct spinlock *lk);
bool lock_save_interrupts(void);
void lock_restore_interrupts(bool outside);
void sleeplock_init(struct sleeplock *lk, const char *name);
void sleeplock_acquire(struct sleeplock *lk);
void sleeplock_release(struct sleeplock *lk);

/* log.c */
void log_init(const struct superblock *sb);
void log_begin(void);
void log_write(struct buf *b);
void log_end(void);

/* main.c */
void kernel_options(const char *command_line);
void kernel_main(uintptr_t rom_disk, uint32_t rom_disk_size);
bool boot_option(const char *word);

/* namefs.c */
struct file *fs_open(const char *path, int flags);
int fs_link(const char *oldpath, const char *newpath);
int fs_unlink(const char *path);
int fs_remove(const char *path, int type);
int fs_rename(const char *from, const char *to);
int fs_mkdir(const char *path);
int fs_mknod(const char *path, int major, int minor);
int fs_chdir(const char *path);

/* page.c */
void page_init(uint8_t *table, uint32_t top);
void page_add_memory(uintptr_t start, uintptr_t end);
void *page_alloc(void);
void *page_alloc_promised(void);
void page_share(void *page);
bool page_free(void *page);
void *page_unshare(void *page);
int page_promise(uint32_t n);
void page_release_promise(uint32_t n);

/* pipe.c */
int pipe_make(struct file **reader, struct file **writer);
void pipe_close(struct pipe *p, bool writer);
int pipe_read(struct pipe *p, uint32_t udst, int n);
int pipe_poll(struct pipe *p, bool writer);
int pipe_write(struct pipe *p, uint32_t usrc, int n);

/* printf.c */
void cprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int snprintf(char *dst, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
void panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
bool panicking(void);

/* proc.c */
void proc_init(char *stacks, uint32_t distance);
void proc_start_init(void);
struct proc *proc_alloc(void (*start)(void));
void proc_free(struct proc *p);
void proc_begin(void);
int proc_start(struct proc *p);
void proc_discard(struct proc *p);
struct proc *proc_copy(bool share);
void proc_send(struct proc *p, int signal);
void proc_bury(struct proc *p);
int fork(void);
void exit(int status) __attribute__((noreturn));
void exit_killed(int signal) __attribute__((noreturn));
int wait(int *status);
int proc_wait(int pid, bool no_hang, int *status);
struct proc *proc_find(int pid);
int kill(int pid, int signal);
int proc_sbrk(int n);
bool proc_interrupt(void);
int proc_describe(char *dst, size_t size);
int error(int number);
bool must_give_up(void);

/* sched.c */
void cpu_init(unsigned number, void *bottom);
void scheduler(void) __attribute__((noreturn));
void cpu_interrupted(void);
void make_runnable(struct proc *p);
int sched_set_cpus(int pid, uint32_t wanted);
int sched_get_cpus(int pid, uint32_t *set);
void clock_preempts(void);
void preempt(void);
void sched(void);
void yield(void);
void sleep(const void *channel, struct spinlock *lk);
void wakeup(const void *channel);
void wakeup_locked(const void *channel);

/* space.c */
#define MMU_ALL 0xffffffffu
void mmu_attend(void);
void mmu_switch(pte_t *top);
/*
 * Entries of an address space are about to be taken away or restricted: from here to mmu_changed()
 * no other processor uses it. Pre: its lock is held.
 */
void mmu_change(pte_t *top);
/* They were, at `va` or (MMU_ALL) in many places: no processor remembers the old ones any more. */
void mmu_changed(pte_t *top, uint32_t va);

/* string.c */
void *memset(void *dst, int c, size_t n);
void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
int memcmp(const void *a, const void *b, size_t n);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
void strlcpy(char *dst, const char *src, size_t size);

/* thread.c */
struct proc *thread_create(void);
struct proc *kthread_create(struct proc *owner, void (*fn)(void *), void *argument);
void thread_exit(int status) __attribute__((noreturn));
void thread_end_all(int status) __attribute__((noreturn));
int thread_alone(void);
struct vm *thread_set_space(struct vm *vm);

/* tty.c */
bool tty_has_input(int line);
void tty_input(int line);
void tty_console_resume(void);
int tty_read(int line, uint32_t udst, int n);
int tty_write(int line, uint32_t usrc, int n);

/* usercopy.c */
int copyin(void *dst, uint32_t usrc, uint32_t n);
int copyout(uint32_t udst, const void *src, uint32_t n);
int copyin_string(char *dst, uint32_t usrc, uint32_t size);

/* vm.c */
struct vm *vm_create(void);
struct vm *vm_copy(struct vm *parent);
struct vm *vm_share(struct vm *vm);
void vm_put(struct vm *vm);
int vm_map(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags);
int vm_map_page(struct vm *vm, uint32_t va, void *page);
int vm_resize_heap(struct vm *vm, int n, uint32_t *before);
uint32_t vm_map_anywhere(struct vm *vm, uint32_t length, uint32_t flags);
int vm_unmap(struct vm *vm, uint32_t start, uint32_t end);
int vm_protect(struct vm *vm, uint32_t start, uint32_t end, uint32_t flags);
bool vm_allows(struct vm *vm, uint32_t va, uint32_t n, bool write);
void *vm_page(struct vm *vm, uint32_t va, bool write);
bool vm_fault(struct vm *vm, uint32_t va, bool write);
void *vm_load_page(struct vm *vm, uint32_t va);
uint32_t vm_size(const struct vm *vm);

#define NELEM(array) (sizeof(array) / sizeof((array)[0]))

#endif
