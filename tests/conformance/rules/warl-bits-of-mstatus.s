# QEMU 7.2 has VS without V, any UXL, and keeps 2 in MPP, a mode that does not exist (3.1.6). What it prints here:
rule:
  li s3, (1 << 63) | (3 << 13)
.irp value, 0, 0x2, 0x8, 0x20, 0x80, 0x100, 0x1800, 0x800, 0x6000, 0x4000, 0x20000, 0x40000, 0x80000, 0x100000, 0x200000, 0x400000, 0x8000000000, -1
  li t0, \value
  csrw mstatus, t0
  csrr t1, mstatus
  li t0, 0x3 << 38
  not t0, t0
  and t1, t1, t0
  show t1
  csrr t1, sstatus
  show t1
  csrw mstatus, zero
.endr
  # sstatus changes its own bits only.
  li t0, -1
  csrw sstatus, t0
  csrr t1, mstatus
  show t1
  csrw sstatus, zero
  csrr t1, mstatus
  show t1
  # MPP holds what exists: 2 does not.
  li t0, 3 << 11
  csrs mstatus, t0
  li t0, 1 << 11
  csrc mstatus, t0
  csrr t1, mstatus
  srli t1, t1, 11
  andi t1, t1, 3
  li t0, 2
  sub t1, t1, t0
  snez t1, t1
  show t1
  j end
# expect: 0000000a00000000
# expect: 0000000200000000
# expect: 0000000a00000002
# expect: 0000000200000002
# expect: 0000000a00000008
# expect: 0000000200000000
# expect: 0000000a00000020
# expect: 0000000200000020
# expect: 0000000a00000080
# expect: 0000000200000000
# expect: 0000000a00000100
# expect: 0000000200000100
# expect: 0000000a00001800
# expect: 0000000200000000
# expect: 0000000a00000800
# expect: 0000000200000000
# expect: 8000000a00006000
# expect: 8000000200006000
# expect: 0000000a00004000
# expect: 0000000200004000
# expect: 0000000a00020000
# expect: 0000000200000000
# expect: 0000000a00040000
# expect: 0000000200040000
# expect: 0000000a00080000
# expect: 0000000200080000
# expect: 0000000a00100000
# expect: 0000000200000000
# expect: 0000000a00200000
# expect: 0000000200000000
# expect: 0000000a00400000
# expect: 0000000200000000
# expect: 0000000a00000000
# expect: 0000000200000000
# expect: 8000000a007e79aa
# expect: 80000002000c6122
# expect: 8000000a000c6122
# expect: 0000000a00000000
# expect: 0000000000000001
