# A region of four bytes forbids them to S and U; the rest of the page stays open, for every kind of access.
rule:
  csrw pmpcfg0, zero
  la s2, data
  addi t0, s2, 0x100
  srli t0, t0, 2
  csrw pmpaddr0, t0
  li t0, -1
  csrw pmpaddr1, t0
  li t0, 0x1f10
  csrw pmpcfg0, t0
  enter s, 1f
1:
  li t1, 0x1234
  sd t1, 0xf8(s2)
  ld t2, 0xf8(s2)
  show t2
  ld t2, 0x100(s2)
  lw t2, 0x100(s2)
  lw t2, 0x104(s2)
  sw t1, 0x104(s2)
  lw t2, 0x104(s2)
  show t2
  lb t2, 0x103(s2)
  sb t1, 0x102(s2)
  ld t2, 0xfc(s2)
  addi t3, s2, 0x108
  amoadd.d t2, t1, (t3)
  amoadd.d t2, t1, (t3)
  show t2
  addi t3, s2, 0x100
  amoadd.w t2, t1, (t3)
  leave
  # Readable now, and M is not bound by it.
  li t0, 0x1f11
  csrw pmpcfg0, t0
  lw t2, 0x100(s2)
  sw t2, 0x100(s2)
  enter u, 2f
2:
  lw t2, 0x100(s2)
  show t2
  sw t1, 0x100(s2)
  leave
  # Locked: M is bound, too.
  li t0, 0x1f90
  csrw pmpcfg0, t0
  lw t2, 0x100(s2)
  sw t2, 0x104(s2)
  csrw pmpcfg0, zero
  csrr t2, pmpcfg0
  show t2
  j end
.balign 4096
data: .zero 4096
