#!/usr/bin/env bash
# labs.sh TRAPSCOPE ROOT LAB GROUP: a student who works through a lab's sheet: all of it, with one edit left out, or with
# one made wrongly. What is written comes out of the sheet itself: its code blocks in their order.
set -u
trapscope=$1
lab=$3
group=$4
here=$(cd "$(dirname "$0")" && pwd)
sheet=$2/docs/labs/$lab.md
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 2
failures=0

fail() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# block N: the sheet's N-th code block.
block() {
    awk -v wanted="$1" '/^```c$/ { n++; inside = 1; next } /^```$/ { inside = 0 } inside && n == wanted' "$sheet"
}

# behind FILE PATTERN N: block N goes behind the last line of FILE that matches; in_front: before the first.
behind() {
    local line
    line=$(grep -n -- "$2" "copy/$1" | tail -1 | cut -d: -f1)
    [ -n "$line" ] || fail "$1 has no line like $2"
    block "$3" >text
    [ -s text ] || fail "the sheet has no block $3"
    sed -i "${line}r text" "copy/$1"
}

in_front() {
    local line
    line=$(grep -n -- "$2" "copy/$1" | head -1 | cut -d: -f1)
    [ -n "$line" ] || fail "$1 has no line like $2"
    block "$3" >text
    [ -s text ] || fail "the sheet has no block $3"
    sed -i "$((line - 1))r text" "copy/$1"
}

# begin [EDIT]: a fresh copy with all of the lab's edits but one.
begin() {
    rm -rf copy
    "$trapscope" lab start "$lab" copy >/dev/null || fail "lab start $lab"
    local edit
    for edit in $edits; do
        [ "$edit" = "${1:-}" ] || "edit_$edit"
    done
}

# check STATUS [JQ-LIKE LINES]: the check ends so; its answer is in `answer`, one site a line: "number done".
check() {
    "$trapscope" lab check copy --json --results results.json >json 2>err
    local status=$?
    [ $status = "$1" ] || { fail "status $status, not $1"; cat json err; }
    answer=$(tr '{' '\n' <json | sed -n 's/^"site":"\([^"]*\)","state":"\([^"]*\)".*/\1 \2/p')
    grep -q '"tests": \[' results.json || fail "no results.json"
}

# only SITE STATE: that site is so, and all others are done.
only() {
    local wrong
    wrong=$(grep -v ' done$' <<<"$answer")
    [ "$wrong" = "$1 $2" ] || { fail "$3: found: ${wrong//$'\n'/, }; not: $1 $2"; cat json; }
}

# seen TEXT: stands somewhere in the answer.
seen() {
    grep -qF -- "$1" json || { fail "nothing says: $1"; cat json; }
}

source "$here/$lab.sh"

case $group in
all)
    begin
    check 0
    [ -z "$(grep -v ' done$' <<<"$answer")" ] || fail "not done: $answer"
    score=$(sed -n 's/^  "score": \([0-9]*\)\..*/\1/p' results.json)
    [ "$score" = "$(wc -l <<<"$answer")" ] || fail "score $score of $(wc -l <<<"$answer")"
    "$trapscope" lab check copy >text || fail "as text"
    grep -q 'the call works' text || fail "text: $(cat text)"
    built
    # A fresh copy builds, boots, and lacks everything.
    rm -rf copy && "$trapscope" lab start "$lab" copy >/dev/null
    check 1
    [ -z "$(grep -v ' missing$' <<<"$answer" | grep -vE "^(${present:-nothing}) done\$")" ] || fail "fresh: $answer"
    grep -q '"problem":null' json || { fail "a fresh copy does not run"; cat json; }
    ;;
left-out)
    for edit in $edits; do
        begin "$edit"
        check 1
        left_out "$edit"
    done
    ;;
wrong) wrong ;;
esac
[ $failures = 0 ] || exit 1
