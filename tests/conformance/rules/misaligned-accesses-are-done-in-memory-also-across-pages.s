rule:
  la s2, page
  li t0, 0x1122334455667788
  addi s3, s2, 0x7fd
  addi s3, s3, 0x7fd
  addi s3, s3, 3
  sd t0, (s3)
  ld t1, (s3)
  show t1
  lw t1, 1(s3)
  show t1
  lhu t1, 5(s3)
  show t1
  lh t1, 2(s3)
  show t1
  sw t0, 1(s3)
  ld t1, (s3)
  show t1
  j end
.balign 4096
page:
  .zero 8192
