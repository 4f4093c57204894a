# F and D: every instruction, the rounding modes, and the pseudo-instructions of floating point.
    .globl _start
_start:
    flw     fa0, 8(a1)
    flw     ft11, -2048(zero)
    fsw     fs0, 2047(sp)
    fsw     f31, (a0)
    fmadd.s fa0, fa1, fa2, fa3
    fmadd.s f0, f10, f20, f31, rne
    fmsub.s fa0, fa1, fa2, fa3
    fmsub.s f0, f10, f20, f31, rtz
    fnmsub.s fa0, fa1, fa2, fa3
    fnmsub.s f0, f10, f20, f31, rdn
    fnmadd.s fa0, fa1, fa2, fa3
    fnmadd.s f0, f10, f20, f31, rup
    fadd.s  ft0, fs1, fa7
    fadd.s  ft8, fs11, ft11, rmm
    fsub.s  ft0, fs1, fa7
    fsub.s  ft8, fs11, ft11, dyn
    fmul.s  ft0, fs1, fa7
    fmul.s  ft8, fs11, ft11, rtz
    fdiv.s  ft0, fs1, fa7
    fdiv.s  ft8, fs11, ft11, rne
    fsqrt.s fa0, fa1
    fsqrt.s fa0, fa1, rup
    fsgnj.s fa0, fa1, fa2
    fsgnjn.s fa0, fa1, fa2
    fsgnjx.s fa0, fa1, fa2
    fmin.s fa0, fa1, fa2
    fmax.s fa0, fa1, fa2
    fmv.s fa0, fa1
    fneg.s fa0, fa1
    fabs.s fa0, fa1
    fle.s a0, fa1, fa2
    flt.s a0, fa1, fa2
    feq.s a0, fa1, fa2
    fge.s a0, fa1, fa2
    fgt.s a0, fa1, fa2
    fclass.s a0, fa1
    fcvt.w.s a0, fa1
    fcvt.w.s a0, fa1, rtz
    fcvt.s.w fa0, a1
    fcvt.s.w fa0, a1, rdn
    fcvt.wu.s a0, fa1
    fcvt.wu.s a0, fa1, rtz
    fcvt.s.wu fa0, a1
    fcvt.s.wu fa0, a1, rdn
    fcvt.l.s a0, fa1
    fcvt.l.s a0, fa1, rtz
    fcvt.s.l fa0, a1
    fcvt.s.l fa0, a1, rdn
    fcvt.lu.s a0, fa1
    fcvt.lu.s a0, fa1, rtz
    fcvt.s.lu fa0, a1
    fcvt.s.lu fa0, a1, rdn
    fmv.x.w a0, fa1
    fmv.w.x fa0, a1
    fld     fa0, 8(a1)
    fld     ft11, -2048(zero)
    fsd     fs0, 2047(sp)
    fsd     f31, (a0)
    fmadd.d fa0, fa1, fa2, fa3
    fmadd.d f0, f10, f20, f31, rne
    fmsub.d fa0, fa1, fa2, fa3
    fmsub.d f0, f10, f20, f31, rtz
    fnmsub.d fa0, fa1, fa2, fa3
    fnmsub.d f0, f10, f20, f31, rdn
    fnmadd.d fa0, fa1, fa2, fa3
    fnmadd.d f0, f10, f20, f31, rup
    fadd.d  ft0, fs1, fa7
    fadd.d  ft8, fs11, ft11, rmm
    fsub.d  ft0, fs1, fa7
    fsub.d  ft8, fs11, ft11, dyn
    fmul.d  ft0, fs1, fa7
    fmul.d  ft8, fs11, ft11, rtz
    fdiv.d  ft0, fs1, fa7
    fdiv.d  ft8, fs11, ft11, rne
    fsqrt.d fa0, fa1
    fsqrt.d fa0, fa1, rup
    fsgnj.d fa0, fa1, fa2
    fsgnjn.d fa0, fa1, fa2
    fsgnjx.d fa0, fa1, fa2
    fmin.d fa0, fa1, fa2
    fmax.d fa0, fa1, fa2
    fmv.d fa0, fa1
    fneg.d fa0, fa1
    fabs.d fa0, fa1
    fle.d a0, fa1, fa2
    flt.d a0, fa1, fa2
    feq.d a0, fa1, fa2
    fge.d a0, fa1, fa2
    fgt.d a0, fa1, fa2
    fclass.d a0, fa1
    fcvt.w.d a0, fa1
    fcvt.w.d a0, fa1, rtz
    fcvt.d.w fa0, a1
    fcvt.wu.d a0, fa1
    fcvt.wu.d a0, fa1, rtz
    fcvt.d.wu fa0, a1
    fcvt.l.d a0, fa1
    fcvt.l.d a0, fa1, rtz
    fcvt.d.l fa0, a1
    fcvt.d.l fa0, a1, rdn
    fcvt.lu.d a0, fa1
    fcvt.lu.d a0, fa1, rtz
    fcvt.d.lu fa0, a1
    fcvt.d.lu fa0, a1, rdn
    fmv.x.d a0, fa1
    fmv.d.x fa0, a1
    fcvt.s.d fa0, fa1
    fcvt.s.d fa0, fa1, rtz
    fcvt.d.s fa0, fa1
    fmv.x.s a0, fa1
    fmv.s.x fa0, a1
    frcsr a0
    frsr a0
    fscsr a0
    fscsr a0, a1
    fssr a0
    fssr a0, a1
    frrm a0
    fsrm a0
    fsrm a0, a1
    fsrmi 3
    fsrmi a0, 3
    frflags a0
    fsflags a0
    fsflags a0, a1
    fsflagsi 31
    fsflagsi a0, 0
    flw fa0, number, t0
    fld fa0, number, t0
    fsw fa0, number, t1
    fsd fa0, number, t1
    .data
    .balign 8
number:
    .dword 0x3ff0000000000000
    .double 1.0, -1.5, 0.1, 2.5e-3, 1e308, 1.7976931348623157e308, 4.9406564584124654e-324, 2.2250738585072011e-308, 0.0, -0.0, 12, 123456789.123456789
    .double 9007199254740993.0, 1e23
    .float 1.0, -1.5, 0.1, 3.14159265358979, 1e38, 1e-45, 1.17549429e-38, 16777217.0, 1.00000017881393432617187499, 7
    .single 2.5
