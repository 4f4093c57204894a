# A leaf of 2 MiB with each combination of V, R, W, X, U, A and D, loaded from twice and stored to with MPRV: the causes, 8 bits for each
# access that trapped, and the entry's own bits afterwards.
rule:
  la t0, quiet
  csrw mtvec, t0
  la s2, root
  la s3, middle
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  li s4, 0
  li s9, 0
1: andi t0, s4, 0x1f
  srli t1, s4, 5
  slli t1, t1, 6
  or t0, t0, t1
  li t1, 0x20000000
  andi t2, s4, 10
  bnez t2, 2f
  # A pointer: to a table without entries.
  la t1, empty
  srli t1, t1, 2
2: or t0, t0, t1
  slli t1, s4, 3
  add t1, t1, s3
  sd t0, (t1)
  mv s7, t1
  sfence.vma
  slli s6, s4, 21
  li t0, 0x40000000
  add s6, s6, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li s8, (1 << 17) | (1 << 11) | 0
  csrs mstatus, s8
  ld t2, (s6)
  # The trap, if there was one, has changed MPP.
  li t0, 3 << 11
  csrc mstatus, t0
  csrs mstatus, s8
  ld t2, 0x700(s6)
  li t0, 3 << 11
  csrc mstatus, t0
  csrs mstatus, s8
  sd t2, 0x700(s6)
  li t0, 1 << 17
  csrc mstatus, t0
  ld t1, (s7)
  andi t1, t1, 0xff
  slli s9, s9, 8
  or t1, t1, s9
  show t1
  li s9, 0
  addi s4, s4, 1
  li t0, 128
  bne s4, t0, 1b
  j end
.balign 4
quiet:
  csrr t0, mcause
  slli s9, s9, 8
  or s9, s9, t0
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
  mret
.balign 4096
root: .zero 4096
middle: .zero 4096
empty: .zero 4096
