#!/bin/bash
# perfetto.sh TRAPSCOPE CHECK: what `trace --format perfetto` writes keeps the rules of the Trace Event Format, whatever runs:
# calls that sleep, processes that end and are killed, faults, interrupts, both machines; and the check can fail.
set -u
trapscope=$(realpath "$1") check=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
fail() { echo "perfetto: $*"; failed=1; }

cat >busy.c <<'END'
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
int main(void)
{
    int p[2];
    char b[8];
    pipe(p);
    if (fork() == 0) {
        read(p[0], b, 5); /* sleeps, and others run */
        write(1, b, 5);
        *(volatile int *)0 = 1; /* is killed */
    }
    for (volatile int i = 0; i < 2000000; i++) /* is interrupted */
        ;
    write(p[1], "hello", 5);
    open("/nope", O_RDONLY);
    return 0;
}
END
for machine in x86 mips; do
    "$trapscope" trace --machine $machine --format perfetto -o slices busy.c >said 2>err
    traps=$("$check" slices) || fail "$machine: $traps"
    "$trapscope" trace --machine $machine --format json -o lines busy.c >said 2>err
    calls=$(grep -c '"end":' lines)
    [ "${traps:-0}" -ge "$calls" ] && [ "$calls" -ge 7 ] || fail "$machine: $calls calls, but $traps traps"
done
echo 'ls | wc; cat /README | wc; (sleep 1; echo x) & wait; kill -9 $$' |
    "$trapscope" trace --format perfetto -o slices sh >said 2>err
traps=$("$check" slices) || fail "sh: $traps"
[ "${traps:-0}" -gt 100 ] || fail "sh: only $traps traps"
# Cut off in the middle of a call.
"$trapscope" trace --insn-limit 1300000 --format perfetto -o slices busy.c >said 2>err
"$check" slices >said || fail "cut off: $(cat said)"

# It sees what is wrong.
wrong() {
    sed "$2" slices >bent
    cmp -s slices bent && fail "nothing to bend for: $1"
    "$check" bent >said 2>&1 && fail "the check passes $1"
}
wrong 'a slice that ends behind the one around it' '/"name":"handler"/s/"dur":/"dur":9/'
wrong 'a track without a name' '/"process_name"/d'
wrong 'a time that is none' '/"name":"gate"/s/"ts":/"ts":-/'
wrong 'an unknown kind of event' '0,/"ph":"X"/s//"ph":"Y"/'
wrong 'half a file' '$d'
exit $failed
