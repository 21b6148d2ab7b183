#!/usr/bin/env bash
# make.sh TRAPSCOPE [FOLDER]: makes the pictures that the documents show, with the program itself.
set -euo pipefail
trapscope=$1
here=$(cd "$(dirname "$0")" && pwd)
out=${2:-$here}
cd "$here"

say() { printf 'pictures: %s\n' "$*" >&2; }

# Slides: one moment as a picture.
for what in journey trapframe idt gdt walk dispatch timeline; do
    say "$what"
    "$trapscope" show "$what" -o "$out/$what.svg" hello.c 2>/dev/null
done
say "fault, MIPS, pipeline"
"$trapscope" show journey -o "$out/fault.svg" gate.c 2>/dev/null
"$trapscope" show journey --machine mips -o "$out/journey-mips.svg" hello.c 2>/dev/null
"$trapscope" show journey --machine mips -o "$out/fault-mips.svg" null.c 2>/dev/null
"$trapscope" show pipeline --machine mips -o "$out/pipeline.svg" hello.c 2>/dev/null

say "paths"
"$trapscope" show paths -o "$out/paths.svg" --syscall open hello.c 2>/dev/null </dev/null

# The window in the middle of a delivery, and each of its panes by itself, at a moment that it has something to
# say about.
window() {
    local file=$1
    shift
    "$trapscope" gui -batch "$@" -ex "picture $out/$file" hello.c >/dev/null 2>&1
}
panes=$(sed -n 's/^PANE("\([a-z]*\)".*/\1/p' "$here/../../debugger/gui/panes.def")
for pane in $panes; do
    say "pane $pane"
    case $pane in
    frames | trapframe | code | stack) moment=(-ex 'break sys_write' -ex continue) ;;
    console) moment=(-ex next) ;;
    memory) moment=(-ex syscall -ex 'cycle 33' -ex 'memory $esp-256') ;;
    *) moment=(-ex syscall -ex 'cycle 33') ;;
    esac
    window "pane-$pane.png" "${moment[@]}" -ex "pane $pane" -ex zoom
done
say "window"
window window.png -ex syscall -ex 'cycle 33'
window window-mips.png --machine mips -ex syscall -ex 'cycle 4'
