profile film-mips
architecture mips
vector 8
number $v0
argument $n == 0 ? $a0 : $n == 1 ? $a1 : $n == 2 ? $a2 : $a3
result $a3 != 0 ? -1 : $v0
error $a3 != 0
errno $v0
stage save general common_exception
stage trap trap
stage dispatch syscall
stage handler sys_*
stage restore exception_return
dispatch table syscalls
handler sys_
trapframe struct trapframe
trapframe-pointer $cfa + 16
trapframe-entry $sp + 16
trapframe-number v0
trapframe-result v0
process current current
process pid $process->pid
process name $process->name
vector-name 8 "system call"
syscall 16 write "int" "INT(fd), IN(buf, n), INT(n)"
