#!/usr/bin/env bash
# What hostile files, words, guests and surroundings get: a line, a status, nothing left behind.
# usage: hostile.sh TRAPSCOPE GROUP
set -u
trapscope=$1
group=$2
here=$(cd "$(dirname "$0")" && pwd)
system=$(dirname "$trapscope")/guest-os/x86
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export TMPDIR=$work/tmp
mkdir "$TMPDIR"
failures=0 cases=0
: >empty

fail() {
    echo "FAILED: $1: $2"
    failures=$((failures + 1))
}

# expect NAME STATUS COMMAND...: keeps `out` and `err`. A status above 128 that is not expected is a
# crash, 124 a hang.
expect() {
    local name=$1 status=$2
    shift 2
    cases=$((cases + 1))
    timeout 60 "$@" <"${in:-empty}" >out 2>err
    local got=$?
    [ $got = "$status" ] || fail "$name" "status $got, not $status; it said: $(tail -c 300 err)"
}
run() { expect "$1" "$2" "$trapscope" run "${@:3}"; }
boot() { expect "$1" "$2" "$trapscope" boot "${@:3}"; }
line() {
    [ "$(cat err)" = "$1" ] || fail line "not '$1' but '$(head -c 400 err)'"
}
one_line() { [ "$(wc -l <err)" = 1 ] || fail "$1" "not one line: '$(head -c 400 err)'"; }
nothing_left() { [ -z "$(ls -A "$TMPDIR")" ] || fail "temporary files" "$(ls "$TMPDIR")"; }

# poke FILE OFFSET BYTES, with BYTES as printf has them
poke() { printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none; }
program() {
    echo 'int main(void) { return 7; }' >good.c
    "$(dirname "$trapscope")/trapscope-cc" -o good good.c || fail trapscope-cc "status $?"
}

# elf NAME OFFSET BYTES LINE: a good program, changed there.
elf() {
    cp good bad
    poke bad "$2" "$3"
    run "$1" 126 ./bad
    line "trapscope run: ./bad: $4"
}

elves() {
    local length
    program
    for length in $(seq 0 5 140) $(seq 200 500 4000); do
        head -c "$length" good >cut
        run "cut at $length" 126 ./cut
        one_line "cut at $length"
    done
    elf "no magic" 0 '\x00' "is no ELF file: build it for 32-bit x86, e.g. with trapscope-cc"
    elf "64 bits" 4 '\x02' "is a 64-bit ELF file: build it for 32-bit x86, e.g. with trapscope-cc or gcc -m32"
    elf "another machine" 18 '\x08' "is an ELF file for another machine: build it for 32-bit x86"
    elf "an object" 16 '\x01' "is an object file: link it first"
    elf "shared" 16 '\x03' "is a shared object or position-independent: link it with -static -no-pie"
    elf "no headers" 44 '\x00\x00' "has no program headers, so nothing to load: link it as an executable"
    elf "headers outside" 28 '\xff\xff\xff\xff' "ends inside its program headers: copy or build it again"
    elf "segment outside the file" 56 '\xff\xff\xff\x7f' "ends inside a segment: it is truncated; copy or build it again"
    elf "in kernel space" 60 '\x00\x00\x00\x80' "has a segment outside of user space: link it below 0x80000000"
}

images() {
    mkfifo fifo
    for option in "" --snapshot; do
        boot "a FIFO $option" 125 $option --disk fifo
        line "trapscope boot: fifo: is no regular file: copy the disk into an image file first"
    done
    boot "missing" 125 --disk nowhere
    line "trapscope boot: nowhere: No such file or directory"
    boot "no name" 125 --disk ''
    one_line "no name"
    head -c 1025 /dev/zero >tiny
    echo halt >script
    in=script boot "an odd size" 0 --snapshot --insn-limit 300000000 --disk tiny
    [ "$(wc -c <tiny)" = 1025 ] || fail "an odd size" "the image changed"
    for name in record save; do
        boot "--$name nowhere" 125 --$name nowhere/x
        line "trapscope boot: nowhere/x: No such file or directory"
    done
}

