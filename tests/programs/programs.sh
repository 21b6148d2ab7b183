#!/usr/bin/env bash
# What `trapscope run` and `trapscope boot` do, seen from outside: streams, statuses, messages.
# usage: programs.sh TRAPSCOPE MACHINE GROUP
set -u
trapscope=$1
machine=$2
group=$3
here=$(cd "$(dirname "$0")" && pwd)
system=$(dirname "$trapscope")/guest-os/$machine
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
export TMPDIR=$work/tmp
mkdir "$TMPDIR"
failures=0
cases=0
: >empty

fail() {
    echo "FAILED: $1: $2"
    failures=$((failures + 1))
}

# expect NAME STATUS -- COMMAND...: runs with standard input from the file `in` (or none), keeps
# `out` and `err`.
expect() {
    local name=$1 status=$2
    shift 3
    cases=$((cases + 1))
    timeout 120 "$@" <"${in:-empty}" >out 2>err
    local got=$?
    [ $got = "$status" ] || fail "$name" "status $got, not $status; it said: $(tail -c 300 err)"
}
run() { expect "$1" "$2" -- "$trapscope" run --machine "$machine" "${@:3}"; }
boot() { expect "$1" "$2" -- "$trapscope" boot --machine "$machine" "${@:3}"; }

# out_is TEXT, err_is TEXT: of the last command, newline included by us when there is text.
is() {
    local text=$2
    [ -n "$text" ] && text+=$'\n'
    printf '%s' "$text" | cmp -s - "$1" || fail "$1" "not '$2' but '$(head -c 500 "$1")'"
}
out_is() { is out "$1"; }
err_is() { is err "$1"; }
err_has() { grep -qF -- "$1" err || fail err "'$1' is not in '$(head -c 500 err)'"; }
one_line() { [ "$(wc -l <err)" = 1 ] || fail err "not one line: '$(head -c 500 err)'"; }

streams() {
    echo hi >hi
    in=hi run cat 0 cat
    out_is hi
    err_is ""
    run "echo" 0 echo a "b  c" ""
    out_is "a b  c "
    run "both streams" 5 "$here/src/status.c" 5 "a b" ""
    out_is "[5][a b][]"
    err_is "3 arguments"
    for byte in $(seq 0 255); do printf "\\x$(printf %02x "$byte")"; done >bytes
    head -c 200000 /dev/urandom >>bytes
    in=bytes run "every byte" 0 cat
    cmp -s out bytes || fail cat "the bytes changed"
    in=empty run "no input" 0 cat
    out_is ""
    printf 'no newline' >part
    in=part run "no newline" 0 cat
    cmp -s out part || fail cat "a newline was added"
    "$trapscope" run --machine "$machine" cat <&- >out 2>err || fail "closed input" "status $?"
    (sleep 0.3; echo late) | "$trapscope" run --machine "$machine" cat >out 2>err
    out_is late
    "$trapscope" run --machine "$machine" "$here/src/endless.c" write 2>err | head -c 6 >out
    [ "${PIPESTATUS[0]}" = 141 ] || fail "broken pipe" "status ${PIPESTATUS[0]}"
    out_is begun
    err_is ""
    "$trapscope" run --machine "$machine" echo x >/dev/full 2>err
    [ $? = 125 ] || fail "full disk" "status $?"
    err_has "the output cannot be written"
    "$trapscope" --version >/dev/full 2>err
    [ $? = 125 ] || fail "full disk, version" "status $?"
    err_has "the output cannot be written"
}

# Ways of fault.c to die, with the statuses.
faults_common() {
    echo "null 139
kernel 139
divide 136
illegal 132
breakpoint 133
stack 139
kill 137
none 99"
}
faults_x86() {
    faults_common
    echo "halt 139
gate 139
port 139"
}
faults_mips() {
    faults_common
    echo "halt 132
status 132
overflow 136
unaligned 138
device 139
slot 132"
}

