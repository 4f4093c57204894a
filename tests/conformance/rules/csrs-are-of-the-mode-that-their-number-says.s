# QEMU 7.2 has an illegal instruction where VU touches a supervisor register that HS could: it is a virtual one (8.6.1). What it prints here:
# Bits 9:8 say the lowest mode, 11:10 = 3 read-only (Zicsr; 2.1). A byte for each trap, of its cause.
rule:
  la t0, note
  csrw mtvec, t0
.macro noted mode
  li s5, 0
  enter \mode, 1f
1: csrr t1, mscratch
  csrr t1, hstatus
  csrr t1, vsstatus
  csrr t1, sscratch
  csrw mhartid, zero
  csrr t1, mhartid
  csrr t1, 0x5c0
  csrr t1, 0x9c0
  leave
  show s5
.endm
  noted s
  noted u
  noted vs
  noted vu
  # In M: only the write to what is read-only and what does not exist
  li s5, 0
  csrr t1, mscratch
  csrr t1, hstatus
  csrw mhartid, zero
  csrr t1, mhartid
  csrs mhartid, zero
  csrrwi t1, mhartid, 0
  csrrci t1, mhartid, 0
  csrrsi t1, mhartid, 1
  csrr t1, 0x7ff
  csrr t1, 0x5c0
  show s5
  # A write of zeros by csrrs is none; with rd = x0 csrrw does not read.
  li t0, 0x77
  csrw mscratch, t0
  csrrs t1, mscratch, zero
  show t1
  csrrc t1, mscratch, t0
  show t1
  csrrwi t1, mscratch, 31
  show t1
  csrrsi t1, mscratch, 0
  show t1
  csrrci t1, mscratch, 3
  show t1
  csrr t1, mscratch
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
# expect: 0000000202020202
# expect: 0202020202020202
# expect: 0002161602020202
# expect: 0216161602020202
# expect: 0000000202020202
# expect: 0000000000000077
# expect: 0000000000000077
# expect: 0000000000000000
# expect: 000000000000001f
# expect: 000000000000001f
# expect: 000000000000001c