words() {
    run "escapes" 125 $'--\033[31m'
    line 'trapscope run: unknown option --?[31m: trapscope run --help lists them all'
    run "two lines" 127 $'./a\nb'
    line 'trapscope run: ./a?b: No such file or directory'
    expect "an unknown command" 125 "$trapscope" $'\033[31m'
    line 'trapscope: unknown command ?[31m: trapscope --help lists them all'
    run "no name" 127 ''
    line "trapscope run: the program has an empty name: give a file or a name"
    run "no value" 125 --mem
    line "trapscope run: --mem needs a value: give --mem SIZE"
    for size in "" 5X 99999999999999999999 -1 1.5M; do
        run "--mem $size" 125 --mem "$size" hello
        line "trapscope run: --mem $size: it wants a size, such as 64M"
    done
    for time in -1 1e9 x; do
        run "--timeout $time" 125 --timeout "$time" hello
        line "trapscope run: --timeout $time: it wants seconds, such as 10 or 0.5"
    done
    run "many words" 125 echo $(seq 1 100)
    one_line "many words"
    run "nothing allowed" 124 --insn-limit 0 hello
    line "trapscope run: --insn-limit: 0 instructions were executed"
}

# mips NAME LINE OPTION...: a machine that there is not.
mips() {
    boot "$1" 125 --machine mips "${@:3}"
    line "trapscope boot: $2"
}

machines() {
    local length
    head -c 100000 /dev/zero >raw.img
    { printf 'System/161 Disk Image'; head -c 60000 /dev/zero; } >small.img
    { printf 'System/161 Disk Image'; head -c 100000 /dev/zero; } >good.img
    cp "$(dirname "$trapscope")/tests/guests/turns.elf" kernel
    mips "32 of 32" "--cpus: the MIPS machine has 1 to 32 processors: give --cpus 4, for example" --cpus 33
    mips "none" "--cpus: the MIPS machine has 1 to 32 processors: give --cpus 4, for example" --cpus 0
    mips "many" "--cpus: the MIPS machine has 1 to 32 processors: give --cpus 4, for example" --cpus 18446744073709551615
    mips "half" "--cpus 1.5: it wants a number, such as 1000000" --cpus 1.5
    mips "a model" "--cpu: the MIPS machine has other models: give --cpu r3000 or --cpu mips32" --cpu $'r3\n000'
    mips "much RAM" "the MIPS machine has 1 to 256 MiB of memory, in whole MiB: give --mem 16M, for example" --mem 257M
    mips "odd RAM" "the MIPS machine has 1 to 256 MiB of memory, in whole MiB: give --mem 16M, for example" --mem 1025K
    mips "three disks" "--disk: there is room for two disks: leave out the others" --disk good.img --disk good.img --disk good.img
    mips "a raw disk" "the disk image does not begin as one of System/161 does: make it with disk161 create" --kernel kernel --disk raw.img
    mips "a small disk" "the disk image is too small: the MIPS machine's disks have at least 128 sectors of 512 bytes" --kernel kernel --disk small.img
    mips "a PC's kernel" "$system/turnstile.elf: is an ELF file for another machine: build it for 32-bit big-endian MIPS" --kernel "$system/turnstile.elf"
    for length in $(seq 0 7 140); do
        head -c "$length" kernel >cut
        boot "a kernel cut at $length" 125 --machine mips --kernel cut
        one_line "a kernel cut at $length"
    done
    boot "processors of a PC" 125 --cpus 0
    one_line "processors of a PC"
    boot "they run" 124 --machine mips --cpus 4 --kernel kernel --insn-limit 3000000 --disk good.img
    line "trapscope boot: --insn-limit: 3000000 instructions were executed"
    printf q >script
    in=script boot "and end" 0 --machine mips --cpus 4 --kernel kernel
}

# wild NAME WAY STATUS
wild() {
    i686-linux-gnu-gcc -m32 -nostdlib -static -no-pie -Wl,-N,--no-warn-rwx-segments,-Ttext=0x100000,--build-id=none,-e,start \
        -DWAY="$2" -o wild "$here/wild.S" || fail "$1" "does not compile"
    boot "$1" "$3" --kernel wild --insn-limit 5000000 --disk disk.img
}

guests() {
    head -c 1000000 /dev/zero >disk.img
    wild "bashes ports" 1 43
    wild "reads wild sectors" 2 43
    wild "writes to ROM" 3 43
    wild "triple fault" 4 134
    wild "loops" 5 124
    line "trapscope boot: --insn-limit: 5000000 instructions were executed"
    cmp -s disk.img <(head -c 1000000 /dev/zero) || fail disk "the image changed"
}

