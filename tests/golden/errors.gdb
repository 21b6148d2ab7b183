# program: calls.c
# What a mistake gets: one line, and the script ends there.
print 1 + 1
break nowhere
print 2
