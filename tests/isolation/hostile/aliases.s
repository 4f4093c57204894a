# Touches its memory under more addresses than the VMM has shadow pages for: a table for every 2 MiB, all over the address space.
kernel:
  # Every gigabyte is the first one of RAM, whose first 2 MiB are there.
  la s0, root
  li t0, (0x80000000 >> 2) | 0xcf
  li t1, 512
1:
  sd t0, (s0)
  addi s0, s0, 8
  addi t1, t1, -1
  bnez t1, 1b
  la s0, root
  li t0, 8 << 60
  srli t1, s0, 12
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li s1, 0
  li s2, 0
  li s3, 0
2:
  # Gigabyte 7 * s1, byte 8 * s1 of page 2: written under one address, read under the next.
  li t0, 7
  mul t0, t0, s1
  slli t0, t0, 55
  srai t0, t0, 25
  slli t1, s1, 3
  add t0, t0, t1
  li t1, 0x2000
  add t0, t0, t1
  sd s1, (t0)
  la t2, 0x80002000
  slli t1, s1, 3
  add t2, t2, t1
  ld t3, (t2)
  beq t3, s1, 3f
  addi s3, s3, 1
3:
  addi s1, s1, 1
  li t0, 512
  bne s1, t0, 2b
  # 'a' for no mistake.
  addi a0, s3, 'a'
  li a7, 1
  ecall
  li a0, '!'
  .rept 6
  ecall
  li a0, '!'
  .endr
  end
