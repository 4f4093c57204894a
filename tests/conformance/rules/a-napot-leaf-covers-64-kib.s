# Svnapot: N = 1 with ppn[3:0] = 8 covers 64 KiB; any other low bits, and N above the last level, are reserved.
rule:
  la s2, root
  la s3, middle
  la s4, last
  la s5, data
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  srli t0, s4, 2
  ori t0, t0, 1
  sd t0, (s3)
  li s6, 1 << 63
  # The first 64 KiB: good. Sixteen entries, each the same.
  srli t0, s5, 2
  li t1, (8 << 10) | 0xcf
  or t0, t0, t1
  or t0, t0, s6
  li t2, 16
  mv t3, s4
1: sd t0, (t3)
  addi t3, t3, 8
  addi t2, t2, -1
  bnez t2, 1b
  # The next ones: reserved
  srli t0, s5, 2
  li t1, (4 << 10) | 0xcf
  or t0, t0, t1
  or t0, t0, s6
  sd t0, 128(s4)
  srli t0, s5, 2
  li t1, 0xcf
  or t0, t0, t1
  or t0, t0, s6
  sd t0, 136(s4)
  li t0, 0x200000cf
  or t0, t0, s6
  sd t0, 8(s3)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
.macro get address
  li s7, \address
  li t1, -1
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  ld t1, (s7)
  li t0, 1 << 17
  csrc mstatus, t0
  show t1
.endm
  get 0x40000000
  get 0x40001000
  get 0x40002008
  get 0x4000f000
  get 0x40010000
  get 0x40011000
  get 0x40200000
  j end
.balign 65536
data: .dword 0x100
  .zero 4088
  .dword 0x101
  .zero 4088
  .dword 0x102, 0x1020
  .zero 0xd000 - 16
  .dword 0x10f
  .zero 4088
root: .zero 4096
middle: .zero 4096
last: .zero 4096
