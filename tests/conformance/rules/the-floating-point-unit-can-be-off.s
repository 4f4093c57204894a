# FS = 0: every instruction of F and D and every access to fcsr is illegal (3.1.6.6); a change of the registers makes FS dirty.
rule:
  fadd.s fa0, fa1, fa2
  csrr t1, fcsr
  csrw frm, zero
  fld fa0, (zero)
  li t0, 1 << 13
  csrs mstatus, t0
  csrr t1, mstatus
  show t1
  fmv.d.x fa0, zero
  csrr t1, mstatus
  show t1
  csrr t1, sstatus
  show t1
  # A store leaves it clean.
  li t0, 3 << 13
  csrc mstatus, t0
  li t0, 2 << 13
  csrs mstatus, t0
  la s2, data
  fsd fa0, (s2)
  fmv.x.d t1, fa0
  csrr t1, mstatus
  show t1
  csrwi fcsr, 0
  csrr t1, mstatus
  show t1
  # Rounding modes 5 and 6 are illegal, and 7 with such a frm.
  .word 0x00000053 | (5 << 12)
  .word 0x00000053 | (6 << 12)
  csrwi frm, 5
  fadd.d fa0, fa0, fa0
  fadd.d fa0, fa0, fa0, rtz
  fmv.x.d t1, fa0
  csrwi frm, 7
  fsqrt.s fa0, fa0
  csrr t1, fcsr
  show t1
  li t0, -1
  csrw fcsr, t0
  csrr t1, fcsr
  show t1
  csrr t1, fflags
  show t1
  csrr t1, frm
  show t1
  j end
.balign 8
data: .dword 0
