#!/bin/sh
# Records what GNU as and ld make of every source here and of the guests in public/guests: the symbols with their addresses, then each
# section that is not empty with its address, its size and its bytes (all in hex; .bss has none). Run it by hand after changing a source; it needs the
# riscv64-unknown-elf binutils (recorded with 2.40). Relaxation is off: this assembler has no linker that shortens code.
set -eu
cd "$(dirname "$0")"
tools=${TOOLS:-riscv64-unknown-elf}
scratch=$(mktemp -d)
trap 'rm -r "$scratch"' EXIT
mkdir -p recorded
for source in *.s ../../../public/guests/*.s; do
  name=$(basename "$source" .s)
  # The compressed instructions are written out one by one, so nothing else is compressed.
  case $name in compressed) arch=rv64imafdc_zicsr_zifencei ;; *) arch=rv64imafdh_zicsr_zifencei_zihintpause_zicbom_zicboz_zba_zbb_zbs_svinval ;; esac
  "$tools-as" -march="$arch" -mabi=lp64 -mpriv-spec=1.12 -mno-relax -o "$scratch/$name.o" "$source"
  "$tools-ld" --no-warn-rwx-segments --no-relax -T layout.ld -o "$scratch/$name.elf" "$scratch/$name.o"
  {
    "$tools-nm" "$scratch/$name.elf" | awk '$2 ~ /^[TtRrDdBb]$/ && $3 !~ /^(__|\.L|\$)/ { print "symbol", $3, $1 }' | LC_ALL=C sort
    "$tools-objdump" -h "$scratch/$name.elf" | awk '$1 ~ /^[0-9]+$/ && $2 !~ /^\.(riscv\.attributes|comment|debug)/ && $3 !~ /^0+$/ { print $2, $4, $3 }' |
      while read -r section address size; do
        echo "section $section $address $size"
        case $section in .bss) continue ;; esac
        "$tools-objcopy" -O binary --only-section="$section" --set-section-flags "$section=alloc,load,contents" "$scratch/$name.elf" "$scratch/bytes"
        od -An -v -tx1 -w32 "$scratch/bytes" | tr -d ' '
      done
  } > "recorded/$name.txt"
done
