# program: paths.c
# Two ways into one kernel, told apart by what each call is.
set print address off
syscall write
next
syscall write
next
syscall
next
catch syscall foo
continue
syscall exit
