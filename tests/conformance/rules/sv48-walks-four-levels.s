rule:
  la s2, data
  srli t0, s2, 12
  # The gigabyte of RAM at 0x4000_0000_0000, a page of 4 KiB at 0x4000_4000_0000, 512 GiB (a leaf of the root) at 0x80_0000_0000.
  la s3, root
  la s4, third
  la s5, second
  la s6, first
  srli t0, s4, 2
  ori t0, t0, 1
  li t1, 128 * 8
  add t1, t1, s3
  sd t0, (t1)
  li t0, (0x80000 << 10) | 0xcf
  sd t0, (s4)
  srli t0, s5, 2
  ori t0, t0, 1
  sd t0, 8(s4)
  srli t0, s6, 2
  ori t0, t0, 1
  sd t0, (s5)
  srli t0, s2, 2
  ori t0, t0, 0xc7
  sd t0, (s6)
  li t0, 0xcf
  sd t0, 8(s3)
  srli t0, s3, 12
  li t1, 9 << 60
  or t0, t0, t1
  csrw satp, t0
  csrr t1, satp
  xor t1, t1, t0
  show t1
  sfence.vma
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  li s7, 0x400040000000
  ld s8, (s7)
  li s7, 0x400000000000
  li t0, 0x7fffffff
  and t0, t0, s2
  add s7, s7, t0
  ld s9, (s7)
  li s7, 0x8000000000
  add s7, s7, s2
  ld s10, (s7)
  li t0, 1 << 17
  csrc mstatus, t0
  show s8
  show s9
  show s10
  # Not there at each level, and an address that is not canonical
.macro miss address
  li s7, \address
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  ld t1, (s7)
  li t0, 1 << 17
  csrc mstatus, t0
.endm
  miss 0
  miss 0x400080000000
  miss 0x400040200000
  miss 0x400040001000
  miss 0x800000000000
  miss 0xffff000000000000
  miss 0xffff800000000000
  miss 0x400040001000
  j end
.balign 4096
data: .dword 0x5eed
.balign 4096
root: .zero 4096
third: .zero 4096
second: .zero 4096
first: .zero 4096
