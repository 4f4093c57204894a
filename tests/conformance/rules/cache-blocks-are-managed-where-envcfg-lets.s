# QEMU 7.2 has no Zicbom. What it prints here:
# CBCFE opens cbo.clean and cbo.flush, CBIE cbo.inval; memory stays as it is (CMO 19.7). A byte for each trap, of its cause.
rule:
  la s2, data
  li t0, 0x5eed
  sd t0, (s2)
  la t0, note
  csrw mtvec, t0
.macro noted mode
  li s5, 0
  enter \mode, 1f
1: cbo.clean (s2)
  cbo.flush (s2)
  cbo.inval (s2)
  leave
  show s5
.endm
.macro every
  noted s
  noted u
  noted vs
  noted vu
.endm
  csrw menvcfg, zero
  csrw senvcfg, zero
  csrw henvcfg, zero
  every
  li t0, 0x40
  csrs menvcfg, t0
  every
  li t0, 0x30
  csrs menvcfg, t0
  every
  li t0, 0x70
  csrs senvcfg, t0
  every
  li t0, 0x70
  csrs henvcfg, t0
  every
  ld t1, (s2)
  show t1
  # CBIE = 2 is reserved: it reads as what exists.
  li t0, 0x20
  csrw menvcfg, t0
  csrr t1, menvcfg
  andi t1, t1, 0x30
  addi t1, t1, -0x20
  snez t1, t1
  show t1
  j end
.balign 4
note:
  csrr t5, mcause
  addi t6, t5, -8
  sltiu t6, t6, 4
  bnez t6, 1f
  slli s5, s5, 8
  or s5, s5, t5
  csrr t5, mepc
  addi t5, t5, 4
  csrw mepc, t5
  mret
1: li t5, 1 << 39
  csrc mstatus, t5
  li t5, 3 << 11
  csrs mstatus, t5
  csrw mepc, s11
  mret
.balign 64
data: .zero 64
# expect: 0000000000020202
# expect: 0000000000020202
# expect: 0000000000020202
# expect: 0000000000020202
# expect: 0000000000000002
# expect: 0000000000020202
# expect: 0000000000161602
# expect: 0000000000161602
# expect: 0000000000000000
# expect: 0000000000020202
# expect: 0000000000161616
# expect: 0000000000161616
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000161616
# expect: 0000000000161616
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000005eed
# expect: 0000000000000001
