# QEMU 7.2 has an access fault for a fault of the guest's table while the host's satp is Bare, and keeps a translation that the guest does not have (8.4.1). What it prints here:
# With MPRV and MPV, M's loads and stores go through both stages as MPP says (8.4.1).
rule:
  csrw mideleg, zero
  la s2, first
  la s4, second
  la s6, data
  li t0, (0x80000 << 10) | 0xc7
  sd t0, 8(s2)
  li t0, (0x80000 << 10) | 0xdf
  sd t0, 16(s4)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw vsatp, t0
  srli t0, s4, 12
  or t0, t0, t1
  csrw hgatp, t0
  hfence.gvma
  hfence.vvma
  li t0, 0x80000000
  sub s7, s6, t0
  li t0, 0x40000000
  add s7, s7, t0
  li s3, (1 << 39) | (1 << 17) | (3 << 11)
  csrc mstatus, s3
  li s8, (1 << 39) | (1 << 17) | (1 << 11)
  csrs mstatus, s8
  ld s9, (s7)
  csrc mstatus, s3
  show s9
  # As U: not its page
  li s8, (1 << 39) | (1 << 17)
  csrs mstatus, s8
  ld s9, (s7)
  csrc mstatus, s3
  # The host's own addresses, which the guest's table does not have
  li s8, (1 << 39) | (1 << 17) | (1 << 11)
  csrs mstatus, s8
  ld s9, (s6)
  csrc mstatus, s3
  # With MPP = M, MPV means nothing.
  csrs mstatus, s3
  ld s9, (s6)
  csrc mstatus, s3
  show s9
  j end
.balign 8
data: .dword 0x5eed
.balign 4096
first: .zero 4096
.balign 16384
second: .zero 16384
# expect: 0000000000005eed
# expect: T000000000000000d
# expect: 0000000040000250
# expect: 0000000000000000
# expect: 0000000000003c83
# expect: 0000000000000003
# expect: T000000000000000d
# expect: 0000000080000250
# expect: 0000000000000000
# expect: 0000000000003c83
# expect: 0000000000000003
# expect: 0000000000005eed
