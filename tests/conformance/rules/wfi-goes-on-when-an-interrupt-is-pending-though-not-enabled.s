rule:
  csrw mideleg, zero
  li t0, 0x80
  csrw mie, t0
  li s2, 0x2004000
  li s3, 0x200bff8
  ld t0, (s3)
  li t1, 20000
  add t0, t0, t1
  sd t0, (s2)
  wfi
  csrr t1, mip
  andi t1, t1, 0x80
  show t1
  # And in S mode with SIE clear, for an interrupt of S
  li t0, -1
  sd t0, (s2)
  csrw mie, zero
  li t0, 0x222
  csrw mideleg, t0
  csrwi mie, 2
  csrwi mip, 2
  enter s, 1f
1: wfi
  leave
  csrr t1, mip
  andi t1, t1, 0xa2
  show t1
  j end
