rule:
  la s2, root
  la s3, a
  la s4, b
  la s5, middle
  la s6, last
  srli t0, s5, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  srli t0, s6, 2
  ori t0, t0, 1
  sd t0, (s5)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
.macro get page
  srli t0, \page, 2
  ori t0, t0, 0xcf
  sd t0, (s6)
  sfence.vma
  li s7, 0x40000000
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  ld t1, (s7)
  li t0, 1 << 17
  csrc mstatus, t0
  show t1
.endm
  get s3
  get s4
  get s3
  # A superpage in the place of the table
  li t0, (0x80000 << 10) | 0xcf
  sd t0, (s5)
  li s7, 0x40000000
  sfence.vma s7, zero
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  lw t1, (s7)
  li t0, 1 << 17
  csrc mstatus, t0
  li t0, 0x80000000
  lw t2, (t0)
  sub t1, t1, t2
  show t1
  # Another ASID with another root
  la t0, other
  srli t0, t0, 12
  li t1, (8 << 60) | (5 << 44)
  or t0, t0, t1
  csrw satp, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  lw t1, (s7)
  li t0, 1 << 17
  csrc mstatus, t0
  j end
.balign 4096
a: .dword 0xaaaa
.balign 4096
b: .dword 0xbbbb
.balign 4096
root: .zero 4096
middle: .zero 4096
last: .zero 4096
other: .zero 4096
