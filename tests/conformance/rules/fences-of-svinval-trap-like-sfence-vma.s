# By the manual it prints here:
# A byte for each trap, of its cause: 2 illegal, 0x16 virtual instruction (Svinval 6; 8.5.3).
# QEMU 7.2 lets U mode run sfence.w.inval and sfence.inval.ir, and TVM and VTVM do not stop hinval and sinval in it.
rule:
  la t0, note
  csrw mtvec, t0
.macro all
  sfence.vma
  sinval.vma zero, zero
  sfence.w.inval
  sfence.inval.ir
  hinval.vvma zero, zero
  hinval.gvma zero, zero
  hfence.vvma
  hfence.gvma
.endm
.macro noted mode
  li s5, 0
  enter \mode, 1f
1: all
  leave
  show s5
.endm
  noted s
  noted u
  noted vs
  noted vu
  li t0, 1 << 20
  csrs mstatus, t0
  noted s
  csrc mstatus, t0
  li t0, 1 << 20
  csrs hstatus, t0
  noted vs
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
# expect: 0000000000000000
# expect: 0202020202020202
# expect: 0000000016161616
# expect: 1616161616161616
# expect: 0000000002020202
# expect: 0000161616161616
