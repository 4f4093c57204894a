rule:
  la s2, data
  lb t1, 1(s2)
  show t1
  lbu t1, 1(s2)
  show t1
  lh t1, 2(s2)
  show t1
  lhu t1, 2(s2)
  show t1
  lw t1, 4(s2)
  show t1
  lwu t1, 4(s2)
  show t1
  ld t1, (s2)
  show t1
  # A store writes its own bytes and no others.
  li t2, 0x1122334455667788
  sb t2, 8(s2)
  sh t2, 18(s2)
  sw t2, 28(s2)
  sd t2, 32(s2)
  ld t1, 8(s2)
  show t1
  ld t1, 16(s2)
  show t1
  ld t1, 24(s2)
  show t1
  ld t1, 32(s2)
  show t1
  # Offsets at both ends of their range
  li t3, 2048
  add t3, t3, s2
  ld t1, -2048(t3)
  show t1
  addi t3, s2, -2047
  lbu t1, 2047(t3)
  show t1
  j end
.balign 8
data: .dword 0x8182838485868788
  .dword -1, -1, -1, -1
