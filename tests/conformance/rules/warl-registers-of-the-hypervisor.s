# QEMU 7.2 ignores writes to htinst, which holds here what is written, as htval does (8.2.9: at least what a trap writes). What it prints here:
rule:
.macro warl csr, mask
  li s2, \mask
.irp value, 0, -1, 0x5555555555555555, 0xaaaaaaaaaaaaaaaa
  li t0, \value
  csrw \csr, t0
  csrr t1, \csr
  and t1, t1, s2
  show t1
.endr
.endm
  csrw mideleg, zero
  # hstatus: the fields that exist here (QEMU 7.2 keeps the rest)
  warl hstatus, 0x7003c0
  csrw hstatus, zero
  warl hedeleg, -1
  csrw hedeleg, zero
  warl hideleg, 0x444
  csrw hideleg, zero
  warl hvip, -1
  csrw hvip, zero
  warl hie, 0x444
  csrw hie, zero
  warl hcounteren, 7
  warl htval, -1
  warl htinst, -1
  warl htimedelta, -1
  warl vsscratch, -1
  warl vsepc, -2
  warl vscause, -1
  warl vstval, -1
  warl vsstatus, 0xc6122
  csrw vsstatus, zero
  warl mtinst, -1
  # hgatp: Sv39x4 with every VMID bit and every bit of the root; of a write with a mode that does not exist all but the mode is taken (8.2.10; not so in satp).
  li t0, (8 << 60) | (0x3fff << 44) | 0xffffffffffc
  csrw hgatp, t0
  csrr t1, hgatp
  show t1
  csrw hgatp, zero
  csrr t1, hgatp
  show t1
  li t0, (9 << 60) | 0x80000
  csrw hgatp, t0
  csrr t1, hgatp
  show t1
  li t0, (10 << 60) | (5 << 44) | 0x90000
  csrw hgatp, t0
  csrr t1, hgatp
  show t1
  csrw hgatp, zero
  csrr t1, hgeie
  show t1
  csrr t1, hgeip
  show t1
  csrw hgeip, zero
  j end
# expect: 0000000000000000
# expect: 00000000007003c0
# expect: 0000000000500140
# expect: 0000000000200280
# expect: 0000000000000000
# expect: 000000000000b1ff
# expect: 0000000000001155
# expect: 000000000000a0aa
# expect: 0000000000000000
# expect: 0000000000000444
# expect: 0000000000000444
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000444
# expect: 0000000000000444
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000444
# expect: 0000000000000444
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000007
# expect: 0000000000000005
# expect: 0000000000000002
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: fffffffffffffffe
# expect: 5555555555555554
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 0000000000000000
# expect: 00000000000c6122
# expect: 0000000000044100
# expect: 0000000000082022
# expect: 0000000000000000
# expect: ffffffffffffffff
# expect: 5555555555555555
# expect: aaaaaaaaaaaaaaaa
# expect: 83fffffffffffffc
# expect: 0000000000000000
# expect: 9000000000080000
# expect: 9000500000090000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000002
# expect: 00000000e1201073
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
