# Guest-virtual 0x4000_0000: 2 MiB pages by the guest's table, over guest-physical 0x8000_0000 and up, which hgatp maps page by page of 1 GiB.
rule:
  la s2, first
  la s3, middle
  la s4, second
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  li t0, (0x80000 << 10) | 0xcf
  sd t0, (s3)
  li t0, (0xc0000 << 10) | 0xcf
  sd t0, 8(s3)
  li t0, (0x100000 << 10) | 0xcf
  sd t0, 16(s3)
  # RAM is the guest's at its own addresses; the next gigabyte is there without W; nothing beyond.
  li t0, (0x80000 << 10) | 0xdf
  sd t0, 16(s4)
  li t0, (0x80000 << 10) | 0x5b
  sd t0, 24(s4)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw vsatp, t0
  srli t0, s4, 12
  or t0, t0, t1
  csrw hgatp, t0
  hfence.gvma
  hfence.vvma
  li t0, 1 << 8
  csrs hstatus, t0
  li s5, 0x40000000
  hlv.d t1, (s5)
  hlvx.wu t1, (s5)
  li s5, 0x40200100
  hlv.w t1, (s5)
  hsv.w t1, (s5)
  li s5, 0x40400100
  hlv.b t1, (s5)
  hsv.d t1, (s5)
  li s5, 0x40600100
  hlv.hu t1, (s5)
  # Without the guest's table in the second stage: a fault of the walk.
  sd zero, 16(s4)
  hfence.gvma
  li s5, 0x40000000
  hlv.d t1, (s5)
  hsv.b t1, (s5)
  j end
.balign 4096
first: .zero 4096
middle: .zero 4096
.balign 16384
second: .zero 16384
# QEMU 7.2 tells no instruction for hlv and hsv in M, calls an invalid entry of the guest an access fault, and a store that fails in the walk a load (8.5.1, 8.6.3). What it prints here:
# expect: T0000000000000017
# expect: 0000000040200100
# expect: 0000000030000040
# expect: 000000006a604073
# expect: 0000000000000003
# expect: T0000000000000015
# expect: 0000000040400100
# expect: 0000000040000040
# expect: 0000000060004373
# expect: 0000000000000003
# expect: T0000000000000017
# expect: 0000000040400100
# expect: 0000000040000040
# expect: 000000006e604073
# expect: 0000000000000003
# expect: T000000000000000d
# expect: 0000000040600100
# expect: 0000000000000000
# expect: 0000000064104373
# expect: 0000000000000003
# expect: T0000000000000015
# expect: 0000000040000000
# expect: 0000000020000402
# expect: 0000000000003000
# expect: 0000000000000003
# expect: T0000000000000017
# expect: 0000000040000000
# expect: 0000000020000402
# expect: 0000000000003000
# expect: 0000000000000003
