#!/usr/bin/env bash
# docs.sh TRAPSCOPE ROOT: the documents name every subcommand, option and debugger command there is, and
# none that is not.
set -u
trapscope=$1
root=$2
failed=0

fail() {
    echo "docs: $*"
    failed=1
}

page=$(sed 's/\\-/-/g; s/\\f[A-Z]//g' "$root/docs/trapscope.1")
options=$(for command in boot run trace compare paths show record-html debug lab gui; do
    "$trapscope" $command --help | grep -oE '^  --?[a-z-]+' | tr -d ' '
done | sort -u)
for option in $options; do
    grep -qE -- "(^|[^a-z-])$option([^a-z-]|\$)" <<<"$page" || fail "docs/trapscope.1 has no $option"
done
for option in $(grep -oE '(^|[ "])--[a-z0-9-]+' <<<"$page" | tr -d ' "' | sort -u); do
    case $option in
    --version | --xv6 | --posix) ;;
    *) grep -qxF -- "$option" <<<"$options" || fail "docs/trapscope.1 has $option, the command has not" ;;
    esac
done

commands=$({ "$trapscope" debug -batch -ex help && "$trapscope" debug --machine mips -batch -ex help; } | grep -oE '^  [a-z-]+( [a-z-]+)?' | sed 's/^  //; s/ *$//')
[ "$(wc -l <<<"$commands")" -gt 50 ] || fail "help lists only: $commands"
while read -r command; do
    words=${command#info }
    grep -qE "(^|[^a-z-])${words// /.*}([^a-z-]|\$)" "$root/docs/debugger.md" ||
        fail "docs/debugger.md has no $command"
done <<<"$commands"

# Every command line that the README shows begins with something that exists.
for word in $(grep -oE 'trapscope [a-z-]+' "$root/README.md" | cut -d' ' -f2 | sort -u); do
    "$trapscope" "$word" --help >/dev/null 2>&1 || fail "README.md shows trapscope $word"
done
for link in $(grep -ohE '\]\([a-zA-Z0-9/._-]+' "$root"/README.md | cut -c3-); do
    [ -e "$root/$link" ] || fail "README.md links to $link"
done
for link in $(grep -ohE '\]\([a-zA-Z0-9/._-]+' "$root"/docs/*.md | cut -c3-); do
    [ -e "$root/docs/$link" ] || fail "docs link to $link"
done
# A picture of every pane.
for pane in $(sed -n 's/^PANE("\([a-z]*\)".*/\1/p' "$root/debugger/gui/panes.def"); do
    grep -qF "](pictures/pane-$pane.png)" "$root/docs/window.md" || fail "docs/window.md has no picture of $pane"
done
exit $failed
