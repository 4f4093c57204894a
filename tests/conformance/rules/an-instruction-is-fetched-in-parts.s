# The second half of an instruction on a page that is not there: the fault has that page's address, the pc is the instruction's (3.1.16).
rule:
  la s2, root
  la s3, middle
  la s4, last
  li t0, (0x80000 << 10) | 0xcf
  sd t0, 16(s2)
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  srli t0, s4, 2
  ori t0, t0, 1
  sd t0, (s3)
  la t1, code
  srli t0, t1, 2
  ori t0, t0, 0xcf
  sd t0, (s4)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
.macro fetch address
  la t0, 1f
  csrw mtvec, t0
  li t0, \address
  csrw mepc, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, 1 << 11
  csrs mstatus, t0
  mret
.balign 4
1: csrr t1, mcause
  show t1
  csrr t1, mtval
  show t1
  csrr t1, mepc
  show t1
.endm
  fetch 0x40000ffe
  fetch 0x40001000
  # Not executable
  ld t0, (s4)
  andi t0, t0, -9
  sd t0, (s4)
  sfence.vma
  fetch 0x40000000
  # Of U
  ld t0, (s4)
  ori t0, t0, 0x18
  sd t0, (s4)
  sfence.vma
  fetch 0x40000ffc
  j end
.balign 4096
code: .zero 4094
  .half 0x0013
.balign 4096
root: .zero 4096
middle: .zero 4096
last: .zero 4096
