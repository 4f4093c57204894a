# Kernels that meet the bugs of workers/vmm/bugs.ts, one for each, behind letters.s: from `# bug NAME` to the next, with what stands before the first.

.macro print
  li a7, 1
  ecall
.endm

# RAM where it is, for the kernel; the table `last` for 2 MiB at s1, its address in s3; in s2 an entry for `page` without flags.
.macro paging
  li t0, (0x80000000 >> 2) | 0xcf
  la t1, root
  sd t0, 16(t1)
  la s4, middle
  srli t3, s4, 2
  ori t3, t3, 1
  sd t3, 8(t1)
  la s3, last
  srli t3, s3, 2
  ori t3, t3, 1
  sd t3, 0(s4)
  la s2, page
  srli s2, s2, 2
  srli t1, t1, 12
  li t0, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li s1, 0x40000000
.endm

.macro map flags
  ori t0, s2, \flags
  sd t0, 0(s3)
  sfence.vma
.endm

# To virtual U, at this address.
.macro user at
  la t0, \at
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  sret
.endm

kernel:

# bug sepc-not-advanced
  csrr t0, sscratch
  end

# bug sepc-behind-ecall
  la t0, 1f
  csrw stvec, t0
  user 2f
2:
  ecall
  .balign 4
1:
  csrr a0, sepc
  la t0, 2b
  sub a0, a0, t0
  addi a0, a0, '0'
  print
  end

# bug mode-from-spp
  la t0, 1f
  csrw stvec, t0
  user 2f
2:
  ecall
  .balign 4
1:
  csrr t0, scause
  end

# bug sret-to-user
  li t0, 0x100
  csrs sstatus, t0
  la t0, 1f
  csrw sepc, t0
  la s11, 2f
  sret
1:
  csrr t0, sscratch
2:
  end

# bug sie-not-stacked
  la t0, 1f
  csrw stvec, t0
  csrwi sie, 2
  csrwi sip, 2
  csrsi sstatus, 2
  .balign 4
1:
  csrr a0, sstatus
  andi a0, a0, 2
  addi a0, a0, '0'
  print
  end

# bug exceptions-vectored
  la t0, 1f
  ori t0, t0, 1
  csrw stvec, t0
  ebreak
  .balign 64
1:
  j 2f
  j 3f
  j 3f
  j 3f
2:
  li a0, 'b'
  print
  end
3:
  li a0, 'v'
  print
  end

# bug pending-not-enabled
  csrwi sie, 0
  csrwi sip, 2
  la s11, 1f
  csrsi sstatus, 2
  nop
1:
  end

# bug timer-first
  li a0, 0
  li a7, 0
  ecall
  nop
  csrwi sip, 2
  li t0, 0x22
  csrw sie, t0
  la s11, 1f
  csrsi sstatus, 2
  nop
1:
  end

# bug interrupts-forgotten
  csrwi sip, 2
  csrwi sie, 2
  la s11, 1f
  csrsi sstatus, 2
  nop
1:
  end

# bug timer-stays-pending
  li a0, 0
  li a7, 0
  ecall
  nop
  li a0, -1
  li a7, 0
  ecall
  csrr a0, sip
  srli a0, a0, 5
  addi a0, a0, '0'
  print
  end

# bug wfi-sleeps-on
  csrwi sip, 2
  csrwi sie, 2
  wfi
  end

# bug csrrs-zero-writes
  try csrr t0, cycle
  end

# bug rd-before-rs1
  li t0, 'x'
  csrw sscratch, t0
  li t0, 'y'
  csrrw t0, sscratch, t0
  csrr a0, sscratch
  print
  end

# bug counters-open
  csrw scounteren, zero
  la s11, 2f
  user 1f
1:
  rdtime t0
  ecall
2:
  end

# bug real-satp
  csrr a0, satp
  snez a0, a0
  addi a0, a0, '0'
  print
  end

# bug device-sign
  li t0, 0x10000007
  li t1, 0x80
  sb t1, (t0)
  lb a0, (t0)
  slti a0, a0, 0
  addi a0, a0, '0'
  print
  end

# bug device-length
  li a1, 0xc000004
  li a2, '0'
  c.lw a0, 0(a1)
  c.addi a2, 1
  mv a0, a2
  print
  end

# bug no-memory-is-page-fault
  li t1, 0x40000000
  try ld t0, (t1)
  end

# bug root-not-changed
  paging
  la s11, 1f
  user 1f
1:
  end

# bug user-pages-executable
  paging
  map 0xdf
  li t0, 0x40000
  csrs sstatus, t0
  ld t0, (s1)
  try jr s1
  end

# bug writable-before-dirty
  paging
  map 0x47
  ld t0, (s1)
  sd t0, (s1)
  ld a0, (s3)
  andi a0, a0, 0x80
  snez a0, a0
  addi a0, a0, '0'
  print
  end

# bug accessed-forgotten
  paging
  map 0x03
  ld t0, (s1)
  ld a0, (s3)
  andi a0, a0, 0x40
  snez a0, a0
  addi a0, a0, '0'
  print
  end

# bug fence-skipped
  paging
  map 0xc7
  ld t0, (s1)
  sd zero, (s3)
  sfence.vma
  try ld t0, (s1)
  end

# bug fence-one-piece
  paging
  li t0, (0x80200000 >> 2) | 0xcf
  sd t0, (s4)
  sfence.vma
  li t1, 4096
  add t1, t1, s1
  ld t0, (s1)
  ld t0, (t1)
  sd zero, (s4)
  sfence.vma s1
  try ld t0, (t1)
  end

# bug mxr-forgotten
  paging
  map 0x49
  li t0, 0x80000
  csrs sstatus, t0
  try ld t1, (s1)
  csrc sstatus, t0
  try ld t1, (s1)
  end

# bug misaligned-superpage
  paging
  li t0, (0x80201000 >> 2) | 0xcf
  sd t0, (s4)
  sfence.vma
  try ld t0, (s1)
  end

# bug escape
  paging
  li t0, (0x7ffff000 >> 2) | 0xcf
  sd t0, (s3)
  sfence.vma
  try ld t0, (s1)
  end

# bug iommu-off
  li s1, 0x04000000
  la t0, 1f
  sd t0, 0x08(s1)
  li t0, 3
  sd t0, 0x18(s1)
  li t0, 1
  sd t0, 0x20(s1)
  end
1: .ascii "ok\n"
  .balign 4
