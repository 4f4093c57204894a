rule:
  csrwi mcounteren, 7
  csrwi hcounteren, 7
  li t0, 1 << 40
  csrw htimedelta, t0
  enter vs, 1f
1: csrr s2, time
  leave
  csrr s3, time
  srli s2, s2, 36
  show s2
  srli s3, s3, 36
  show s3
  csrwi hcounteren, 5
  enter vs, 2f
2: csrr t1, time
  leave
  csrwi hcounteren, 7
  csrwi scounteren, 0
  enter vu, 3f
3: csrr t1, time
  leave
  csrwi mcounteren, 0
  enter vs, 4f
4: csrr t1, time
  leave
  j end
