rule:
  li s2, 0x2000000
  li s3, 0x2004000
  li t0, -1
  sd t0, (s3)
  csrr t1, mip
  show t1
  li t0, 1
  sw t0, (s2)
  csrr t1, mip
  show t1
  li t0, -2
  sw t0, (s2)
  csrr t1, mip
  show t1
  lw t1, (s2)
  show t1
  sd zero, (s3)
  csrr t1, mip
  show t1
  # In two halves
  li t0, -1
  sw t0, 4(s3)
  csrr t1, mip
  show t1
  ld t1, (s3)
  show t1
  # M cannot write MTIP, MSIP or MEIP.
  li t0, 0x888
  csrw mip, t0
  csrr t1, mip
  show t1
  li t0, 0x80
  csrw mie, t0
  csrsi mstatus, 8
  sd zero, (s3)
  li t2, 100
1: addi t2, t2, -1
  bnez t2, 1b
  csrci mstatus, 8
  csrr t1, mie
  show t1
  j end
