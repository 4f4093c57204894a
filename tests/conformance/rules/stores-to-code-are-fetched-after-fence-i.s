rule:
  la s2, place
  lw s3, (s2)
  la t0, other
  lw s4, (t0)
  li s5, 4
1: jal ra, place
  show s6
  andi t0, s5, 1
  mv t1, s4
  beqz t0, 2f
  mv t1, s3
2: sw t1, (s2)
  fence.i
  addi s5, s5, -1
  bnez s5, 1b
  j end
place:
  .option norvc
  li s6, 111
  ret
other:
  li s6, 222