statuses() {
    local way status
    for status in 0 1 42 123 128 255; do
        run "exit $status" $status "$here/src/status.c" $status
    done
    while read -r way status; do
        run "$way" "$status" "$here/src/fault.c" "$way"
        [ "$way" = none ] || [ "$way" = kill ] || err_has ": killed"
    done <<<"$(faults_"$machine")"
    "$trapscope" run --machine "$machine" "$here/src/endless.c" sleep <empty >out 2>err &
    sleep 1
    kill -TERM $!
    wait $!
    [ $? = 143 ] || fail SIGTERM "status $?"
    out_is begun
}

limits() {
    run insn-limit 124 --insn-limit 60000000 "$here/src/endless.c"
    out_is begun
    err_is "trapscope run: --insn-limit: 60000000 instructions were executed"
    run timeout 124 --timeout 1.5 "$here/src/endless.c"
    out_is begun
    err_is "trapscope run: --timeout: 1.5 seconds have passed"
    run output-limit 124 --output-limit 1000 "$here/src/endless.c" write
    [ "$(wc -c <out)" = 1000 ] || fail output-limit "$(wc -c <out) bytes"
    err_is "trapscope run: --output-limit: 1000 bytes were written"
    run "forks for ever" 124 --insn-limit 200000000 "$here/src/endless.c" fork
    run "sleeps for ever" 124 --insn-limit 60000000 "$here/src/endless.c" sleep
    run "eats memory" 139 "$here/src/endless.c" memory
    err_has "address 0xffffffff"
    (timeout 60 "$trapscope" run --machine "$machine" --timeout 1.5 "$here/src/endless.c" write 2>err; echo $? >status) |
        sleep 4
    [ "$(cat status)" = 124 ] || fail "nobody reads" "status $(cat status)"
    err_is "trapscope run: --timeout: 1.5 seconds have passed"
    local stamp=$SECONDS
    run "sleep takes no time" 0 --insn-limit 200000000 "$here/src/sleeper.c"
    [ $((SECONDS - stamp)) -le 20 ] || fail sleep "idle time was waited for"
}

# Random code in user processes: the system survives every kind of it.
crashes() {
    local seed
    for seed in 1 2 3 4; do
        run "crashme $seed" 0 --insn-limit 5000000000 "$here/src/crashme.c" $seed 200
        out_is survived
    done
}

# The exact line for each bad file, and nothing else.
files() {
    local build="32-bit x86" with=", e.g. with trapscope-cc" with64=", e.g. with trapscope-cc or gcc -m32"
    local none="32-bit x86" at=18 other='\x08'
    if [ "$machine" = mips ]; then
        build="32-bit big-endian MIPS" with=", e.g. with trapscope-cc --machine mips" with64=
        none="big-endian MIPS" at=19 other='\x03'
    fi
    run "no such program" 127 no-such-program
    err_is "no-such-program: not found in /bin: give a file of your own with a slash, as ./no-such-program"
    run "no name" 127 ""
    one_line
    run "too many words" 125 echo $(seq 1 40)
    err_is "trapscope run: the arguments are too long: the guest takes 30 words and 4096 bytes"
    run "too long a word" 125 echo "$(head -c 5000 /dev/zero | tr '\0' x)"
    one_line
    cp "$here/src/status.c" "a name with blanks, and too long for a directory.c"
    run "a long name" 3 ./a*.c 3
    run "no such file" 127 ./nothing
    err_is "trapscope run: ./nothing: No such file or directory"
    run "no such C file" 127 nothing.c
    err_is "trapscope run: nothing.c: No such file or directory"
    run "a folder" 126 ./tmp
    err_is "trapscope run: ./tmp: is a folder: name a file in it"
    run "an empty file" 126 ./empty
    err_is "trapscope run: ./empty: is no ELF file: build it for $none$with"
    run "the host's own" 126 "$BASH"
    err_is "trapscope run: $BASH: is a 64-bit ELF file: build it for $build$with64"
    truncate -s 17M large
    run "too large" 126 ./large
    err_is "trapscope run: ./large: is too large: is it the right file?"
    rm large
    echo 'int main(void) { return undeclared; }' >wrong.c
    run "does not compile" 125 wrong.c
    err_has "undeclared"
    err_has "trapscope run: wrong.c: was not compiled: see the lines above"
    echo 'int main(void) { return 7; }' >good.c
    "$(dirname "$trapscope")/trapscope-cc" --machine "$machine" -o good good.c || fail trapscope-cc "status $?"
    run "an ELF file" 7 ./good
    cp good.c ./-dash.c
    run "a name like an option" 7 -- -dash.c
    run "an ELF file by its bare name" 7 good
    head -c 40 good >short
    run "a header cut short" 126 ./short
    err_is "trapscope run: ./short: ends inside its ELF header: copy or build it again"
    head -c 60 good >short
    run "program headers cut short" 126 ./short
    err_is "trapscope run: ./short: ends inside its program headers: copy or build it again"
    head -c 4100 good >short
    run "a segment cut short" 126 ./short
    err_is "trapscope run: ./short: ends inside a segment: it is truncated; copy or build it again"
    cp good other
    printf "$other" | dd of=other bs=1 seek=$at conv=notrunc status=none
    run "for the other processor" 126 ./other
    err_is "trapscope run: ./other: is an ELF file for another machine: build it for $build"
    run "the kernel as a program" 126 "$system/turnstile.elf"
    err_has "has a segment outside of user space: link it below 0x80000000"
    one_line
    chmod 000 good
    if ! [ -r good ]; then
        run "unreadable" 126 ./good
        err_is "trapscope run: ./good: Permission denied"
    fi
    [ -z "$(ls -A "$TMPDIR")" ] || fail "temporary files" "left behind: $(ls "$TMPDIR")"
}

