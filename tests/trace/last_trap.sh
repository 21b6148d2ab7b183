#!/usr/bin/env bash
# last_trap.sh TRAPSCOPE: what `trapframe` says of the trap before.
#
# Expected: the frames as `trapframe` shows each of them at its own trap, with nothing written into it
# yet. What the second says of the first is compared with that, word by word, on both machines, in
# the present and in the past.
set -u
trapscope=$1
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failed=0

fail() {
    echo "last_trap: $*"
    failed=1
}

cat >prog.c <<'END'
#include <unistd.h>
int main(void)
{
    close(76); /* errno's page is there from now on: no fault comes between */
    close(77);
    dup(78);
    *(volatile int *)16 = 1;
    return 0;
}
END

# says KEY < REPLY: the value of a member of last_trap.
says() {
    sed -n "s/.*\"last_trap\":{[^}]*\"$1\":\([a-z0-9]*\).*/\1/p"
}

# words KEY < REPLY: "FIELD VALUE" for each word of the frame, VALUE empty where it is no number.
words() {
    grep -o '{"address"[^}]*}' | sed -n "s/.*\"field\":\"\([a-z0-9_]*\)\".*\"$1\":\([0-9]*\).*/\1 \2/p"
}

# same FIRST SECOND: SECOND's frame tells FIRST's by the words that differ.
same() {
    local trap
    words value <"$1" >then
    words value <"$2" >now
    words last <"$2" >last
    paste -d ' ' then now | awk '$1 != $3 { exit 1 } { print $1, ($2 == $4 ? "" : $2) }' >expected ||
        fail "$1 and $2 are not of the same words"
    [ "$(wc -l <expected)" -ge 17 ] || fail "$2 has too few words: $(cat "$2")"
    grep -q ' [0-9]' expected || fail "$1 and $2 are the same"
    diff expected last >wrong || fail "$2 does not tell $1: $(cat wrong)"
    [ "$(says different <"$2")" = "$(grep -c ' [0-9]' expected)" ] || fail "$2: the number of words"
    trap=$(sed 's/.*"program":"[^"]*","tick":\([0-9]*\).*/\1/' "$1")
    [ "$(says tick <"$2")" = "$trap" ] || fail "$2 names another trap than $trap: $(head -c 400 "$2")"
}

for machine in x86 mips; do
    # Into the C code, where all of the frame is stored.
    "$trapscope" debug -batch --machine $machine \
        -ex 'syscall close' -ex 'syscall close' -ex phase -ex phase -ex 'trapframe --json' \
        -ex 'syscall dup' -ex phase -ex phase -ex 'trapframe --json' -ex 'trapframe' \
        -ex 'catch fault' -ex continue -ex phase -ex phase -ex 'trapframe --json' \
        -ex 'reverse-syscall' -ex phase -ex phase -ex 'trapframe --json' prog.c >said 2>err </dev/null
    grep '^{"command":"trapframe"' said >replies
    [ "$(wc -l <replies)" = 4 ] || fail "$machine: $(cat said err)"
    for n in 1 2 3 4; do sed -n "${n}p" replies >"$machine.$n"; done
    same $machine.1 $machine.2
    same $machine.2 $machine.3
    cmp -s $machine.2 $machine.4 || fail "$machine: in the past it is another answer: $(cat $machine.4)"
    grep -q '^last trap of pid [0-9]*: close(77)[-A-Z0-9 =]* at tick [0-9,]*, [0-9,]* before' said ||
        fail "$machine: no line about close: $(cat said)"
    grep -q '"known":true,"what":"dup(78)' $machine.3 || fail "$machine: before the fault: $(cat $machine.3)"
    "$trapscope" show trapframe --machine $machine --syscall dup -o frame.svg prog.c >out 2>err ||
        fail "$machine: $(cat err)"
    grep -q 'last trap: close(77)' frame.svg || fail "$machine: no last trap in the picture"
done

# The first program's first trap: there is none before it, and nothing is said of its words.
for machine in x86 mips; do
    "$trapscope" debug -batch --machine $machine -ex 'catch syscall' -ex continue -ex phase -ex phase \
        -ex trapframe -ex 'trapframe --json' >said 2>err </dev/null
    grep -q '^last trap of pid 1: none' said || fail "$machine: no word that there was none: $(cat said err)"
    grep -q '"last_trap":{"known":false,"why":"none' said || fail "$machine: JSON knows a last trap"
    grep '^{"command":"trapframe"' said | words last | grep -q ' [0-9]' && fail "$machine: a word of no trap"
done

# A process that has slept for longer than is looked back: not known, which is another thing than none.
cat >sleeper.c <<'END'
#include <sys/wait.h>
#include <unistd.h>
int main(void)
{
    if (fork() == 0) {
        for (volatile int i = 0; i < 2500000; i++)
            ;
        return 0;
    }
    int status;
    wait(&status);
    close(77);
    return 0;
}
END
for machine in x86 mips; do
    "$trapscope" debug -batch --machine $machine -ex 'syscall close' -ex phase -ex phase -ex trapframe \
        sleeper.c >said 2>err </dev/null
    grep -q '^last trap of pid [0-9]*: not known: none in the 4 million instructions' said ||
        fail "$machine: of a long sleep: $(cat said err)"
done
exit $failed
