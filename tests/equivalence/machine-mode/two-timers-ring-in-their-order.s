# M's timer (CLINT) and S's timer (Sstc) are set; each interrupt goes to its own mode, in the order of time, and wfi wakes for both.
rule:
  la t0, machine_handler
  csrw mtvec, t0
  la t0, supervisor_handler
  csrw stvec, t0
  li s2, 0x2004000
  li s3, 0x200bff8
  li t0, 1 << 63
  csrs menvcfg, t0
  li t0, 7
  csrw mcounteren, t0
  li t0, -1
  csrw stimecmp, t0
  li t0, 0x222
  csrw mideleg, t0
  li s4, 0
  ld t1, (s3)
  li t2, 4000
  add t2, t1, t2
  sd t2, (s2)
  li t2, 1500
  add t2, t1, t2
  csrw stimecmp, t2
  li t0, 0xa0
  csrw mie, t0
  # S with its interrupts on
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 11) | 2 | 0x80
  csrs mstatus, t0
  la t0, 1f
  csrw mepc, t0
  mret
1:
  wfi
  rdtime t1
  li t2, 6
  blt s4, t2, 1b
  show s4
  rdtime t1
  show t1
  j end

.balign 4
supervisor_handler:
  addi s4, s4, 1
  csrr t3, scause
  mv s8, ra
  show t3
  mv ra, s8
  rdtime t3
  li t4, 1000
  add t3, t3, t4
  csrw stimecmp, t3
  sret

.balign 4
machine_handler:
  addi s4, s4, 1
  csrr t3, mcause
  mv s9, ra
  show t3
  csrr t3, mip
  show t3
  mv ra, s9
  ld t3, (s3)
  li t4, 1700
  add t3, t3, t4
  sd t3, (s2)
  mret
