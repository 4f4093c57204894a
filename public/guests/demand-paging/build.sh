#!/bin/sh
# Builds demand-paging.elf with the bare-metal GNU tools (Debian: gcc-riscv64-unknown-elf).
set -eu
cd "$(dirname "$0")"
riscv64-unknown-elf-gcc -march=rv64ima_zicsr_zifencei -mabi=lp64 -mcmodel=medany -O2 -Wall -Wextra -ffreestanding -fno-tree-loop-distribute-patterns \
  -nostdlib -static -Wl,-T,kernel.ld -Wl,--build-id=none -Wl,-z,max-page-size=4096 -o demand-paging.elf start.S kernel.c
