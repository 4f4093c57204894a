rule:
  .word 0xffffffff
  .word 0x0000707b
  enter u, 1f
1: csrr t1, mstatus
  csrr t1, sstatus
  csrw cycle, zero
  sret
  mret
  sfence.vma
  leave
  enter s, 2f
2: csrr t1, mstatus
  csrw cycle, zero
  mret
  leave
  j end
