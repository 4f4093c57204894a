rule:
  li t0, 0x444
  csrw hvip, t0
  csrr t1, hip
  show t1
  csrr t1, vsip
  show t1
  li t0, -1
  csrw hideleg, t0
  csrr t1, hideleg
  show t1
  csrr t1, vsip
  show t1
  csrw vsie, t0
  csrr t1, hie
  show t1
  csrr t1, vsie
  show t1
  csrw vsip, zero
  csrr t1, hvip
  show t1
  csrw hideleg, zero
  csrr t1, vsie
  show t1
  j end
# QEMU 7.2 shows only the software interrupt in vsip; it is an alias of hip for every delegated one (8.2.12). What it prints here:
# expect: 0000000000000444
# expect: 0000000000000000
# expect: 0000000000000444
# expect: 0000000000000222
# expect: 0000000000000444
# expect: 0000000000000222
# expect: 0000000000000440
# expect: 0000000000000000
