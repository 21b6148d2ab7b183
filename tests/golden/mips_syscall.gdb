# program: calls.c
# machine: mips
# From one system call of the program to the next, its stubs in sight.
set print address off
set print frame-arguments none
syscall close
backtrace
nexti
print $a3
finish
syscall
next
continue
