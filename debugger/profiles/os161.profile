# OS/161 2.x on System/161's machine: `--profile os161`. What each line means: debugger/profile.h.
# A kernel of your own that has moved things needs a copy of this with its own names.

profile os161
architecture mips

# syscall; the number in v0; four arguments in registers, then on the stack. a3 tells failure. Two
# words make a 64-bit argument, from an even register on.
vector 8
number $v0
argument $n == 0 ? $a0 : $n == 1 ? $a1 : $n == 2 ? $a2 : $n == 3 ? $a3 : *(int *)($sp + 4 * $n)
result $a3 != 0 ? -1 : $v0
error $a3 != 0
errno $v0

stage save mips_utlb_handler mips_general_handler common_exception
stage trap mips_trap
stage dispatch syscall
stage handler sys_*
stage restore exception_return

dispatch switch syscall
handler sys_
stack-bytes 4096

# common_exception leaves room for four argument registers below the frame.
trapframe struct trapframe
trapframe-pointer $cfa + 16
trapframe-entry $sp + 16
trapframe-number tf_v0
trapframe-result tf_v0

# dumbvm's two regions and its stack of 18 pages; a VM system of your own needs a line of its own.
page-table $process->t_proc->p_addrspace == 0 ? 0 : $address - $process->t_proc->p_addrspace->as_vbase1 < $process->t_proc->p_addrspace->as_npages1 * 4096 ? (($address - $process->t_proc->p_addrspace->as_vbase1 + $process->t_proc->p_addrspace->as_pbase1) & 0xfffff000) + 0x600 : $address - $process->t_proc->p_addrspace->as_vbase2 < $process->t_proc->p_addrspace->as_npages2 * 4096 ? (($address - $process->t_proc->p_addrspace->as_vbase2 + $process->t_proc->p_addrspace->as_pbase2) & 0xfffff000) + 0x600 : $address - 0x7ffee000 < 0x12000 ? (($address - 0x7ffee000 + $process->t_proc->p_addrspace->as_stackpbase) & 0xfffff000) + 0x600 : 0

# The running thread is in s7 while the kernel's C code runs. In user mode, and in the entry and exit
# code for it, it is in an array by the number of the processor, which the kernel keeps in Context.
# Processes have no numbers until a kernel gives them some (then: $process->t_proc->p_pid, say); the
# place of their structure stands for one.
process current (struct thread *)($status & 2 || ($status & 8 && ($pc < 0x80000200 || $pc - (unsigned)common_exception < 0x1d0)) ? cputhreads[$context >> 21] : $s7)
process pid (unsigned)$process->t_proc / 32 % 100000
process name $process->t_proc->p_name
process state $process->t_state
process stack $process->t_stack

vector-name 0 "interrupt"
vector-name 1 "TLB modified"
vector-name 2 "TLB miss on a load"
vector-name 3 "TLB miss on a store"
vector-name 4 "address error on a load"
vector-name 5 "address error on a store"
vector-name 6 "bus error on a fetch"
vector-name 7 "bus error"
vector-name 8 "system call"
vector-name 9 "breakpoint"
vector-name 10 "reserved instruction"
vector-name 11 "coprocessor unusable"
vector-name 12 "overflow"

# The calls that OS/161's own C library makes, as its manual pages have them.
syscall 0 fork "int" ""
syscall 2 execv "int" "STR(program), PTR(char *, args)"
syscall 3 _exit "int" "INT(code)"
syscall 4 waitpid "int" "INT(pid), PTR(int, status), INT(options)"
syscall 5 getpid "int" ""
syscall 6 getppid "int" ""
syscall 7 sbrk "int" "INT(amount)"
syscall 8 mmap "int" "INT(length), INT(protection), INT(fd), INT(offset)"
syscall 9 munmap "int" "PTR(void, address), INT(length)"
syscall 17 umask "int" "INT(mask)"
syscall 27 kill "int" "INT(pid), INT(signal)"
syscall 45 open "int" "STR(filename), INT(flags), INT(mode)"
syscall 46 pipe "int" "PTR(int, fds)"
syscall 47 dup "int" "INT(fd)"
syscall 48 dup2 "int" "INT(old), INT(new)"
syscall 49 close "int" "INT(fd)"
syscall 50 read "int" "INT(fd), OUT(buf, n), INT(n)"
syscall 54 getdirentry "int" "INT(fd), OUT(buf, n), INT(n)"
syscall 55 write "int" "INT(fd), IN(buf, n), INT(n)"
syscall 59 lseek "int" "INT(fd), INT(unused), INT(high), INT(low)"
syscall 61 ftruncate "int" "INT(fd), INT(unused), INT(high), INT(low)"
syscall 62 fsync "int" "INT(fd)"
syscall 63 fcntl "int" "INT(fd), INT(command), INT(data)"
syscall 64 ioctl "int" "INT(fd), INT(code), INT(data)"
syscall 67 link "int" "STR(old), STR(new)"
syscall 68 remove "int" "STR(path)"
syscall 69 mkdir "int" "STR(path), INT(mode)"
syscall 70 rmdir "int" "STR(path)"
syscall 72 rename "int" "STR(old), STR(new)"
syscall 73 access "int" "STR(path), INT(mode)"
syscall 74 chdir "int" "STR(path)"
syscall 75 fchdir "int" "INT(fd)"
syscall 76 __getcwd "int" "OUT(buf, n), INT(n)"
syscall 77 symlink "int" "STR(old), STR(new)"
syscall 78 readlink "int" "STR(path), OUT(buf, n), INT(n)"
syscall 81 stat "int" "STR(path), PTR(struct stat, buf)"
syscall 82 fstat "int" "INT(fd), PTR(struct stat, buf)"
syscall 83 lstat "int" "STR(path), PTR(struct stat, buf)"
syscall 113 __time "int" "PTR(int, seconds), PTR(int, nanoseconds)"
syscall 115 nanosleep "int" "PTR(struct timespec, wanted), PTR(struct timespec, left)"
syscall 118 sync "int" ""
syscall 119 reboot "int" "INT(code)"

errno-name 1 ENOSYS
errno-name 3 ENOMEM
errno-name 4 EAGAIN
errno-name 5 EINTR
errno-name 6 EFAULT
errno-name 7 ENAMETOOLONG
errno-name 8 EINVAL
errno-name 9 EPERM
errno-name 10 EACCES
errno-name 11 EMPROC
errno-name 12 ENPROC
errno-name 13 ENOEXEC
errno-name 14 E2BIG
errno-name 15 ESRCH
errno-name 16 ECHILD
errno-name 17 ENOTDIR
errno-name 18 EISDIR
errno-name 19 ENOENT
errno-name 20 ELOOP
errno-name 21 ENOTEMPTY
errno-name 22 EEXIST
errno-name 23 EMLINK
errno-name 24 EXDEV
errno-name 25 ENODEV
errno-name 26 ENXIO
errno-name 27 EBUSY
errno-name 28 EMFILE
errno-name 29 ENFILE
errno-name 30 EBADF
errno-name 31 EIOCTL
errno-name 32 EIO
errno-name 33 ESPIPE
errno-name 34 EPIPE
errno-name 35 EROFS
errno-name 36 ENOSPC
errno-name 37 EDQUOT
errno-name 38 EFBIG
errno-name 39 EFTYPE
errno-name 40 EDOM
errno-name 41 ERANGE
