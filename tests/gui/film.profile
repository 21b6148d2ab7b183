profile film
architecture x86
vector 64
number $eax
argument *(int *)($esp + 4 + 4 * $n)
result $eax
error $result == -1
stage user write
stage save vector64 alltraps
stage trap trap
stage dispatch syscall
stage handler sys_*
stage restore trapret
dispatch table syscalls
handler sys_
trapframe struct trapframe
trapframe-number eax
trapframe-result eax
process current current
process pid $process->pid
process name $process->name
syscall 16 write "int" "INT(fd), IN(buf, n), INT(n)"
