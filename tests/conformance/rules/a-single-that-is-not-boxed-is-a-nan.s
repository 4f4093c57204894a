rule:
  li t0, 3 << 13
  csrs mstatus, t0
  csrwi fcsr, 0
  li t0, 0x3f800000
  fmv.d.x fa0, t0
  fmv.w.x fa1, t0
  fmv.x.d t1, fa1
  show t1
  fadd.s fa2, fa0, fa1
  fmv.x.d t1, fa2
  show t1
  fclass.s t1, fa0
  show t1
  fsgnjn.s fa2, fa0, fa0
  fmv.x.d t1, fa2
  show t1
  fmv.x.w t1, fa0
  show t1
  fmin.s fa2, fa0, fa1
  fmv.x.d t1, fa2
  show t1
  feq.s t1, fa0, fa1
  show t1
  flt.s t1, fa0, fa1
  show t1
  fcvt.w.s t1, fa0
  show t1
  fcvt.d.s fa2, fa0
  fmv.x.d t1, fa2
  show t1
  la s2, data
  fsw fa0, (s2)
  flw fa2, (s2)
  fmv.x.d t1, fa2
  show t1
  csrr t1, fcsr
  show t1
  j end
.balign 8
data: .dword 0
