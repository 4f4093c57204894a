rule:
  li t0, (8 << 60) | (0x5a5a << 44) | 0x80123
  csrw satp, t0
  csrr t1, satp
  show t1
.irp mode, 1, 2, 7, 11, 15
  li t0, (\mode << 60) | 0x80456
  csrw satp, t0
  csrr t1, satp
  show t1
.endr
  csrw satp, zero
  csrr t1, satp
  show t1
  li t0, (9 << 60) | (0xffff << 44) | 0xfffffffffff
  csrw satp, t0
  csrr t1, satp
  show t1
  csrw satp, zero
  j end