machines() {
    expect "no command" 125 -- "$trapscope"
    expect "help" 0 -- "$trapscope" --help
    expect "version" 0 -- "$trapscope" --version
    expect "unknown command" 125 -- "$trapscope" fly
    err_is "trapscope: unknown command fly: trapscope --help lists them all"
    boot "unknown option" 125 --kernal x
    err_is "trapscope boot: unknown option --kernal: did you mean --kernel?"
    boot "help" 0 --help
    run "no program" 125
    err_is "trapscope run: which program? Give a file or a name: trapscope run hello.c"
    boot "no such machine" 125 --machine vax
    err_is "trapscope boot: --machine: there are two machines: give --machine x86 or --machine mips"
    boot "a ROM for MIPS" 125 --machine mips --bios small.rom
    one_line
    boot "a module for MIPS" 125 --machine mips --kernel "$BASH" --initrd small.rom
    one_line
    boot "a turn of nothing" 125 --quantum 0
    err_is "trapscope boot: --quantum: a turn is 1 to 1000000000 ticks: give --quantum 1000, for example"
    boot "too many processors for a PC" 125 --cpus 33
    err_is "trapscope boot: --cpus: a PC has 1 to 32 processors: give --cpus 4, for example"
    boot "no processors" 125 --machine mips --cpus 0
    one_line
    boot "too many processors" 125 --machine mips --cpus 33
    one_line
    boot "no such model" 125 --machine mips --cpu i486
    one_line
    boot "little RAM for MIPS" 125 --machine mips --mem 1K
    one_line
    boot "no MIPS kernel" 125 --machine mips --kernel "$BASH"
    one_line
    boot "no RAM" 125 --mem 1K
    err_is "trapscope boot: a PC has 1 to 1024 MiB of memory, in whole MiB: give --mem 128M, for example"
    head -c 1000 /dev/zero >small.rom
    boot "a short ROM" 125 --bios small.rom
    err_is "trapscope boot: a BIOS ROM has 65536 or 131072 bytes: give --bios a whole ROM image"
    boot "no kernel" 125 --kernel nowhere.elf
    err_is "trapscope boot: nowhere.elf: No such file or directory"
    boot "no multiboot header" 125 --kernel "$BASH"
    one_line
    boot "a word too much" 125 hello.c
    one_line

    echo 'echo one two | wc; halt' >script
    in=script boot "the shell" 0
    grep -q '1 2 8' out || fail shell "said $(cat out)"
    in=script boot "a kernel file" 0 --kernel "$system/turnstile.elf" --initrd "$system/fs.img"
    grep -q '1 2 8' out || fail kernel "said $(cat out)"
    in=script boot "little memory" 0 --mem 32M
    run "too little memory" 125 --mem 8M echo
    err_has "give the machine more"

    # One instruction and a triple fault: LIDT of an empty table, then INT3.
    printf '\xfa\x2e\x66\x0f\x01\x1e\x20\x00\x66\xb8\x01\x00\x00\x00\x0f\x22\xc0\xcc' >triple.rom
    head -c $((65536 - 16 - 18)) /dev/zero >>triple.rom
    printf '\xea\x00\x00\x00\xf0' >>triple.rom
    head -c 11 /dev/zero >>triple.rom
    boot "a triple fault" 134 --bios triple.rom --insn-limit 1000
    err_has "triple fault"
    [ "$(wc -l <err)" = 4 ] || fail "triple fault" "not three faults: $(cat err)"

    # MOV AL,21; OUT F4,AL gives 2*21+1.
    printf '\xb0\x15\xe6\xf4\xf4' >exit.rom
    head -c $((65536 - 16 - 5)) /dev/zero >>exit.rom
    printf '\xea\x00\x00\x00\xf0' >>exit.rom
    head -c 11 /dev/zero >>exit.rom
    boot "debug exit" 43 --bios exit.rom
    # STI; HLT: waits, and the last that it hears is the end of its input.
    printf '\xfb\xf4' | dd of=exit.rom conv=notrunc status=none
    sleep 0.3 | "$trapscope" boot --machine x86 --bios exit.rom --record log >out 2>err
    [ "${PIPESTATUS[1]}" = 125 ] || fail "waits for nothing" "status ${PIPESTATUS[1]}"
    err_is "trapscope boot: the guest halted, and no interrupt can wake it"
    boot "waits for nothing again" 0 --bios exit.rom --replay log
    # CLI; HLT
    printf '\xfa\xf4' | dd of=exit.rom conv=notrunc status=none
    boot "halted for good" 125 --bios exit.rom
    err_is "trapscope boot: the guest halted, and no interrupt can wake it"
}

