rule:
  la s2, root
  la s3, data
  # Identity for the gigabyte of RAM, a user page.
  li t0, (0x80000 << 10) | 0xd7
  sd t0, 16(s2)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw satp, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, 1 << 17
  csrs mstatus, t0
  ld t1, (s3)
  li t0, 1 << 17
  csrc mstatus, t0
  show t1
  # As S mode: a user page needs SUM.
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  ld t1, (s3)
  li t0, 1 << 18
  csrs mstatus, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  ld t1, (s3)
  li t0, 1 << 17
  csrc mstatus, t0
  show t1
  j end
.balign 4096
data: .dword 0x5eed
.balign 4096
root: .zero 4096
# QEMU 7.2 keeps the translation that U had and lets S load a user page without SUM (3.1.6.3, 10.1.1.2). What it prints here:
# expect: 0000000000005eed
# expect: T000000000000000d
# expect: 0000000080001000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 0000000000005eed
