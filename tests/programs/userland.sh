#!/usr/bin/env bash
# Turnstile's programs, shell, C library and trapscope-cc, each by what it says.
# usage: userland.sh TRAPSCOPE MACHINE GROUP [PATH]   MACHINE: x86, mips, or mips32, the second one's other
# CPU. PATH: the way into the kernel that C files are compiled for.
set -u
trapscope=$1
machine=$2
group=$3
path=${4:-}
run=("$trapscope" run --machine "$machine")
if [ "$machine" = mips32 ]; then
    machine=mips
    run=("$trapscope" run --machine mips --cpu mips32)
fi
# C files, for the path that is asked for.
run_c=("${run[@]}" ${path:+--path "$path"})
here=$(cd "$(dirname "$0")" && pwd)
user=$here/../../guest-os/user
compiler=$(dirname "$trapscope")/trapscope-cc
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
failures=0
cases=0

fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}

# says NAME STATUS OUTPUT -- COMMAND...: runs without input and compares all of its output.
says() {
    local name=$1 status=$2 wanted=$3
    shift 4
    cases=$((cases + 1))
    local got
    got=$(timeout 200 "$@" </dev/null 2>&1)
    local result=$?
    [ $result = "$status" ] || fail "$name: status $result, not $status: $got"
    [ "$got" = "$wanted" ] || fail "$name: not '$wanted' but '$got'"
}
sh_says() { says "$1" "$2" "$3" -- "${run[@]}" sh -c "$4"; }

