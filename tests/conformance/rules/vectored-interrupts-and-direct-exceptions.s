# mtvec and stvec with mode 1: interrupts go to base + 4 * cause, exceptions to base (privileged manual, 3.1.7 and 12.1.2).
rule:
  la t0, table
  ori t0, t0, 1
  csrw mtvec, t0
  li t0, 0x222
  csrw mie, t0
  li s2, 0
  csrwi mip, 2
  csrsi mstatus, 8
  nop
  csrci mstatus, 8
  show s2
  li t0, 0x200
  csrw mip, t0
  csrsi mstatus, 8
  nop
  csrci mstatus, 8
  show s2
  li t0, 0x20
  csrw mip, t0
  csrsi mstatus, 8
  nop
  csrci mstatus, 8
  show s2
  # The software interrupt of the CLINT
  csrwi mie, 8
  li s3, 0x2000000
  li t0, 1
  sw t0, (s3)
  csrsi mstatus, 8
  nop
  csrci mstatus, 8
  show s2
  .word 0
  show s2
  # Delegated, in S mode
  la t0, handler
  csrw mtvec, t0
  la t0, table_s
  ori t0, t0, 1
  csrw stvec, t0
  li t0, 0x222
  csrw mideleg, t0
  csrw mie, t0
  li t0, 4
  csrw medeleg, t0
  li t0, 0x22
  csrw mip, t0
  enter s, 1f
1: csrsi sstatus, 2
  nop
  nop
  csrci sstatus, 2
  .word 0
  leave
  show s2
  j end
.balign 256
table:
  .option norvc
  j taken_0
  j taken_1
  j taken_2
  j taken_3
  j taken_4
  j taken_5
  j taken_6
  j taken_7
  j taken_8
  j taken_9
  j taken_10
  j taken_11
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
taken_\n: li t4, \n
  j taken
.endr
taken:
  csrr t0, mcause
  slli s2, s2, 8
  or s2, s2, t4
  slli s2, s2, 8
  andi t0, t0, 255
  or s2, s2, t0
  csrw mip, zero
  li t0, 0x2000000
  sw zero, (t0)
  csrr t0, mcause
  bltz t0, 1f
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
1: mret
.balign 256
table_s:
  j s_0
  j s_1
  j s_2
  j s_3
  j s_4
  j s_5
  j s_6
  j s_7
  j s_8
  j s_9
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9
s_\n: li t4, \n
  j taken_s
.endr
taken_s:
  csrr t0, scause
  slli s2, s2, 8
  or s2, s2, t4
  slli s2, s2, 8
  andi t0, t0, 255
  or s2, s2, t0
  csrr t0, scause
  bltz t0, 1f
  csrr t0, sepc
  addi t0, t0, 4
  csrw sepc, t0
  sret
1: li t1, 1
  sll t1, t1, t4
  csrc sie, t1
  sret