disks() {
    local sum
    head -c 100000 /dev/zero >odd.img
    echo halt >script
    in=script boot "an odd size" 0 --disk odd.img
    : >none.img
    boot "an empty image" 125 --disk none.img
    err_is "trapscope boot: none.img: is empty: make an image of the size wanted first, e.g. with truncate -s 16M"
    boot "a folder" 125 --disk tmp
    err_is "trapscope boot: tmp: is a folder: name an image file in it"
    boot "a device" 125 --disk /dev/null
    one_line
    boot "too many" 125 --disk odd.img --disk odd.img --disk odd.img
    one_line
    boot "the same one twice" 125 --disk odd.img --disk odd.img
    err_is "trapscope boot: odd.img: is in use by another machine: end that one, or use a copy of the image"
    truncate -s 9G huge.img
    boot "a huge image" 125 --disk huge.img
    one_line

    cp "$system/fs.img" root.img
    sum=$(sha256sum <root.img)
    printf 'echo kept > /kept\nhalt\n' >script
    in=script boot "with --snapshot" 0 --snapshot --disk root.img
    [ "$(sha256sum <root.img)" = "$sum" ] || fail --snapshot "the image changed"
    in=script boot "without" 0 --disk root.img
    [ "$(sha256sum <root.img)" != "$sum" ] || fail disk "the image did not change"
    printf 'cat /kept\nhalt\n' >script
    in=script boot "again" 0 --disk root.img
    grep -q '[$] kept' out || fail disk "the file is not there again: $(tail -5 out)"
    if [ "$(id -u)" != 0 ]; then
        chmod 444 root.img
        sum=$(sha256sum <root.img)
        printf 'echo no > /no\ncat /no\nhalt\n' >script
        in=script boot "read-only" 0 --disk root.img
        err_is "trapscope boot: root.img: is read-only: changes are kept for this session only"
        grep -q '[$] no' out || fail read-only "the guest could not write"
        [ "$(sha256sum <root.img)" = "$sum" ] || fail read-only "the image changed"
    fi
}

