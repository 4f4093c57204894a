# Every rule begins with this: M mode at 0x80000000, memory open to all, a trap handler that prints what the hart says of each trap.
#   show REG          prints a register as 16 hex digits
#   enter MODE, LABEL goes to u, s, vu or vs at a label; `leave` comes back to M, after itself
# A trap prints cause, mtval, mtval2, mtinst and the mode that it came from (MPP, MPV), and goes on after the instruction (of 4 bytes), or at
# s10 when it could not be fetched.
.macro show reg
  mv a0, \reg
  jal ra, print_hex
.endm
.macro enter_bits bits, guest, label
  li t0, (3 << 11) | (1 << 39)
  csrc mstatus, t0
  li t0, (\bits << 11) | (\guest << 39)
  csrs mstatus, t0
  la t0, \label
  csrw mepc, t0
  mret
.endm
.macro enter mode, label
  enter_\mode \label
.endm
.macro enter_u label
  enter_bits 0, 0, \label
.endm
.macro enter_s label
  enter_bits 1, 0, \label
.endm
.macro enter_vu label
  enter_bits 0, 1, \label
.endm
.macro enter_vs label
  enter_bits 1, 1, \label
.endm
# Only the address after it has to be known, in s11; ecall goes there in M mode.
.macro leave
  la s11, leave_\@
  ecall
leave_\@:
.endm

  .globl _start
_start:
  la t0, handler
  csrw mtvec, t0
  li t0, -1
  csrw pmpaddr0, t0
  li t0, 0x1f
  csrw pmpcfg0, t0
  j rule

end:
  li t0, 0x100000
  li t1, 0x5555
  sw t1, (t0)
  j end

# Changes a0, t5 and t6 only.
print_hex:
  li t6, 0x10000000
  li t5, 64
1: addi t5, t5, -4
  srl gp, a0, t5
  andi gp, gp, 15
  addi gp, gp, '0'
  sltiu tp, gp, '9' + 1
  bnez tp, 2f
  addi gp, gp, 'a' - '9' - 1
2: lbu tp, 5(t6)
  andi tp, tp, 0x20
  beqz tp, 2b
  sb gp, (t6)
  bnez t5, 1b
3: lbu tp, 5(t6)
  andi tp, tp, 0x20
  beqz tp, 3b
  li gp, '\n'
  sb gp, (t6)
  ret

.balign 4
handler:
  csrw mscratch, ra
  li t6, 0x10000000
4: lbu t5, 5(t6)
  andi t5, t5, 0x20
  beqz t5, 4b
  li t5, 'T'
  sb t5, (t6)
  csrr a0, mcause
  jal ra, print_hex
  csrr a0, mtval
  jal ra, print_hex
  csrr a0, mtval2
  jal ra, print_hex
  # The instruction is told for a guest's addresses only (mstatus.GVA): for others QEMU tells none.
  csrr a0, mstatus
  slli a0, a0, 63 - 38
  srai a0, a0, 63
  csrr t5, mtinst
  and a0, a0, t5
  jal ra, print_hex
  csrr a0, mstatus
  srli t5, a0, 11
  andi t5, t5, 3
  srli a0, a0, 39
  andi a0, a0, 1
  slli a0, a0, 2
  or a0, a0, t5
  jal ra, print_hex
  csrr ra, mscratch
  csrr a0, mcause
  bltz a0, 3f
  addi t5, a0, -8
  sltiu t5, t5, 4
  bnez t5, 2f
  # 0, 1, 12, 20: nothing was fetched
  li t5, (1 << 0) | (1 << 1) | (1 << 12) | (1 << 20)
  srl t5, t5, a0
  andi t5, t5, 1
  bnez t5, 1f
  csrr t5, mepc
  addi t5, t5, 4
  csrw mepc, t5
  mret
1: csrw mepc, s10
  mret
2: csrw mepc, s11
  # With MPP = M the machine does not look at MPV (8.6.4), but QEMU 7.2 does and would run M with V = 1.
  li t5, 1 << 39
  csrc mstatus, t5
  li t5, 3 << 11
  csrs mstatus, t5
  mret
# An interrupt: whatever it was is switched off.
3: csrw mie, zero
  mret
