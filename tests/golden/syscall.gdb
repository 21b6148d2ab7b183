# program: calls.c
# Into the kernel and out again, with both sides in sight.
set print address off
set print frame-arguments none
syscall close
backtrace
step
backtrace
tbreak sys_close
continue
backtrace
print cpus[$cpu].proc->name
finish
syscall
next
continue
