rule:
  csrw mcounteren, zero
  csrw scounteren, zero
  enter s, 1f
1: csrr t1, cycle
  csrr t1, time
  csrr t1, instret
  leave
  li t0, 7
  csrw mcounteren, t0
  enter s, 2f
2: csrr t1, cycle
  csrr t1, instret
  leave
  enter u, 3f
3: csrr t1, cycle
  csrr t1, instret
  leave
  li t0, 5
  csrw scounteren, t0
  enter u, 4f
4: csrr t1, cycle
  csrr t1, time
  csrr t1, instret
  leave
  j end