# Those of /bin, or the same sources compiled for the path.
usertests() {
    local program=usertests
    if [ -n "$path" ]; then
        program=./ut
        "$compiler" --machine "$machine" --path "$path" -Og -I"$user/usertests" -I"$user/usertests/$machine" \
            "$user"/usertests/*.c "$user/usertests/$machine"/*.c -o "$program" || fail "not compiled"
    fi
    timeout 500 "${run[@]}" "$program" >out 2>err </dev/null
    local status=$?
    cases=$(grep -c ' ok$' out)
    grep 'FAIL' out && fail usertests
    [ $status = 0 ] || fail "usertests: status $status: $(tail -3 err)"
    [ "$cases" -ge 60 ] || fail "usertests: only $cases checks"
    grep -qx "usertests: $cases passed, 0 failed" out || fail "usertests: $(tail -1 out)"
    says "one check" 0 "exit_status            ok
usertests: 1 passed, 0 failed" -- "${run[@]}" "$program" exit_status
    says "no such check" 2 "usertests: there is no check 'x'; usertests -l lists them" -- \
        "${run[@]}" "$program" x
}

# The shell and others of /bin, compiled for the path, and what they start takes the usual one.
commands_of_path() {
    says "forktest" 0 "1" -- bash -c "$(printf '%q ' "${run_c[@]}") '$user/forktest.c' | grep -c 'ok: [0-9]* processes'"
    says "stressfs" 0 "stressfs: ok" -- "${run_c[@]}" "$user/stressfs.c"
    says "the shell" 0 "3
motd
0" -- "${run_c[@]}" "$user/sh.c" -c 'echo hi | cat | wc -c; cd /etc; ls; echo x > /tmp/y; mkdir /tmp/d; rm /tmp/y; rmdir /tmp/d; ls /tmp | wc -l'
    says "a path that is none" 125 "trapscope run: --path xyz: the paths of this machine are: $(
        "$compiler" --machine "$machine" --path list | cut -d' ' -f1 | paste -sd, | sed 's/,/, /g')" -- \
        "${run[@]}" --path xyz "$user/hello.c"
    says "a program is compiled already" 125 "trapscope run: --path: is for a C file, which is compiled for it: hello is none" \
        -- "${run_c[@]}" hello
}

lesson() {
    says "the lesson's program" 0 "XV6_TEST_OUTPUT 0 1 1000" -- "${run[@]}" test_1
    cat >xv6.c <<'END'
#include "types.h"
#include "stat.h"
#include "user.h"
#include "fs.h"
int main(int argc, char *argv[])
{
    struct stat st;
    struct dirent de;
    int fds[2], fd, pid;
    char buf[16];
    printf(1, "%d %s %x %p %c %%%d\n", -7, argv[1], 255, 0xabc, 'z', argc);
    pipe(fds);
    if ((pid = fork()) == 0) {
        write(fds[1], "child", 5);
        exit();
    }
    printf(1, "%d\n", wait() == pid);
    buf[read(fds[0], buf, sizeof buf)] = 0;
    stat("/", &st);
    fd = open("/", 0);
    read(fd, &de, sizeof de);
    printf(1, "%s %d %s %d\n", buf, st.type == T_DIR, de.name, de.inum == st.ino);
    printf(1, "%d %d\n", malloc(100) != 0, wait());
}
END
    says "a program of its world" 0 "-7 w FF ABC z %2
1
child 1 . 1
1 -1" -- "${run_c[@]}" xv6.c w
}

library() {
    local file
    for file in library reals; do
        gcc -w -O1 -fno-builtin -o "$file.host" "$here/src/$file.c" -lm || fail "host compiler"
        "./$file.host" >wanted
        timeout 100 "${run_c[@]}" "$here/src/$file.c" >out 2>err
        [ $? = 0 ] || fail "$file: $(cat err)"
        cases=$((cases + $(wc -l <wanted)))
        diff out wanted >difference || fail "$file: < guest, > host: $(head -6 difference)"
    done
    cat >own.c <<'END'
#include <stdio.h>
int read(int x) { return x + 1; }
int link = 5;
double pipe = 2.5;
int main(void) { int c = getchar(); printf("%d %d %d %g\n", c, read(3), link, pipe); return 0; }
END
    says "names of calls are the program's" 0 "-1 4 5 2.5" -- "${run_c[@]}" own.c
    printf '#include <assert.h>\nint main(void)\n{\n    assert(1 > 2);\n}\n' >assert.c
    says "a failed assertion" 134 "assert.c:4: main: assertion failed: 1 > 2" -- \
        "${run_c[@]}" assert.c
    printf '#include <stdlib.h>\nint main(void) { char *volatile p = malloc(9); free(p); free(p); }\n' >twice.c
    says "freed twice" 134 "free: not a block of malloc, freed twice, or its header was overwritten" \
        -- "${run_c[@]}" twice.c
}

shell() {
    sh_says "pipes" 0 "3" 'echo hi | cat | cat | wc -c'
    sh_says "redirection" 0 "a b
c  d" 'echo a b > /tmp/x; echo "c  d" >> /tmp/x; cat < /tmp/x'
    sh_says "errors to a file" 0 "1 7 38" 'cat /none 2> /tmp/e; wc < /tmp/e'
    sh_says "and, or" 0 "yes
no
status 1" 'grep -c x /none 2> /dev/null || echo yes; echo a | grep b && echo yes || echo no; echo a | grep b; echo "status $?"'
    sh_says "groups" 0 "2" '(echo 1; echo 2) | wc -l'
    sh_says "quotes" 0 "a  b c\$? ; | it's \"" "echo 'a  b' c'\$?' \\; '|' it\\'s \"\\\"\""
    sh_says "a comment" 0 "a#b" 'echo a#b # not this'
    sh_says "cd" 0 "motd" 'cd /etc; ls; cd'
    sh_says "cd that fails" 1 "sh: cd: /none: No such file or directory" 'cd /none'
    sh_says "exit" 7 "" 'exit 7; echo not reached'
    sh_says "the last status" 3 "" '(exit 3)'
    sh_says "in the background" 0 "front
back" 'zombie > /dev/null & echo front; ((echo back) & echo > /dev/null) | cat'
    sh_says "not found" 127 "sh: nosuch: not found" 'nosuch'
    sh_says "not a program" 126 "sh: /README: cannot be run: Exec format error" '/README'
    sh_says "an open quote" 2 "sh: a quote is not closed" 'echo "abc'
    sh_says "no command" 2 "sh: a command is missing" 'ls |'
    sh_says "no file" 2 "sh: the name of a file is missing" 'ls >'
    sh_says "a stray )" 2 "sh: this was not expected: near ') echo '" 'echo a ) echo b'
}

commands() {
    sh_says "echo -n" 0 "ab" 'echo -n a; echo b'
    sh_says "wc" 0 "2 33 194 /README
2 /README" 'wc /README; wc -l /README'
    sh_says "grep" 0 "2:cab
/tmp/g:abc
1
ABC" 'echo abc > /tmp/g; echo cab >> /tmp/g; echo ABC >> /tmp/g; grep -n "b$" /tmp/g; grep ^ab /tmp/g /dev/null; grep -c "^[a-b].*c" /tmp/g; grep -v "[a-z]" /tmp/g'
    sh_says "directories" 1 "f
two
mkdir: /tmp/d: File exists
rmdir: /tmp/d: Directory not empty
rm: /tmp/none: No such file or directory" \
        'cd /tmp; mkdir d; echo two > d/f; ls d; ln d/f g; rm d/f; cat g; mkdir /tmp/d; mkdir d/e; rmdir /tmp/d; rm -r d; ls d 2> /dev/null; rm /tmp/none'
    sh_says "kill" 1 "kill: abc: not the number of a process; see ps
kill: 9999: No such process" 'kill abc 9999'
    sh_says "ps" 0 "1
1" 'ps | grep -c " init$"; ps | grep -c " running .* ps$"'
    sh_says "forktest" 0 "1" 'forktest | grep -c "ok: [0-9]* processes"'
    sh_says "stressfs" 0 "stressfs: ok" 'stressfs'
    sh_says "many redirections" 0 "x" 'echo x > /tmp/a; cat < /tmp/a > /tmp/b; cat /tmp/b'
}

compile() {
    echo 'int main(void) { return 3; }' >good.c
    echo 'int main(void) { return x; }' >bad.c
    says "help" 0 "usage: trapscope-cc" -- bash -c "'$compiler' --help | head -c 19"
    says "no file" 2 "trapscope-cc: no file to compile; see trapscope-cc --help" -- "$compiler"
    says "a missing file" 2 "trapscope-cc: cannot read none.c: No such file or directory" -- \
        "$compiler" none.c
    says "a folder" 2 "trapscope-cc: . is a directory; name a C file" -- "$compiler" .
    says "not C" 2 "trapscope-cc: good.cpp: only C (.c), assembly (.S, .s) and objects (.o, .a) can be compiled" \
        -- bash -c "cp good.c good.cpp; '$compiler' good.cpp"
    says "unknown option" 2 "trapscope-cc: unknown option --fast; see trapscope-cc --help" -- \
        "$compiler" --fast good.c
    says "unknown machine" 2 "trapscope-cc: unknown machine 'vax'; choose x86 or mips" -- \
        "$compiler" --machine=vax good.c
    says "unknown path" 2 "trapscope-cc: mips has no path 'xv6'; it has: $("$compiler" --machine mips --path list |
        cut -d' ' -f1 | paste -sd, | sed 's/,/, /g')" -- "$compiler" --machine mips --path xv6 good.c
    says "-o without a name" 2 "trapscope-cc: -o needs an argument" -- "$compiler" good.c -o
    local tools=i686-linux-gnu
    [ "$machine" = x86 ] || tools=$machine-linux-gnu
    says "no compiler" 2 "trapscope-cc: no compiler for $machine ($tools-gcc) is installed; run: sudo apt install gcc-$tools" \
        -- env PATH=/nonexistent "$compiler" --machine "$machine" good.c
    timeout 60 "$compiler" --machine "$machine" bad.c 2>err
    [ $? = 1 ] && grep -q "bad.c:1:.*undeclared" err || fail "a compiler's message: $(cat err)"
    says "named after the file" 0 "" -- "$compiler" --machine "$machine" good.c
    says "runs" 3 "" -- "${run[@]}" ./good
    printf 'int two(void) { return N; }\n' >two.c
    printf 'int two(void);\nint main(void) { return two(); }\n' >main.c
    says "several files" 0 "" -- "$compiler" --machine "$machine" -DN=42 -O2 -o pair main.c two.c
    says "run" 42 "" -- "${run[@]}" ./pair
    mkdir "a, b"
    printf '#include <stdio.h>\n#include "user.h"\nint main(void) { puts(USER); return 0; }\n' >"a, b/p.c"
    echo '#define USER "me"' >"a, b/user.h"
    says "its own user.h" 0 "me" -- "${run[@]}" "a, b/p.c"
    says "objects" 0 "" -- bash -c "'$compiler' --machine $machine -c -DN=43 two.c && '$compiler' --machine=$machine main.c two.o -o pair"
    says "run" 43 "" -- "${run[@]}" ./pair
}

# The path without traps: what the kernel offers, and JOS's two demos.
flexsc() {
    timeout 200 "${run[@]}" flextests >out 2>err </dev/null
    local status=$?
    cases=$(grep -c '^ok ' out)
    grep 'FAIL' out && fail flextests
    [ $status = 0 ] || fail "flextests: status $status: $(tail -3 err)"
    [ "$cases" -ge 12 ] || fail "flextests: only $cases checks"
    # Processes that are killed in flexsc_wait() on another processor than their thread's: the kernel panicked.
    timeout 200 "${run[@]}" --cpus 4 --quantum 5000 flextests 2>err </dev/null | grep -qx 'ok killed' ||
        fail "flextests, --cpus 4: $(tail -3 err)"
    cases=$((cases + 1))
    says "flexsc" 0 "This is a FlexSC test
This is a FlexSC test
This is a FlexSC test
This is a FlexSC test
This is a FlexSC test
a page of my own holds 12345678
time goes on: yes" -- "${run[@]}" flexsc
    says "flexscipc" 0 "child: received 1234 from the parent" -- \
        bash -c "$(printf '%q ' "${run[@]}" flexscipc) | grep child:"
    # On another processor the kernel's thread makes the calls while the program looks on: only two trap, the one that
    # gets the page and exit().
    printf '%s\n' '#include <unistd.h>' 'int main(void) {' \
        'write(1, "", 0); getpid(); getpid(); return close(dup(1)); }' >still.c
    says "calls without a trap" 0 "4 of 6" -- bash -c "$(printf '%q ' "$trapscope" paths --cpus 2 --path flexsc still.c) |
        sed -n 's/^ *without a trap *//p'"
}

