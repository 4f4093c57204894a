#!/bin/sh
# Builds floating-point.elf with the bare-metal GNU tools (Debian: gcc-riscv64-unknown-elf): compressed instructions, hardware floating point.
set -eu
cd "$(dirname "$0")"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
for source in start.S kernel.c user.c; do
  riscv64-unknown-elf-gcc -march=rv64gc -mabi=lp64d -mcmodel=medany -O2 -Wall -Wextra -ffreestanding -fno-tree-loop-distribute-patterns -c -o "$objects/${source%.*}.o" "$source"
done
riscv64-unknown-elf-gcc -march=rv64gc -mabi=lp64d -nostdlib -static -Wl,-T,kernel.ld -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,--no-warn-rwx-segments \
  -o floating-point.elf "$objects/start.o" "$objects/kernel.o" "$objects/user.o"
riscv64-unknown-elf-strip --strip-debug floating-point.elf
