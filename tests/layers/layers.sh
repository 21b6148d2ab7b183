#!/usr/bin/env bash
# Checks that includes point one way: base <- cpu, devices <- machine <- debugger <- gui.
# usage: layers.sh ROOT; prints each include that breaks a rule and exits 1.
set -u
cd "$1" || exit 2
status=0

# rule FOLDER PATTERN: no file of FOLDER may include a header whose path matches PATTERN.
rule() {
    local hits
    hits=$(grep -rnE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[\"<]$2" "$1" \
        --include='*.[chS]' --include='*.inc' --include='*.def' 2>/dev/null)
    if [ -n "$hits" ]; then
        while read -r hit; do
            echo "an arrow points the wrong way: $hit"
        done <<<"$hits"
        status=1
    fi
}

rule emu/base '(emu/(machine|host)|cpu|devices|debugger|guest-os)/'
rule cpu '(emu/(machine|host)|devices|debugger|guest-os)/'
rule devices '(emu/(machine|host)|cpu|debugger|guest-os)/'
rule emu/machine '(emu/host|debugger|guest-os)/'
rule emu/host '(emu/machine|cpu|devices|debugger|guest-os)/'
rule guest-os '(emu|cpu|devices|debugger)/'
rule cpu/x86 'cpu/mips/'
rule cpu/mips 'cpu/x86/'

# What the processors' Linux paths share knows none of them; Turnstile's portable part neither.
rule guest-os/kernel '(arch|abi)/'
rule guest-os/abi/linux/x86 '(arch|abi/linux)/mips/'
rule guest-os/abi/linux/mips '(arch|abi/linux)/x86/'
hits=$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"(arch|abi/linux/(x86|mips))/' guest-os/abi/linux/*.[ch] 2>/dev/null)
if [ -n "$hits" ]; then
    printf 'the shared part of the Linux path knows no processor: %s\n' "$hits"
    status=1
fi

# A processor's own headers are known to the debugger's part about it, and to nobody else there.
rule debugger/x86 '(cpu|debugger)/mips/'
rule debugger/mips '(cpu|debugger)/x86/'
hits=$(grep -rnE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"(cpu|debugger)/(x86|mips)/' debugger 2>/dev/null |
    grep -vE '^debugger/(x86|mips|gui)/')
if [ -n "$hits" ]; then
    printf 'only debugger/x86 and debugger/mips know a processor: %s\n' "$hits"
    status=1
fi

# Of the debugger only the commands that are programs of their own see the host.
hits=$(grep -rlE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"emu/host/' debugger 2>/dev/null |
    grep -vE '^debugger/(main|options|launch|launch_board|launch_paths|launch_program|drive|verdict|cmd_[a-z]+|cli)\.[ch]$|^debugger/(gui|lab)/')
if [ -n "$hits" ]; then
    printf 'only main, options, launch, drive, cmd_*, cli and lab/ may include emu/host/: %s\n' $hits
    status=1
fi
exit $status
