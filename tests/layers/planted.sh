#!/usr/bin/env bash
# Shows that layers.sh can fail: each planted violation must be found, a clean tree must pass.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tree=$(mktemp -d) || exit 2
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree"/{emu/base,emu/machine,emu/host,cpu/x86,cpu/mips,devices,debugger,guest-os/{kernel,abi/linux/{x86,mips}},debugger/x86,debugger/mips}

"$here/layers.sh" "$tree" >/dev/null || { echo "a clean tree was refused"; exit 1; }

plant() {
    printf '#include "%s"\n' "$2" >"$tree/$1"
    if "$here/layers.sh" "$tree" >/dev/null; then
        echo "not found: $1 including $2"
        exit 1
    fi
    rm "$tree/$1"
}
plant emu/base/a.h cpu/cpu.h
plant cpu/x86/a.c devices/ide.h
plant cpu/x86/a.inc cpu/mips/mips.h
plant devices/a.c cpu/cpu.h
plant emu/machine/a.c debugger/session.h
plant emu/machine/a.c emu/host/terminal.h
plant debugger/session.c emu/host/terminal.h
plant debugger/session.c cpu/x86/trap.h
plant debugger/mips/a.c debugger/x86/tables.h
plant guest-os/a.c emu/base/bus.h
plant guest-os/kernel/a.c abi/linux/linux.h
plant guest-os/abi/linux/a.c arch/x86/x86.h
plant guest-os/abi/linux/mips/a.c arch/x86/x86.h