# The library OS: traps sent back to it, processors, and what of the PAL can be seen.
libos() {
    local cpus
    for cpus in 1 2 4; do
        timeout 200 "${run[@]}" --cpus $cpus libostests >out 2>err </dev/null
        local status=$?
        grep 'FAIL' out && fail "libostests, --cpus $cpus"
        [ $status = 0 ] || fail "libostests, --cpus $cpus: status $status: $(tail -3 err)"
        [ "$(grep -c '^ok ' out)" = 10 ] || fail "libostests, --cpus $cpus: not all of its checks"
        cases=$((cases + 10))
    done
    local lib listed
    lib=$(dirname "$trapscope")/guest-os/x86/sysroot/lib/paths/libos/libsys.a
    listed=$user/../abi/libos/user/pal/host/turnstile/pal-symbols
    i686-linux-gnu-ar p "$lib" pal.o >pal.o || fail "no pal.o in $lib"
    i686-linux-gnu-nm --defined-only --extern-only --format=just-symbols pal.o | sort >seen
    sort "$listed" | cmp -s - seen || fail "the PAL shows other names than pal-symbols lists"
    printf '%s\n' 'int host_call(int, int, int, int);' 'int main(void) { return host_call(5, 0, 0, 0); }' >hidden.c
    "$compiler" --path libos hidden.c -o hidden 2>err && fail "what is not listed can be linked"
    grep -q "undefined reference to .host_call" err || fail "hidden.c: $(cat err)"
    cat >twice.c <<'END'
#include <unistd.h>
int main(void) { return getpid() == getpid() && getpid() == getpid() ? 3 : 1; }
END
    says "calls that the library serves" 3 "DkSetExceptionHandler
DkProcessGetId
DkProcessExit" -- bash -c "$(printf '%q ' "$trapscope" trace --path libos twice.c) |
        grep -o 'Dk[A-Za-z]*'; exit \${PIPESTATUS[0]}"
}

