# QEMU 7.2 does not look at VTVM for satp, and lets mstatus.TVM and TSR stop VS; they affect HS only (8.4.1). What it prints here:
# hstatus.VTVM, VTW and VTSR stop VS with virtual instructions; mstatus.TW comes first with an illegal one (8.2.1, 3.1.6.5).
rule:
  la t0, note
  csrw mtvec, t0
.macro noted mode
  li s5, 0
  enter \mode, 1f
1: csrr t1, satp
  csrw satp, zero
  sfence.vma
  wfi
  la t0, 2f
  csrw sepc, t0
  sret
2: leave
  show s5
.endm
  # An interrupt that wakes but is not taken: VSSI with vsstatus.SIE clear
  csrw mideleg, zero
  li t0, 4
  csrw hideleg, t0
  csrw hie, t0
  csrw hvip, t0
  li t0, 0x100
  csrw vsstatus, t0
  noted vs
  li t0, 1 << 20
  csrw hstatus, t0
  li t0, 0x100
  csrw vsstatus, t0
  noted vs
  li t0, 1 << 21
  csrw hstatus, t0
  li t0, 0x100
  csrw vsstatus, t0
  noted vs
  li t0, 1 << 22
  csrw hstatus, t0
  li t0, 0x100
  csrw vsstatus, t0
  noted vs
  li t0, 7 << 20
  csrs mstatus, t0
  csrw hstatus, zero
  li t0, 0x100
  csrw vsstatus, t0
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
# expect: 0000000000161616
# expect: 0000000000000016
# expect: 0000000000000016
# expect: 0000000000000002
