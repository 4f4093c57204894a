rule:
  la s2, root
  li t0, (0x80000 << 10) | 0xcf
  sd t0, 16(s2)
  li t0, (0x80001 << 10) | 0xcf
  sd t0, 24(s2)
  li t0, (0x80000 << 10) | 0x41
  sd t0, 32(s2)
  li t0, (0x80000 << 10) | 0xc5
  sd t0, 40(s2)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li s8, (1 << 17) | (1 << 11)
  .irp address, 0x80000000, 0xc0000000, 0x100000000, 0x140000000, 0x8000000080000000, 0x4000000000, 0xffffffff80000000
  li s6, \address
  csrs mstatus, s8
  ld t1, (s6)
  li t0, 3 << 11
  csrc mstatus, t0
  .endr
  li t0, 1 << 17
  csrc mstatus, t0
  j end
.balign 4096
root: .zero 4096
