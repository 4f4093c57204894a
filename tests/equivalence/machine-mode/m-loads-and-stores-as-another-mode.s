# With MPRV set, M loads, stores, and does atomic operations as the mode in MPP: in every width, across pages, with floating point, and at a device.
rule:
  la t0, privileged_handler
  csrw mtvec, t0
  la s2, root
  la s3, middle
  la s4, last
  la s5, data
  # Virtual 0x40000000 and 0x40001000: the two data pages, in the other order. The third has no right to be written.
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  srli t0, s4, 2
  ori t0, t0, 1
  sd t0, 0(s3)
  li t1, 0x1000
  add t0, s5, t1
  srli t0, t0, 2
  ori t0, t0, 0x17
  sd t0, 0(s4)
  srli t0, s5, 2
  ori t0, t0, 0x17
  sd t0, 8(s4)
  srli t0, s5, 2
  ori t0, t0, 0x13
  sd t0, 16(s4)
  # The UART, for its line status.
  li t0, (0x10000 << 10) | 0x17
  sd t0, 24(s4)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li t0, (3 << 11) | (3 << 13)
  csrc mstatus, t0
  li t0, 1 << 13
  csrs mstatus, t0
  li s6, 1 << 17
  li s1, 0x40000000

  csrs mstatus, s6
  li t1, 0x8182838485868788
  sd t1, 0(s1)
  lb t2, 0(s1)
  lbu t3, 1(s1)
  lh t4, 2(s1)
  csrc mstatus, s6
  show t2
  show t3
  show t4
  csrs mstatus, s6
  lhu t2, 2(s1)
  lw t3, 4(s1)
  lwu t4, 4(s1)
  csrc mstatus, s6
  show t2
  show t3
  show t4
  # Across the end of the page, which goes on elsewhere.
  li t1, 0xffd
  add s7, s1, t1
  csrs mstatus, s6
  li t1, 0x1122334455667788
  sd t1, 0(s7)
  ld t2, 0(s7)
  sb t1, 100(s1)
  sh t1, 102(s1)
  sw t1, 104(s1)
  ld t3, 100(s1)
  csrc mstatus, s6
  show t2
  show t3
  ld t2, (s5)
  show t2
  # Atomic operations
  li t1, -5
  csrs mstatus, s6
  sw t1, 16(s1)
  addi s8, s1, 16
  li t2, 3
  amoadd.w t3, t2, (s8)
  amomaxu.w t4, t2, (s8)
  csrc mstatus, s6
  show t3
  show t4
  csrs mstatus, s6
  amoswap.d t3, t2, (s8)
  amomin.d t4, t1, (s8)
  ld t2, (s8)
  csrc mstatus, s6
  show t3
  show t4
  show t2
  # Floating point: a single is boxed, and the unit is dirty after it.
  csrs mstatus, s6
  flw f1, 16(s1)
  csrc mstatus, s6
  fmv.x.d t2, f1
  show t2
  csrr t2, mstatus
  show t2
  csrs mstatus, s6
  fsd f1, 24(s1)
  fld f2, 24(s1)
  csrc mstatus, s6
  fmv.x.d t2, f2
  show t2
  # A device
  li t1, 0x3005
  add s7, s1, t1
  csrs mstatus, s6
  lbu t2, (s7)
  csrc mstatus, s6
  andi t2, t2, 0x60
  show t2
  # What is not allowed there: the trap says the address of the part that is not.
  li t1, 0x2000
  add s7, s1, t1
  csrs mstatus, s6
  sd t1, (s7)
  csrc mstatus, s6
  show s8
  show s9
  li t1, 0x1ffc
  add s7, s1, t1
  csrs mstatus, s6
  sd t1, (s7)
  csrc mstatus, s6
  show s8
  show s9
  csrs mstatus, s6
  ld t1, (zero)
  csrc mstatus, s6
  show s8
  show s9
  # As S: not without SUM
  li t0, 1 << 11
  csrs mstatus, t0
  csrs mstatus, s6
  ld t1, (s1)
  csrc mstatus, s6
  show s8
  show s9
  j end

# A trap into M does not clear MPRV: this handler touches no memory.
.balign 4
privileged_handler:
  csrr s8, mcause
  csrr s9, mtval
  csrr t0, mepc
  addi t0, t0, 4
  csrw mepc, t0
  li t0, 3 << 11
  csrs mstatus, t0
  mret
.balign 4096
root: .zero 4096
middle: .zero 4096
last: .zero 4096
data: .zero 8192