signals() {
    printf '%s\n' '#include <unistd.h>' 'int main(void) { for (;;) sleep(100); }' >sleeper.c
    "$(dirname "$trapscope")/trapscope-cc" -o sleeper sleeper.c || fail trapscope-cc "status $?"
    local signal status child
    while read -r signal status; do
        cases=$((cases + 1))
        "$trapscope" run ./sleeper <empty >out 2>err &
        child=$!
        sleep 1
        kill -"$signal" $child
        wait $child 2>/dev/null
        status=$((status - $?))
        [ $status = 0 ] || fail "SIG$signal" "another status, by $status"
    done <<'LIST'
TERM 143
HUP 129
KILL 137
LIST
    nothing_left
}

streams() {
    printf '%s\n' '#include <unistd.h>' 'static char b[4096];' 'int main(void) {' \
        'for (int i = 0; i < 4096; i++) b[i] = i % 64 == 63 ? 10 : 48 + i % 64;' \
        'for (int i = 0; i < 5000; i++) if (write(1, b, 4096) != 4096) return 1;' \
        'return 0; }' >big.c
    run "20 MB of output" 0 big.c
    [ "$(wc -c <out)" = 20480000 ] || fail "20 MB" "$(wc -c <out) bytes"
    [ "$(split -b 4096 --filter=md5sum out | sort -u | wc -l)" = 1 ] || fail "20 MB" "bytes changed"
    "$trapscope" run echo hi <empty >&- 2>err
    [ $? = 125 ] || fail "closed output" "status $?"
    line "trapscope run: the output cannot be written: Bad file descriptor"
    "$trapscope" run nobody <empty 2>&- >out
    [ $? = 125 ] || fail "closed errors" "its message was lost, and the status does not say so"
    [ ! -s out ] || fail "closed errors" "said on standard output"
    nothing_left
}

places() {
    local folder=$'sp ace\'q"uo\nte' file
    mkdir "$folder"
    file=$folder/$'a b\'c"d\ne.c'
    printf '%s\n' '#include <stdio.h>' 'int main(int c, char **v) {' \
        'for (int i = 1; i < c; i++) printf("[%s]", v[i]); return 3; }' >"$file"
    run "a strange name" 3 "$file" 'x y' $'n\nl' '"' "'" ''
    [ "$(cat out)" = $'[x y][n\nl]["][\'][]' ] || fail "strange words" "$(cat out)"
    cp "$file" plain.c
    expect "no HOME, a dumb terminal" 3 env -u HOME TERM=dumb NO_COLOR=1 "$trapscope" run plain.c
    expect "no compiler" 125 env PATH=/nowhere "$trapscope" run plain.c
    expect "no temporary folder" 125 env TMPDIR=/nonexistent "$trapscope" run plain.c
    line "trapscope run: no temporary file can be made: No such file or directory"
    mkdir locked
    chmod 555 locked
    (cd locked && exec "$trapscope" run ../plain.c </dev/null >../out 2>../err)
    [ $? = 3 ] || fail "a read-only folder" "said $(cat err)"
    nothing_left
}

# command STATUS LINE COMMAND: in the debugger; LINE "" = none is expected.
command_is() {
    expect "$3" "$1" "$trapscope" debug -batch -ex "$3"
    line "$2"
}

debugger() {
    command_is 1 'Undefined command: "nosuch".  Try "help".' nosuch
    command_is 1 'A count is 1 to 100000, not 1000000x.' 'x/1000000x 0x7c00'
    command_is 1 'A tick is 0 or more' 'goto -1'
    command_is 1 'Numeric constant too large.' 'goto 99999999999999999999'
    command_is 1 '0xfffffffffffff is no 32-bit address.' 'break *0xfffffffffffff'
    command_is 1 '/dev/full: this is no file of commands.' 'source /dev/full'
    command_is 1 '/tmp: this is no file of commands.' 'source /tmp'
    command_is 1 'No frame at level 4294967296.' 'frame 4294967296'
    command_is 1 '0xfffffffff is no 32-bit address' 'walk 0xfffffffff'
    command_is 1 'Cannot access memory at address 0xa0000' 'x/s 0xa0000'
    command_is 1 'Division by zero.' 'print 1/0'
    command_is 1 'The expression ends too early.' 'print 1 +'
    command_is 1 'The expression is nested too deeply.' "print $(printf '%04000d' 0 | tr 0 -)1"
    command_is 1 'The line is longer than 4095 characters' "$(printf '%09000d' 0)"
    command_is 1 'nope: No such file or directory.' 'source nope'
    command_is 0 '' ''
}

case $group in
elves | images | words | machines | guests | signals | streams | places | debugger) $group ;;
*)
    echo "hostile.sh: no group $group"
    exit 2
    ;;
esac
echo "$group: $cases cases, $failures failures"
[ $failures = 0 ]
