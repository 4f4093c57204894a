rule:
  la t0, supervisor
  csrw stvec, t0
  li t0, 1 << 2
  csrw medeleg, t0
  csrr t1, 0x5a8
  enter u, 1f
1: csrr t1, mstatus
  leave
  enter s, 2f
2: csrr t1, mstatus
  leave
  j end
.balign 4
supervisor:
  csrr t0, scause
  show t0
  csrr t0, stval
  show t0
  csrr t0, sstatus
  srli t0, t0, 8
  andi t0, t0, 1
  show t0
  csrr t0, sepc
  addi t0, t0, 4
  csrw sepc, t0
  sret
