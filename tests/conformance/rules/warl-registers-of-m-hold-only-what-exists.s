# Written with zeros, ones and two patterns; each must read as a value that exists (3.1).
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
  # medeleg: without bit 11, which QEMU 7.2 can set; mideleg, mie: without LCOFI, which it has without Sscofpmf
  warl medeleg, 0xfffffffffffff7ff
  csrw medeleg, zero
  warl mideleg, 0xffffffffffffcfff
  csrw mideleg, zero
  warl mie, 0xffffffffffffcfff
  csrw mie, zero
  warl mcounteren, 7
  warl scounteren, 7
  warl mscratch, -1
  warl mcause, -1
  warl mtval, -1
  # mepc: QEMU 7.2 keeps bit 0
  warl mepc, -2
  warl sepc, -2
  warl sscratch, -1
  warl stval, -1
  warl scause, -1
  # stvec: without the reserved modes
  li t0, -4
  csrw stvec, t0
  csrr t1, stvec
  show t1
  li t0, -3
  csrw stvec, t0
  csrr t1, stvec
  show t1
  warl mtval2, -1
  warl fcsr, 0
  warl misa, -1
  j end
