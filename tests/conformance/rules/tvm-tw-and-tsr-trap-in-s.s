rule:
  li t0, 7 << 20
  csrs mstatus, t0
  enter s, 1f
1: csrr t1, satp
  csrw satp, zero
  sfence.vma
  sinval.vma zero, zero
  wfi
  sret
  leave
  li t0, 7 << 20
  csrc mstatus, t0
  enter s, 2f
2: csrr t1, satp
  sfence.vma
  leave
  j end
# QEMU 7.2 gives 0 as the trap value of sinval.vma; the hart either tells the bits of illegal instructions or never does (3.1.16). What it prints here:
# expect: T0000000000000002
# expect: 0000000018002373
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000002
# expect: 0000000018001073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000002
# expect: 0000000012000073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000002
# expect: 0000000016000073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000002
# expect: 0000000010500073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000002
# expect: 0000000010200073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
