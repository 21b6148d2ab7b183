#!/usr/bin/env bash
# The numbers of Linux's calls and errors in Turnstile's lists against Linux's own headers.
# usage: numbers.sh GUEST-OS HOST-COMPILER; 77: the headers are not installed
set -u
guest=$1
host=$2
i386=$("$host" -E -x c - <<<'#include <asm/unistd_32.h>' 2>/dev/null | sed -n 's/^# 1 "\(.*unistd_32.h\)".*/\1/p' | head -1)
o32=/usr/mips-linux-gnu/include/asm/unistd_o32.h
[ -r "$i386" ] && [ -r "$o32" ] || exit 77
failures=0
cases=0

# same WHAT NUMBER HEADER'S
same() {
    cases=$((cases + 1))
    [ "$2" = "$3" ] && return
    echo "FAILED: $1 is $2 here and '$3' in Linux's header"
    failures=$((failures + 1))
}

# foo is the book's, not Linux's.
while read -r number name; do
    [ "$name" = foo ] ||
        same "i386: $name" "$number" "$(sed -n "s/^#define __NR_$name \([0-9]*\)$/\1/p" "$i386")"
done < <(sed -n 's/^SYSCALL(\([0-9]*\), \([a-z_0-9]*\),.*/\1 \2/p' "$guest/abi/linux/syscalls.def")
while read -r number name; do
    [ "$name" = foo ] || same "mips: $name" "$((number - 4000))" \
        "$(sed -n "s/^#define __NR_$name (__NR_Linux + \([0-9]*\))$/\1/p" "$o32")"
done < <(sed -n 's/^\(SYSCALL\|NUMBER\)(\([0-9]*\), \([a-z_0-9]*\).*/\2 \3/p' "$guest/abi/linux/mips/syscalls.def")

# Both columns of the errors; aliases such as EDEADLOCK do not occur.
errno_of() {
    "$@" -E -dM -x c - <<<'#include <asm/errno.h>' | sed -n 's/^#define \(E[A-Z0-9]*\) \([0-9]*\)$/\1 \2/p'
}
here=$(errno_of "$host")
there=$(errno_of mips-linux-gnu-gcc)
while read -r name number mips; do
    same "i386: $name" "$number" "$(sed -n "s/^$name //p" <<<"$here")"
    same "mips: $name" "$mips" "$(sed -n "s/^$name //p" <<<"$there")"
done < <(sed -n 's/^ERRNO(\(E[A-Z0-9]*\), *\([0-9]*\), *\([0-9]*\),.*/\1 \2 \3/p' "$guest/kernel/errno.def")

[ $cases -ge 250 ] || {
    echo "FAILED: only $cases numbers were found"
    failures=1
}
echo "$cases numbers, $failures failures"
[ $failures = 0 ]
