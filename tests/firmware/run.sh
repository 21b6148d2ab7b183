#!/bin/sh
# Boots every test sector of this folder and compares what comes out of COM1 with NAME.out.
#
#     run.sh EMULATOR GUEST_DIR [NAME...]
#
# EMULATOR is trapscope or qemu-system-i386; GUEST_DIR holds rom.bin and tools/turnstile-mkflash.
# What a sector prints is checked against the services' published interfaces: the .out files are
# written by hand. NAME.in, where there is one, is typed on COM1.

emulator=$1
guest=$2
shift 2
here=$(dirname "$0")
root=$here/../..
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT INT TERM
failures=0
run="timeout 60"

fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}

# boot ROM-OR-FLASH [DISK [DISK]]: COM1 on standard input and output. QEMU counts time in instructions:
# with the host's time a busy host would make its timer late.
boot() {
    case $emulator in
    *qemu-system-*)
        $run "$emulator" -machine pc -cpu 486 -m 32 -icount shift=3,sleep=off -bios "$1" \
            -nodefaults -vga std -display none -serial stdio \
            -device isa-debug-exit,iobase=0xf4,iosize=4 \
            -fw_cfg name=opt/trapscope/serial-console,string=1 \
            ${2:+-drive file="$2",format=raw,if=ide,index=0} \
            ${3:+-drive file="$3",format=raw,if=ide,index=1}
        ;;
    *) $run "$emulator" boot --mem 32M --bios "$1" ${2:+--disk "$2"} ${3:+--disk "$3"} ;;
    esac
}

assemble() {
    i686-linux-gnu-gcc -m32 -I"$root" -c "$here/$1.S" -o "$work/$1.o"
}

# A disk of 4096 sectors that starts with the test.
make_disk() {
    assemble "$1" &&
        i686-linux-gnu-ld -m elf_i386 -Ttext 0x7c00 --oformat binary \
            -o "$work/$1.img" "$work/$1.o" &&
        truncate -s 2M "$work/$1.img"
}

# compare NAME: $work/NAME.got against the expected output
compare() {
    if diff -a "$work/$1.want" "$work/$1.got"; then
        echo "ok: $1"
    else
        fail "$1"
    fi
}

sector_test() {
    make_disk "$1" || { fail "$1: cannot be assembled"; return; }
    input=/dev/null
    [ -f "$here/$1.in" ] && input=$here/$1.in
    boot "$guest/rom.bin" "$work/$1.img" "$2" <"$input" >"$work/$1.got"
    # QEMU was seen to stand still on a busy host, once in some hundred runs. It is the judge here: ask it again.
    if [ $? = 124 ] && [ "${emulator#*qemu}" != "$emulator" ]; then
        make_disk "$1"
        boot "$guest/rom.bin" "$work/$1.img" "$2" <"$input" >"$work/$1.got"
    fi
    cp "$here/$1.out" "$work/$1.want"
    compare "$1"
}

second_disk_test() {
    printf 'second disk' >"$work/second.img"
    truncate -s 1M "$work/second.img"
    sector_test disks "$work/second.img"
}

# message_test NAME ROM-OR-FLASH: an empty disk; a message, and then nothing more happens.
message_test() {
    truncate -s 2M "$work/empty.img"
    (run="exec $run" && boot "$2" "$work/empty.img") </dev/null >"$work/$1.got" &
    pid=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        sleep 0.3
        grep -q mkflash "$work/$1.got" && break
    done
    kill $pid 2>/dev/null
    wait $pid 2>/dev/null
    cp "$here/$1.out" "$work/$1.want"
    compare "$1"
}

# A flash with the test kernel and a sparse image; $sum is what the kernel must find in it.
make_flash() {
    assemble kernel &&
        i686-linux-gnu-ld -m elf_i386 --no-warn-rwx-segments -z max-page-size=4096 \
            -T "$here/kernel.ld" -o "$work/kernel.elf" "$work/kernel.o" &&
        cc -o "$work/image" "$here/image.c" &&
        sum=$("$work/image" "$work/fs.img") &&
        "$guest/tools/turnstile-mkflash" -c "quiet root=rom" -r "$guest/rom.bin" \
            -o "$work/flash.bin" "$work/kernel.elf" "$work/fs.img"
}

# The multiboot path.
kernel_test() {
    make_flash || { fail "kernel: cannot be built"; return; }
    sed "s/^M SUM\$/$sum/" "$here/kernel.out" >"$work/kernel.want"
    boot "$work/flash.bin" "" </dev/null >"$work/kernel.got"
    compare kernel
}

# The multiboot path when RAM is full of what ran before.
warm_test() {
    make_flash && make_disk warm || { fail "warm: cannot be built"; return; }
    sed "s/^M SUM\$/$sum/" "$here/kernel.out" >"$work/warm.want"
    boot "$work/flash.bin" "$work/warm.img" </dev/null >"$work/warm.got"
    compare warm
}

# One bit of the header is wrong.
damaged_test() {
    make_flash || { fail "damaged: cannot be built"; return; }
    printf '\001' | dd of="$work/flash.bin" bs=1 seek=30 conv=notrunc 2>"$work/dd.log"
    message_test damaged "$work/flash.bin"
}

# What mkflash must refuse, each with one line that names the file.
refused() {
    if "$guest/tools/turnstile-mkflash" -o "$work/refused.bin" "$1" "$2" 2>"$work/refused.log"; then
        fail "mkflash took $1 and $2"
    elif ! grep -q "^mkflash: $work/$3: " "$work/refused.log"; then
        fail "mkflash: $(cat "$work/refused.log")"
    else
        echo "ok: mkflash refuses: $(sed "s|.*/||" "$work/refused.log")"
    fi
}

mkflash_test() {
    make_flash || { fail "mkflash: cannot build"; return; }
    head -c 60 "$work/kernel.elf" >"$work/short.elf"
    head -c 4200 "$work/kernel.elf" >"$work/cut.elf"
    head -c 1000 "$work/fs.img" >"$work/odd.img"
    : >"$work/empty.elf"
    refused "$work/fs.img" "$work/fs.img" fs.img
    refused "$work/short.elf" "$work/fs.img" short.elf
    refused "$work/cut.elf" "$work/fs.img" cut.elf
    refused "$work/empty.elf" "$work/fs.img" empty.elf
    refused "$work/kernel.elf" "$work/odd.img" odd.img
    refused "$work/kernel.elf" "$work/absent.img" absent.img
}

flash_tests="kernel warm damaged mkflash" # what trapscope boot has no option for
all="state video disk disks memory keyboard time serial fault reset console nothing $flash_tests"
[ $# -gt 0 ] || set -- $all
for name; do
    case $name in
    disks) second_disk_test ;;
    nothing) message_test nothing "$guest/rom.bin" ;;
    kernel) kernel_test ;;
    warm) warm_test ;;
    damaged) damaged_test ;;
    mkflash) mkflash_test ;;
    *) sector_test "$name" ;;
    esac
done
[ $failures -eq 0 ]
