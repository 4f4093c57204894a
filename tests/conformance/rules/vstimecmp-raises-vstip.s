# QEMU 7.2 shows only VSSIP in the guest's sip; with hideleg it is an alias of hip's bits (8.2.12). What it prints here:
rule:
  li t0, 1 << 63
  csrs menvcfg, t0
  csrs henvcfg, t0
  csrwi mcounteren, 7
  csrwi hcounteren, 7
  li t0, -1
  csrw vstimecmp, t0
  csrr t1, hip
  show t1
  csrw vstimecmp, zero
  csrr t1, hip
  show t1
  # The guest's stimecmp is vstimecmp.
  li t0, 0x444
  csrw hideleg, t0
  enter vs, 1f
1: csrr s2, stimecmp
  csrr s3, sip
  li t0, -1
  csrw stimecmp, t0
  csrr s4, sip
  leave
  show s2
  show s3
  show s4
  csrr t1, vstimecmp
  show t1
  # htimedelta counts: the guest's time is far ahead.
  li t0, 1 << 50
  csrw vstimecmp, t0
  li t0, 1 << 51
  csrw htimedelta, t0
  csrw vstimecmp, t0
  csrr t1, hip
  show t1
  # Without henvcfg.STCE the guest has none.
  li t0, 1 << 63
  csrc henvcfg, t0
  enter vs, 2f
2: csrr t1, stimecmp
  leave
  j end
# expect: 0000000000000000
# expect: 0000000000000040
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: 0000000000000000
# expect: 0000000000000020
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 0000000000000040
# expect: T0000000000000016
# expect: 0000000014d02373
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