# The Linux path, int $0x80 or numbers from 4000: its own checks, the book's program, a file that is for Linux.
linux() {
    timeout 200 "${run[@]}" linuxtests >out 2>err </dev/null
    local status=$?
    cases=$(grep -c '^ok ' out)
    grep 'FAIL' out && fail linuxtests
    [ $status = 0 ] || fail "linuxtests: status $status: $(tail -3 err)"
    [ "$cases" -ge 25 ] || fail "linuxtests: only $cases checks"
    printf '%s\n' '#include <asm/unistd.h>' '#include <stdio.h>' '_syscall0(long, foo)' \
        'int main() { long stack_size; stack_size = foo();' \
        'printf("The kernel stack size is %ld\n", stack_size); return 0; }' >book.c
    says "the book's program" 0 "The kernel stack size is 8192" -- "${run[@]}" ./book.c
    cat >raw.S <<'END'
.globl _start
#ifdef __mips__
_start: li $2, 4004; li $4, 1; lw $5, 8($29); li $6, 3; syscall
        li $2, 4001; lw $4, 0($29); syscall
#else
_start: movl $4, %eax; movl $1, %ebx; movl 8(%esp), %ecx; movl $3, %edx; int $0x80
        movl $1, %eax; movl (%esp), %ebx; int $0x80
#endif
#ifdef TAG
        .section .note.ABI-tag, "a", @note
        .long 4, 16, 1; .asciz "GNU"; .long 0, 3, 2, 0
#endif
END
    local cc=(i686-linux-gnu-gcc -nostdlib -static -Wl,--build-id=none)
    [ "$machine" = x86 ] || cc=(mips-linux-gnu-gcc -EB -march=r3000 -mabi=32 -mfp32 -mno-abicalls -fno-pic -nostdlib
        -static -Wl,--build-id=none,-e,_start)
    "${cc[@]}" -DTAG raw.S -o raw || fail "raw.S"
    says "argc and argv as Linux gives them" 2 "abc" -- "${run[@]}" ./raw abc
    timeout 200 "${run[0]}" trace "${run[@]:2}" ./raw abc >out 2>&1 </dev/null
    grep -q 'write(1, "abc", 3) = 3 by linux' out || fail "trace of the linux path: $(cat out)"
    grep -q 'exit(2) by linux' out || fail "trace of the linux path: $(cat out)"
    cases=$((cases + 1))
    "${cc[@]}" raw.S -o plain || fail "raw.S"
    printf '\003' | dd of=plain bs=1 seek=7 conv=notrunc status=none
    says "the same, told by EI_OSABI" 2 "abc" -- "${run[@]}" ./plain abc
}

