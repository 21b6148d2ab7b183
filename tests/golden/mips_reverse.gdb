# program: calls.c
# machine: mips
# Lines backwards: the same way that they were gone forwards.
set print address off
break calls.c:34
continue
next
reverse-next
reverse-next
reverse-next
reverse-next
print child == status
reverse-next
reverse-next
step
backtrace
reverse-finish
reverse-step
continue
