# QEMU counts by the clock of its host; here the values are exact (3.1.10). What it prints here:
# minstret counts every instruction but not itself (3.1.10); what traps does not retire.
rule:
  csrw minstret, zero
  csrr t1, minstret
  show t1
  li t0, 1000
  csrw minstret, t0
  nop
  nop
  csrr t1, minstret
  show t1
  csrr t1, mhpmcounter3
  show t1
  li t0, -1
  csrw mhpmcounter31, t0
  csrr t1, mhpmcounter31
  show t1
  # The user's names are read-only.
  csrw cycle, zero
  csrw time, zero
  csrw instret, zero
  csrs instret, zero
  csrw hpmcounter3, zero
  j end
# expect: 0000000000000000
# expect: 00000000000003ea
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000002
# expect: 00000000c0001073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000002
# expect: 00000000c0101073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000002
# expect: 00000000c0201073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000002
# expect: 00000000c0301073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
