# QEMU 7.2 raises STIP by stimecmp also while menvcfg.STCE is clear (Sstc 2). What it prints here:
# Sstc: STIP follows the comparison while menvcfg.STCE is set; S mode needs STCE and mcounteren.TM (Sstc 2).
rule:
  # Without STCE: STIP is written by M, and S has no stimecmp.
  li t0, 1 << 63
  csrc menvcfg, t0
  csrwi mcounteren, 7
  csrw stimecmp, zero
  csrr t1, mip
  andi t1, t1, 0x20
  show t1
  enter s, 1f
1: csrr t1, stimecmp
  leave
  li t0, 1 << 63
  csrs menvcfg, t0
  csrr t1, mip
  andi t1, t1, 0x20
  show t1
  # Read-only for M
  li t0, 0x20
  csrc mip, t0
  csrr t1, mip
  andi t1, t1, 0x20
  show t1
  csrwi mcounteren, 0
  enter s, 2f
2: csrr t1, stimecmp
  csrw stimecmp, zero
  leave
  csrwi mcounteren, 2
  enter s, 3f
3: csrr s2, stimecmp
  li t0, -1
  csrw stimecmp, t0
  csrr s3, sip
  csrw stimecmp, zero
  csrr s4, sip
  li t0, -1
  csrw stimecmp, t0
  leave
  show s2
  show s3
  show s4
  enter u, 4f
4: csrr t1, stimecmp
  leave
  # Delegated to S: comes there.
  li t0, 0x20
  csrw mideleg, t0
  csrw mie, t0
  la t0, taken
  csrw stvec, t0
  li s5, 0
  enter s, 5f
5: csrsi sstatus, 2
  csrw stimecmp, zero
  nop
  nop
  leave
  show s5
  j end
.balign 4
taken:
  csrr s5, scause
  li t0, -1
  csrw stimecmp, t0
  sret
# expect: 0000000000000000
# expect: T0000000000000002
# expect: 0000000014d02373
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000000000020
# expect: 0000000000000020
# expect: T0000000000000002
# expect: 0000000014d02373
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000002
# expect: 0000000014d01073
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
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000002
# expect: 0000000014d02373
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 8000000000000005