# The way into the kernel that OS/161's own programs take, from their first instruction.
os161() {
    cat >raw.S <<'END'
        .set noreorder
        .globl __start
__start: move $16, $4
        lw $5, 4($5)
        lw $17, 0($6)
        li $4, 1
        li $6, 3
        li $2, 55
        syscall                 # write(1, argv[1], 3)
        addu $4, $16, $17       # argc, and what ends the environment: 0
        addu $4, $4, $7         # no error
        subu $2, $2, $6
        addu $4, $4, $2         # 3 bytes
        li $2, 3
        syscall                 # _exit(argc)
END
    mips-linux-gnu-gcc -EB -march=r3000 -mabi=32 -mfp32 -mno-abicalls -fno-pic -nostdlib -static \
        -Wl,--build-id=none raw.S -o raw || fail "raw.S"
    says "argc, argv and environment as OS/161 gives them" 2 "abc" -- "${run[@]}" ./raw abc
    timeout 200 "${run[0]}" trace "${run[@]:2}" ./raw abc >out 2>&1 </dev/null
    grep -q 'write(1, "abc", 3) = 3 ' out || fail "trace of the os161 path: $(cat out)"
    grep -q '_exit(2)' out || fail "trace of the os161 path: $(cat out)"
    cases=$((cases + 1))
}

case $group in
usertests | lesson | library | shell | commands | commands_of_path | compile | linux | os161 | flexsc | libos) $group ;;
*)
    echo "userland.sh: no group $group"
    exit 2
    ;;
esac
echo "$group: $cases cases, $failures failures"
[ $failures = 0 ]