# What `cmake --install` copies is all that is needed.
installed() {
    cmake --install "$(dirname "$trapscope")" --prefix "$work/there" >/dev/null || fail installed "not installed"
    trapscope=$work/there/bin/trapscope
    run "a C file" 3 "$here/src/status.c" 3
    run "a program of its own" 0 echo here
    out_is here
    expect "the profile" 0 -- "$trapscope" trace --machine "$machine" echo here
    grep -qF 'write(1, "here\n", 5) = 5' out || fail trace "said $(head -3 out)"
}

memory() {
    run "the least memory" 0 --mem 2M echo enough
    out_is enough
    run "too little memory" 125 --mem 1M echo
    err_has "1024 KiB of memory are too few"
    run "the most memory" 0 --mem 256M echo enough
    out_is enough
    run "several processors" 0 --cpus 3 echo one works
    out_is "one works"
}

# The machine ends in the middle of work on its disk, as when the power fails. Whatever the disk has
# then, the next start finishes or drops, and the image is consistent.
power() {
    local count interrupted=0 check=${system%/*}/x86/tools/turnstile-fsck
    cat >script <<'END'
mkdir /d; cat /README > /d/a; ln /d/a /d/b; cat /bin/sh > /d/big; rm /d/a; mkdir /d/e
cat /bin/usertests > /d/e/u; rm -r /d; mkdir /d; cat /bin/ls > /d/ls; rm /d/ls; rmdir /d
cat /bin/sh > /t; rm /t; cat /bin/grep > /g; cat /bin/wc > /w; rm /g /w
halt
END
    echo halt >stop
    for count in 2 4 6 8 10 12 14 16 18 20; do
        cp "$system/fs.img" root.img
        in=script boot "cut off at $count" 124 --disk root.img --insn-limit ${count}000000
        "$check" root.img >out || grep -q "not carried out" out && interrupted=$((interrupted + 1))
        in=stop boot "started again" 0 --disk root.img
        "$check" root.img >out || fail "cut off at $count" "$(head -3 out)"
    done
    [ "$machine" = x86 ] || [ $interrupted -gt 0 ] || fail power "no transaction was interrupted"
}

records() {
    printf 'ls | wc\necho done; halt\n' >script
    in=script boot record 0 --record log
    cp out first
    in=empty boot replay 0 --replay log
    cmp -s out first || fail replay "said something else"
    cp log damaged
    printf 'X' | dd of=damaged bs=1 seek=300 conv=notrunc status=none
    boot "a damaged log" 125 --replay damaged
    err_has "damaged: is no input log that can be replayed: "
    one_line
    head -c 200 log >damaged
    boot "a short log" 125 --replay damaged
    one_line
    boot "saved" 124 --timeout 1 --save state
    in=script boot "restored" 0 --restore state
    grep -q '[$] done' out || fail --restore "said $(cat out)"
    boot "restored in another machine" 125 --mem 64M --restore state
    err_is "trapscope boot: state: is no saved machine that can go on: it is of another machine: give the same --machine, --mem, --cpus and --disk as when it was saved"
    head -c 9999 state >short
    boot "a saved machine cut short" 125 --restore short
    err_is "trapscope boot: short: is no saved machine that can go on: it ends too early"
    boot "another machine" 125 --mem 64M --replay log
    err_has "log: was recorded on another machine"
    boot "not both" 125 --record a --replay log
    one_line
    boot "cannot be written" 125 --record tmp
    err_is "trapscope boot: tmp: Is a directory"
    echo "some input" >text
    in=text run "a recorded program" 3 --record log "$here/src/reader.c"
    cp out first
    in=empty run "replayed" 3 --replay log "$here/src/reader.c"
    cmp -s out first || fail "replay of a program" "said something else"
    printf 'stepi 30000000\nconsole ls\nstepi 3000000\ngoto 20000000\nquit\n' >script
    in=script expect "left in its past" 0 -- "$trapscope" debug --machine "$machine" --record log
    in=empty boot "replayed up to there" 0 --replay log
    printf 'catch syscall\ncontinue\ncycle 3\nquit\n' >script
    in=script expect "left in a system call" 0 -- "$trapscope" debug --machine "$machine" \
        --record log echo hi
    in=empty run "replayed up to its handler" 0 --replay log echo hi
    printf 'stepi\nquit\n' >script
    in=script expect "a replay left early" 0 -- "$trapscope" debug --machine "$machine" \
        --replay log echo hi
}

# A pseudo-terminal by script(1): modes must come back as they were, whatever ends the machine.
terminals() {
    local before="stty -a >before" after="stty -a >after"
    command -v script >/dev/null || { echo "script(1) is not there"; exit 1; }
    on_terminal() { timeout 60 script -qec "$before; $1; $after" /dev/null >out 2>&1; }
    printf '\001x' >keys
    (sleep 1; cat keys; sleep 1) | on_terminal "'$trapscope' boot"
    cmp -s before after || fail terminal "modes changed by Ctrl-A x"
    (sleep 4) | on_terminal "'$trapscope' boot & sleep 1; kill -TERM \$!; wait"
    cmp -s before after || fail terminal "modes changed by SIGTERM"
    (sleep 4) | on_terminal "'$trapscope' boot & sleep 1; kill -ABRT \$!; wait"
    cmp -s before after || fail terminal "modes changed by SIGABRT"
    (sleep 1; printf 'halt\r'; sleep 2) | on_terminal "'$trapscope' boot"
    cmp -s before after || fail terminal "modes changed by halt"
    cases=$((cases + 4))
}

# Kernels and disks as System/161 has them.
system161() {
    local guests
    guests=$(dirname "$trapscope")/tests/guests
    { printf 'System/161 Disk Image\0'; head -c 99999 /dev/zero | tr '\0' .; } >blank.img
    cp blank.img disk.img
    boot "a disk" 0 --kernel "$guests/mips_disk.elf" --disk disk.img
    printf . | cmp -s - out || fail "a disk" "it said: $(head -c 100 out)"
    cmp -s disk.img <(
        head -c $((512 * 6)) blank.img
        for _ in $(seq 128); do printf disk; done
        tail -c +$((512 * 7 + 1)) blank.img
    ) || fail "a disk" "sector 5 of the image, and nothing else, should have changed"
    cp blank.img disk.img
    boot "a disk for a session" 0 --kernel "$guests/mips_disk.elf" --snapshot --disk disk.img
    cmp -s disk.img blank.img || fail "--snapshot" "the image changed"
    boot "a kernel that waits for the power to go" 0 --kernel "$guests/mips_disk.elf" --snapshot \
        --disk disk.img --record log
    boot "the same again" 0 --kernel "$guests/mips_disk.elf" --snapshot --disk disk.img --replay log

    printf q >script
    for cpus in 1 2 32; do
        in=script boot "$cpus processors" 0 --cpus $cpus --kernel "$guests/turns.elf" --record log
        boot "$cpus processors again" 0 --cpus $cpus --kernel "$guests/turns.elf" --replay log
        boot "$cpus processors saved" 124 --cpus $cpus --kernel "$guests/turns.elf" \
            --insn-limit 1000000 --save saved
        in=script boot "$cpus processors go on" 0 --cpus $cpus --kernel "$guests/turns.elf" \
            --restore saved
    done
    boot "turns of another length" 125 --cpus 32 --quantum 999 --kernel "$guests/turns.elf" --replay log
    err_is "trapscope boot: log: was recorded with --quantum 1000: give it too"
    boot "turns of another length, saved" 125 --cpus 32 --quantum 999 --kernel "$guests/turns.elf" --restore saved
    err_is "trapscope boot: saved: is no saved machine that can go on: its processors took turns of another length: give the --quantum that its first line names"
    boot "fewer processors" 125 --cpus 31 --kernel "$guests/turns.elf" --restore saved
    err_is "trapscope boot: saved: is no saved machine that can go on: it is of another machine: give the same --machine, --mem, --cpus and --disk as when it was saved"
    boot "a kernel that stops itself" 133 --kernel "$guests/mips_disk.elf"
    err_has "the guest asked for the debugger (code 1)"
}

case $group in
streams | statuses | crashes | limits | files | machines | disks | installed | memory | power | \
    records | terminals | system161) $group ;;
*)
    echo "programs.sh: no group $group"
    exit 2
    ;;
esac
echo "$group: $cases cases, $failures failures"
[ $failures = 0 ]
