rule:
  la s2, 1f
  addi t0, s2, 1
link_1:
  jalr t1, t0
  j end
1: la t2, link_1
  sub t1, t1, t2
  show t1
  la t0, 2f
  addi t0, t0, 100
  # The target is made from the old value when the link is the same register.
  jalr t0, -100(t0)
  j end
2: la t1, 2b
  sub t0, t1, t0
  show t0
  jal t1, 3f
link_3:
  j end
3: la t2, link_3
  sub t1, t1, t2
  show t1
  j 4f
4: j end
