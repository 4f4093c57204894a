# Page tables that lead everywhere: gigapages, megapages and pages over the VMM, over devices, over nothing, and 56 bits far.
  .set FLAGS, 0xcf
kernel:
  # The kernel itself stays where it is, as megapages of 0x80000000 and 0x80200000.
  la t0, middle
  srli t0, t0, 12
  slli t0, t0, 10
  ori t0, t0, 1
  la t1, root
  sd t0, 16(t1)
  la t1, middle
  li t0, (0x80000000 >> 2) | FLAGS
  sd t0, 0(t1)
  li t0, (0x80200000 >> 2) | FLAGS
  sd t0, 8(t1)
  # Then the entries of the table, into each place of the root in turn, and of the middle table.
  li t0, 8 << 60
  la t1, root
  srli t1, t1, 12
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  la s0, entries
  la s1, entries_end
1:
  ld s2, (s0)
  la t0, root
  sd s2, 24(t0)
  la t0, middle
  sd s2, 24(t0)
  sfence.vma
  li s3, 3 << 30
  try ld t0, (s3)
  try sd zero, 8(s3)
  try jr s3
  li s3, (3 << 30) + 0x12345678
  try ld t0, (s3)
  li s3, 0x80600000
  try ld t0, (s3)
  try sd zero, 8(s3)
  try jr s3
  li s3, 0x807ffff8
  try ld t0, (s3)
  addi s0, s0, 8
  bne s0, s1, 1b
  end

  .data
  .balign 8
entries:
  .dword (0x80000000 >> 2) | FLAGS, (0x80400000 >> 2) | FLAGS, (0x80600000 >> 2) | FLAGS, (0x81000000 >> 2) | FLAGS
  .dword (0x40000000 >> 2) | FLAGS, 0 | FLAGS, (0x10000000 >> 2) | FLAGS, (0xc0000000 >> 2) | FLAGS
  .dword 0x003ffffff00000cf, 0x003fffffffffffcf, 0x003ffffff00000c1, 0xffffffffffffffff, 0x8000000020000000 | FLAGS
  # Write without read, reserved; user pages; not accessed, not dirty; pointers to the VMM, to devices, far away.
  .dword (0x80000000 >> 2) | 0xc5, (0x80000000 >> 2) | 0xdf, (0x80000000 >> 2) | 0x0f, (0x80000000 >> 2) | 1, (0x81000000 >> 2) | 1, 1
  .dword (0x10000000 >> 2) | 1, 0x003ffffff0000001, (0x80201000 >> 2) | FLAGS, (0x80001000 >> 2) | FLAGS
entries_end:
