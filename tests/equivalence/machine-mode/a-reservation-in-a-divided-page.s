# lr and sc in a page that a protected region divides, and on a device that one ends in: the VMM carries them out, and a reservation is one and the same.
rule:
  csrw pmpcfg0, zero
  la s2, data
  addi t0, s2, 0x100
  srli t0, t0, 2
  csrw pmpaddr0, t0
  # The upper half of mtimecmp.
  li t0, 0x2004004
  srli t0, t0, 2
  csrw pmpaddr1, t0
  li t0, -1
  csrw pmpaddr2, t0
  li t0, 0x1f1010
  csrw pmpcfg0, t0
  la s3, elsewhere
  enter s, 1f
1:
  li t1, 0x1234
  addi t3, s2, 0x108
  lr.d t2, (t3)
  sc.d t4, t1, (t3)
  show t4
  sc.d t4, t1, (t3)
  show t4
  # Reserved in the divided page, used up in another one; and the other way.
  lr.d t2, (t3)
  show t2
  sc.d t4, t1, (s3)
  show t4
  sc.d t4, t1, (t3)
  show t4
  lr.w t2, (s3)
  sc.w t4, t1, (t3)
  show t4
  sc.w t4, t1, (s3)
  show t4
  # What may not be loaded is not reserved, what may not be stored uses nothing up.
  addi t5, s2, 0x100
  lr.w t2, (t3)
  lr.w t2, (t5)
  addi t5, s2, 0x100
  sc.w t4, t1, (t5)
  sc.w t4, t1, (t3)
  show t4
  # A trap breaks no reservation.
  lr.w t2, (t3)
  csrr t2, mscratch
  sc.w t4, t1, (t3)
  show t4
  # Four bytes of the register may be reached, all eight may not.
  li t3, 0x2004000
  ld t2, (t3)
  sd t2, (t3)
  lr.d t2, (t3)
  amoor.d t2, t1, (t3)
  lr.w t2, (t3)
  sc.w t4, t2, (t3)
  show t4
  lw t2, 4(t3)
  leave
  j end
.balign 4096
data: .zero 4096
elsewhere: .zero 4096
