# QEMU 7.2 has no ADUE and always updates A and D. What it prints here:
# menvcfg.ADUE for S and U: set, the hart updates A and D; clear, it raises a page fault (Svadu; 10.3.2).
rule:
  la s2, root
  li t1, 8 << 60
  srli t0, s2, 12
  or t0, t0, t1
  csrw satp, t0
  la s3, data
.macro try flags
  li t0, (0x80000 << 10) | \flags
  sd t0, 16(s2)
  sfence.vma
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  ld t2, (s3)
  li t0, 1 << 17
  csrc mstatus, t0
  ld t1, 16(s2)
  show t1
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, (1 << 17) | (1 << 11)
  csrs mstatus, t0
  sd t2, (s3)
  li t0, 1 << 17
  csrc mstatus, t0
  ld t1, 16(s2)
  show t1
.endm
  li s4, 1 << 61
  csrc menvcfg, s4
  try 0x0f
  try 0x4f
  try 0xcf
  csrs menvcfg, s4
  try 0x0f
  try 0x4f
  try 0x4b
  j end
.balign 8
data: .dword 0
.balign 4096
root: .zero 4096
# expect: T000000000000000d
# expect: 0000000080000438
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 000000002000000f
# expect: T000000000000000f
# expect: 0000000080000438
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 000000002000000f
# expect: 000000002000004f
# expect: T000000000000000f
# expect: 0000000080000438
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 000000002000004f
# expect: 00000000200000cf
# expect: 00000000200000cf
# expect: 000000002000004f
# expect: 00000000200000cf
# expect: 000000002000004f
# expect: 00000000200000cf
# expect: 000000002000004b
# expect: T000000000000000f
# expect: 0000000080000438
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 000000002000004b
