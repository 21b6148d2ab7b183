# program: calls.c
# A value watched forwards and backwards, in the parent and not in the child.
set print address off
watch deposits
continue
continue
continue
continue
reverse-continue
reverse-continue
print deposits
delete
reverse-continue
