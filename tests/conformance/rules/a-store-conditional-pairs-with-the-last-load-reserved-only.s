rule:
  la s2, place
  li t0, 5
  sc.w t1, t0, (s2)
  show t1
  lr.w t2, (s2)
  sc.w t1, t0, (s2)
  show t1
  sc.w t1, t0, (s2)
  show t1
  addi s3, s2, 64
  lr.d t2, (s2)
  lr.d t2, (s3)
  sc.d t1, t0, (s2)
  show t1
  lr.d t2, (s3)
  sc.d t1, t0, (s3)
  show t1
  ld t1, (s2)
  show t1
  j end
.balign 64
place:
  .dword -1
  .zero 120
