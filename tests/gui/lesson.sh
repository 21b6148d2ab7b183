#!/usr/bin/env bash
# lesson.sh TRAPSCOPE CHROMIUM HERE: a lesson in a browser: next, back, slider, keys, quiz; and a hostile
# program's text that stays text.
set -u
trapscope=$1
chromium=$2
here=$3
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
failed=0

fail() {
    echo "lesson: $*"
    failed=1
}

# in_browser FILE: its document after its scripts have run.
in_browser() {
    timeout 90 "$chromium" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run \
        --disable-background-networking --disable-component-update --disable-sync \
        --user-data-dir="$folder/profile" --dump-dom "file://$folder/$1" 2>browser.err
}

cat >hostile.c <<'END'
#include <unistd.h>
int main(void)
{
    char text[] = "</script><img src=x onerror=window.hacked=1><script>window.hacked=1</script>\033\377";
    write(1, text, 24);
    close(77);
    __asm__ volatile("int $0x41");
    return 0;
}
END

"$trapscope" record-html -o lesson.html hostile.c >out 2>err || fail "status $? $(cat out err)"
[ -s out ] && fail "standard output: $(cat out)"
# Nothing is fetched: no address of anywhere but XML's own names.
grep -oE '(https?:)?//[a-z][a-z0-9.]+' lesson.html | grep -vF 'http://www.w3.org' && fail "it names another place"
grep -q "default-src 'none'" lesson.html || fail "it may fetch"

cat lesson.html "$here/lesson_drive.html" >driven.html
in_browser driven.html >dom || fail "the browser: $(tail -3 browser.err)"
sed -n '/<pre id="out">/,/<\/pre>/p' dom | sed 's/.*<pre id="out">//; s/<\/pre>.*//' >said
[ -s said ] || fail "the lesson's script did not run: $(tail -3 browser.err)"

# says PATTERN: a line of what was written down.
says() { grep -qE "$1" said || fail "no '$1' in: $(cat said)"; }

says '^start \| 1 of [0-9]+ \| write: .*call number 16'
says '^next \| 2 of [0-9]+ \| int \$0x40'
says '^next \| 3 of [0-9]+ \| vector in IDT: last byte 207'
says '^previous \| 2 of '
says '^ArrowRight \| 3 of '
says '^ArrowLeft \| 2 of '
says '^PageDown \| 3 of [0-9]+ \| vector in IDT'
says '^PageUp \| 1 of '
says '^End \| ([0-9]+) of \1 \| CPL := CS.RPL: 0 → 3'
says '^kernel words \| 1[0-9]$'
says '^Home \| 1 of '
says '^slide \| 7 of [0-9]+ \| gate.DPL &gt;= CPL: gate.DPL 3 &gt;= CPL 3.* \| open$'
says '^quiz \| 7 of [0-9]+ \| gate.DPL &gt;= CPL: \?.* \| covered$'
says '^reveal \| 7 of [0-9]+ \| gate.DPL &gt;= CPL: gate.DPL 3.* \| open$'
says '^chapter \| 1 of [0-9]+ \| close: '
says '^chapters \| [34]$'
says '^script of the guest \| did not run$'
steps=$(sed -n 's/^steps as text | //p' said)
[ "${steps:-0}" -gt 60 ] || fail "only ${steps:-0} steps as text"

# Only the fault: refused, with its reason.
"$trapscope" record-html --fault --palette dark -o fault.html hostile.c >out 2>err || fail "fault: $(cat err)"
grep -q 'not true: gate.DPL 0' fault.html || fail "the fault has no reason"

# Mistakes are one line and leave nothing.
"$trapscope" record-html --syscall fork -o none.html hostile.c >out 2>err && fail "fork was found"
grep -q 'never calls fork' err || fail "fork: $(cat err)"
[ -e none.html ] && fail "an empty lesson was left"
"$trapscope" record-html hostile.c >out 2>err && fail "no file was needed"
[ "$(wc -l <err)" = 1 ] || fail "no file: $(cat err)"
"$trapscope" record-html -o /nowhere/l.html hostile.c >out 2>err && fail "/nowhere was written"
exit $failed
