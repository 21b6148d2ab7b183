#!/bin/sh
# damage.sh FSCK IMAGE: images with one word changed are found out, and fsck survives each of them.
set -u
fsck=$1
damaged=$(mktemp)
trap 'rm -f "$damaged"' EXIT
failures=0

# try STATUS OFFSET BYTES: what fsck says of the image with these bytes (octal) at the offset.
try() {
    cp "$image" "$damaged"
    printf "$3" | dd of="$damaged" bs=1 seek="$2" conv=notrunc status=none
    trouble=$("$fsck" "$damaged" 2>&1 >/dev/null) # complaints go to standard output
    got=$?
    if [ $got != "$1" ] || [ -n "$trouble" ]; then
        printf 'FAILED: %s at %s: status %s %s\n' "$3" "$2" $got "$trouble"
        failures=$((failures + 1))
    fi
}

image=$2
wild='\377\377\377\177'
root=$((99 * 512 + 64)) # inode 1 of an image made by mkfs
try 0 0 '\001'            # the boot sector is nobody's
for field in 0 4 8 12 16 20 24 28; do
    try 1 $((512 + field)) "$wild"
done
try 1 1024 "$wild"        # the log's count
try 1 $root '\000\000'    # the root directory's type, ...
try 1 $((root + 6)) "$wild"
try 1 $((root + 8)) "$wild"
try 1 $((root + 12)) "$wild" # ... its first block, ...
try 1 $((root + 12)) '\000\000\000\000'
try 1 $((root + 64 + 56)) "$wild"
try 1 $((root + 64 + 60)) "$wild" # ... and blocks of blocks of the next inode
[ $failures = 0 ]
