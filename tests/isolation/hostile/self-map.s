# A root that contains itself, so that tables are pages and pages are tables; the kernel writes entries through it, with and without fences.
kernel:
  li t0, (0x80000000 >> 2) | 0xcf
  la s0, root
  sd t0, 16(s0)
  srli t1, s0, 12
  slli t1, t1, 10
  ori t2, t1, 1
  li t3, 4088
  add t3, t3, s0
  sd t2, (t3)
  # And the root as a page of the last level, at the same time.
  ori t2, t1, 0xcf
  la t3, middle
  sd t2, 0(t3)
  srli t1, t3, 12
  slli t1, t1, 10
  ori t1, t1, 1
  sd t1, 24(s0)
  sd t1, 8(t3)
  li t0, 8 << 60
  srli t1, s0, 12
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  # Through root -> root -> root the root is a page of pointers: no leaf, so a page fault.
  li s1, -4096
  try ld t0, (s1)
  # Through middle -> middle -> page 0 it is writable.
  li s1, (3 << 30) | (1 << 21)
  try ld t0, (s1)
  # Entries for all the rest of memory, written through it; used at once, then after a fence.
  li s2, 4
  li s3, 0x33333300000
1:
  slli t0, s2, 3
  add t0, t0, s1
  slli t1, s2, 28
  ori t1, t1, 0xcf
  try sd t1, (t0)
  slli s4, s2, 30
  try ld t0, (s4)
  try sd t0, (s4)
  sfence.vma s4
  try ld t0, (s4)
  try sd t0, (s4)
  addi s2, s2, 7
  li t0, 256
  bltu s2, t0, 1b
  # The kernel takes the ground from under its own feet.
  sd zero, 16(s1)
  sfence.vma
  nop
  end
