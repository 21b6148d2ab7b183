# program: calls.c
# machine: mips
# gdb's everyday commands on a user program.
break deposit if amount == 200
info breakpoints
continue
backtrace
info args
print *account
print/x account->balance
print account->owner
ptype account
whatis deposits
up
info locals
print savings.next
print cash.next->owner
down
finish
next
display deposits
next
next
info display
undisplay
tbreak deposit
continue
delete 1
list deposit
print deposits --json
continue
