# M's interrupts come in S and U whatever MIE is; those delegated to S never in M (3.1.9).
rule:
  csrw mideleg, zero
  csrwi mie, 2
  csrwi mip, 2
  enter s, 1f
1: nop
  nop
  leave
  csrr t1, mip
  andi t1, t1, 2
  show t1
  # Delegated: M never takes it, S only with SIE, U always.
  li t0, 2
  csrw mideleg, t0
  csrwi mie, 2
  csrsi mstatus, 8
  nop
  csrci mstatus, 8
  la t0, in_s
  csrw stvec, t0
  li s5, 0
  enter s, 2f
2: nop
  csrsi sstatus, 2
  nop
  csrci sstatus, 2
  leave
  show s5
  csrwi mip, 2
  enter u, 3f
3: nop
  leave
  show s5
  j end
.balign 4
in_s:
  csrr t0, scause
  addi s5, s5, 1
  csrci sip, 2
  sret
