# QEMU 7.2 has an access fault for a fault of the guest's table while the host's satp is Bare, and looks neither at X for hlvx nor at vsstatus.SUM (8.5.1). What it prints here:
# hlv and hsv act as VS or VU by SPVP, with the guest's own SUM and MXR; hlvx needs X (8.5.1, 8.2.1). U needs hstatus.HU.
rule:
  la s2, first
  la s3, middle
  srli t0, s3, 2
  ori t0, t0, 1
  sd t0, 8(s2)
  # Four pages of 2 MiB: of S read-write, of U read-write, of S execute only, of U execute and read
  li t0, (0x80000 << 10) | 0xc7
  sd t0, (s3)
  li t0, (0x80000 << 10) | 0xd7
  sd t0, 8(s3)
  li t0, (0x80000 << 10) | 0xc9
  sd t0, 16(s3)
  li t0, (0x80000 << 10) | 0xdb
  sd t0, 24(s3)
  srli t0, s2, 12
  li t1, 8 << 60
  or t0, t0, t1
  csrw vsatp, t0
  csrw hgatp, zero
  hfence.gvma
  hfence.vvma
  la t0, note
  csrw mtvec, t0
  li s6, 0x40000000
  li s7, 0x40200000
  li s8, 0x40400000
  li s9, 0x40600000
.macro noted
  li s5, 1
.irp at, s6, s7, s8, s9
  hlv.w t1, (\at)
  hlvx.wu t1, (\at)
.endr
  show s5
.endm
  csrw hstatus, zero
  noted
  li t0, 1 << 8
  csrw hstatus, t0
  noted
  # vsstatus.SUM
  li t0, 1 << 18
  csrw vsstatus, t0
  noted
  # vsstatus.MXR, and sstatus.MXR
  li t0, 1 << 19
  csrw vsstatus, t0
  noted
  csrw vsstatus, zero
  csrs mstatus, t0
  noted
  csrc mstatus, t0
  # From HS, from U without HU and with
  enter s, 1f
1:
  li s5, 1
  hlv.w t1, (s6)
  leave
  show s5
  enter u, 2f
2: li s5, 1
  hlv.w t1, (s6)
  leave
  show s5
  li t0, 1 << 9
  csrs hstatus, t0
  enter u, 3f
3: li s5, 1
  hlv.w t1, (s6)
  leave
  show s5
  csrw vsatp, zero
  hfence.vvma
  enter vs, 4f
4: li s5, 1
  hlv.w t1, (s6)
  leave
  show s5
  # The widths and signs
  la s4, data
  hlv.b t1, (s4)
  show t1
  hlv.bu t1, (s4)
  show t1
  hlv.h t1, (s4)
  show t1
  hlv.hu t1, (s4)
  show t1
  hlv.w t1, (s4)
  show t1
  hlv.wu t1, (s4)
  show t1
  hlv.d t1, (s4)
  show t1
  hlvx.hu t1, (s4)
  show t1
  hlvx.wu t1, (s4)
  show t1
  hsv.b zero, (s4)
  ld t1, (s4)
  show t1
  li t2, 0x1234
  hsv.h t2, (s4)
  ld t1, (s4)
  show t1
  hsv.w t2, (s4)
  ld t1, (s4)
  show t1
  hsv.d t2, (s4)
  ld t1, (s4)
  show t1
  j end
.balign 4
note:
  csrr t5, mcause
  addi t6, t5, -8
  sltiu t6, t6, 4
  bnez t6, 1f
  slli s5, s5, 6
  or s5, s5, t5
  csrr t5, mepc
  addi t5, t5, 4
  csrw mepc, t5
  mret
1: li t5, 1 << 39
  csrc mstatus, t5
  li t5, 3 << 11
  csrs mstatus, t5
  csrw mepc, s11
  mret
.balign 8
data: .dword 0xf1e2d3c4b5a69788
.balign 4096
first: .zero 4096
middle: .zero 4096
# expect: 000000004d34d34d
# expect: 000000134d34d34d
# expect: 000000000004d34d
# expect: 000000004d34d34d
# expect: 000000004d34d34d
# expect: 0000000000000001
# expect: 0000000000000042
# expect: 0000000000000001
# expect: 0000000000000056
# expect: ffffffffffffff88
# expect: 0000000000000088
# expect: ffffffffffff9788
# expect: 0000000000009788
# expect: ffffffffb5a69788
# expect: 00000000b5a69788
# expect: f1e2d3c4b5a69788
# expect: 0000000000009788
# expect: 00000000b5a69788
# expect: f1e2d3c4b5a69700
# expect: f1e2d3c4b5a61234
# expect: f1e2d3c400001234
# expect: 0000000000001234
