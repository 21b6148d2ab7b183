#!/usr/bin/env bash
# trace.sh TRAPSCOPE: what `trapscope trace` says of a program that is written here.
#
# Expected: the arguments in the program's text, its results, and the i486's published clocks: 71 for
# INT n to an inner ring, 36 for IRET to an outer one.
set -u
trapscope=$1
scratch=$(mktemp -d) || exit 2
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 2
failed=0

fail() {
    echo "trace: $*"
    failed=1
}

cat >prog.c <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
    char buffer[8];
    write(1, "one\n", 4);
    open("/no such file", O_RDONLY);
    read(0, buffer, 5);
    write(1, (char *)0x40, 2);
    return 3;
}
END

printf 'a"b\001\377' | "$trapscope" trace --format json --steps -o calls prog.c >out 2>err
status=$?
[ $status -eq 3 ] || fail "exit status $status, not the program's 3: $(cat err)"
[ "$(cat out)" = one ] || fail "with -o the program's output is '$(cat out)'"

# has N TEXT: line N of the trace contains TEXT.
has() {
    sed -n "$1p" calls | grep -qF -- "$2" || fail "line $1 has no $2: $(sed -n "$1p" calls | head -c 60)"
}
has 1 '"name":"write"'
has 1 '"value":"one\n"'
has 1 '"result":4'
has 1 '"vector":64'
has 1 '"program":"prog"'
has 2 '"name":"open"'
has 2 '"value":"/no such file"'
has 2 '"result":-1'
has 2 '"error":"ENOENT"'
has 3 '"value":"a\"b\u0001ÿ"'
has 3 '"result":5'
has 4 '"error":"EFAULT"'
has 4 '"raw":64'
has 5 '"name":"exit"'
has 5 '"result":null'
[ "$(wc -l <calls)" -eq 5 ] || fail "$(wc -l <calls) lines for five calls"
for line in 1 2 3 4; do
    for phase in user gate save trap dispatch handler restore return; do
        has $line "\"phase\":\"$phase\""
    done
    sed -n "${line}p" calls | grep -q '"phase":"gate"[^}]*"ticks":71}' || fail "line $line: gate"
    sed -n "${line}p" calls | grep -q '"phase":"return"[^}]*"ticks":36}' || fail "line $line: return"
    # The stub is not part of the trap; all other phases are.
    sum=$(sed -n "${line}p" calls | grep -o '"phase":"[a-z]*"[^}]*"ticks":[0-9]*' |
        grep -v '"user"' | awk -F: '{n += $NF} END {print n}')
    total=$(sed -n "${line}p" calls | grep -o '"end":"returned","ticks":[0-9]*' | grep -o '[0-9]*$')
    [ "$sum" = "$total" ] || fail "line $line: phases add up to $sum, the call took $total"
    has $line '"trapframe":{"edi"'
    has $line '"step":"GATE_DPL"'
done

"$trapscope" trace echo hi >text 2>err || fail "echo: $(cat err)"
[ "$(cat err)" = hi ] || fail "without -o the program's output goes to standard error: '$(cat err)'"
grep -q 'write(1, "hi\\n", 3) = 3' text || fail "text: $(cat text)"

"$trapscope" trace --format xml echo 2>err
[ $? -eq 125 ] || fail "an unknown format was taken"
grep -q '^trapscope trace: --format xml: ' err || fail "unknown format: $(cat err)"
"$trapscope" trace -o /no/such/folder/file echo 2>err
[ $? -eq 125 ] || fail "an impossible output file was taken"
# For Perfetto's viewer: one object, a track with the program's name, its calls and their phases.
"$trapscope" trace --format perfetto -o slices prog.c </dev/null >out 2>err
[ "$(head -c 1 slices)" = "{" ] && [ "$(tail -n 1 slices)" = "]}" ] || fail "perfetto: $(head -c 80 slices)"
for word in '"name":"process_name","args":{"name":"prog"}' '"cat":"trap","name":"open"' '"cat":"phase","name":"gate"' \
    '"call":"open(\"/no such file\", 0) = -1 ENOENT"'; do
    grep -qF -- "$word" slices || fail "perfetto: no $word"
done
[ "$(grep -c '"name":"gate".*"dur":71,' slices)" -ge 4 ] || fail "perfetto: the gates do not take 71 ticks"

exit $failed
