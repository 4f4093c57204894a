# QEMU 7.2 tells 0 in mtinst for hlv and hsv; the hart tells the instruction, as for other loads and stores (8.6.3). What it prints here:
rule:
  csrw mideleg, zero
  la s2, first
  la s4, second
  # The guest's gigapages: aligned, not aligned, reserved W without R
  li t0, (0x80000 << 10) | 0xcf
  sd t0, 8(s2)
  li t0, (0x80001 << 10) | 0xcf
  sd t0, 16(s2)
  li t0, (0x80000 << 10) | 0xc5
  sd t0, 24(s2)
  li t0, (0xc0000 << 10) | 0xcf
  sd t0, 32(s2)
  li t0, (0x100000 << 10) | 0xcf
  sd t0, 40(s2)
  # The host's: without U nothing is the guest's; 3 is not aligned.
  li t0, (0x80000 << 10) | 0xdf
  sd t0, 16(s4)
  li t0, (0x80001 << 10) | 0xdf
  sd t0, 24(s4)
  li t0, (0x80000 << 10) | 0xcf
  sd t0, 32(s4)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw vsatp, t0
  csrw satp, t0
  srli t0, s4, 12
  or t0, t0, t1
  csrw hgatp, t0
  hfence.gvma
  hfence.vvma
  li t0, 1 << 8
  csrs hstatus, t0
.irp at, 0x40000000, 0x80000000, 0xc0000000, 0x100000000, 0x140000123, 0x180000000
  li s5, \at
  hlv.b t1, (s5)
  hsv.b t1, (s5)
.endr
  j end
.balign 4096
first: .zero 4096
.balign 16384
second: .zero 16384
# expect: T000000000000000d
# expect: 0000000080000000
# expect: 0000000000000000
# expect: 0000000060004373
# expect: 0000000000000003
# expect: T000000000000000f
# expect: 0000000080000000
# expect: 0000000000000000
# expect: 0000000062604073
# expect: 0000000000000003
# expect: T000000000000000d
# expect: 00000000c0000000
# expect: 0000000000000000
# expect: 0000000060004373
# expect: 0000000000000003
# expect: T000000000000000f
# expect: 00000000c0000000
# expect: 0000000000000000
# expect: 0000000062604073
# expect: 0000000000000003
# expect: T0000000000000015
# expect: 0000000100000000
# expect: 0000000030000000
# expect: 0000000060004373
# expect: 0000000000000003
# expect: T0000000000000017
# expect: 0000000100000000
# expect: 0000000030000000
# expect: 0000000062604073
# expect: 0000000000000003
# expect: T0000000000000015
# expect: 0000000140000123
# expect: 0000000040000048
# expect: 0000000060004373
# expect: 0000000000000003
# expect: T0000000000000017
# expect: 0000000140000123
# expect: 0000000040000048
# expect: 0000000062604073
# expect: 0000000000000003
# expect: T000000000000000d
# expect: 0000000180000000
# expect: 0000000000000000
# expect: 0000000060004373
# expect: 0000000000000003
# expect: T000000000000000f
# expect: 0000000180000000
# expect: 0000000000000000
# expect: 0000000062604073
# expect: 0000000000000003
