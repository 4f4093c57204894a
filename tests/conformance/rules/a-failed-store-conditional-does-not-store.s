rule:
  la s2, data
  li t2, 0x77
  # Without a reservation
  sc.d t1, t2, (s2)
  show t1
  ld t1, (s2)
  show t1
  # To another place
  lr.d t1, (s2)
  addi s3, s2, 64
  sc.d t1, t2, (s3)
  show t1
  ld t1, (s3)
  show t1
  # A store conditional ends the reservation, also when it fails.
  sc.d t1, t2, (s2)
  show t1
  # One that succeeds, and then a second one
  lr.w t1, (s2)
  show t1
  sc.w t1, t2, (s2)
  show t1
  ld t1, (s2)
  show t1
  sc.w t1, t2, (s2)
  show t1
  j end
.balign 64
data: .dword -2
  .zero 56
  .dword -3
