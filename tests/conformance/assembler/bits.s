# Bit manipulation and cache blocks.
.text
.globl _start
_start:
  andn a0, a1, a2
  andn t6, zero, s11
  orn a0, a1, a2
  orn t6, zero, s11
  xnor a0, a1, a2
  xnor t6, zero, s11
  max a0, a1, a2
  max t6, zero, s11
  maxu a0, a1, a2
  maxu t6, zero, s11
  min a0, a1, a2
  min t6, zero, s11
  minu a0, a1, a2
  minu t6, zero, s11
  rol a0, a1, a2
  rol t6, zero, s11
  ror a0, a1, a2
  ror t6, zero, s11
  rolw a0, a1, a2
  rolw t6, zero, s11
  rorw a0, a1, a2
  rorw t6, zero, s11
  sh1add a0, a1, a2
  sh1add t6, zero, s11
  sh2add a0, a1, a2
  sh2add t6, zero, s11
  sh3add a0, a1, a2
  sh3add t6, zero, s11
  sh1add.uw a0, a1, a2
  sh1add.uw t6, zero, s11
  sh2add.uw a0, a1, a2
  sh2add.uw t6, zero, s11
  sh3add.uw a0, a1, a2
  sh3add.uw t6, zero, s11
  add.uw a0, a1, a2
  add.uw t6, zero, s11
  bclr a0, a1, a2
  bclr t6, zero, s11
  bext a0, a1, a2
  bext t6, zero, s11
  binv a0, a1, a2
  binv t6, zero, s11
  bset a0, a1, a2
  bset t6, zero, s11
  clz a0, a1
  clz t6, zero
  ctz a0, a1
  ctz t6, zero
  cpop a0, a1
  cpop t6, zero
  clzw a0, a1
  clzw t6, zero
  ctzw a0, a1
  ctzw t6, zero
  cpopw a0, a1
  cpopw t6, zero
  sext.b a0, a1
  sext.b t6, zero
  sext.h a0, a1
  sext.h t6, zero
  zext.h a0, a1
  zext.h t6, zero
  orc.b a0, a1
  orc.b t6, zero
  rev8 a0, a1
  rev8 t6, zero
  zext.w a0, a1
  zext.w t6, zero
  rori a0, a1, 0
  rori t6, s11, 63
  bclri a0, a1, 0
  bclri t6, s11, 63
  bexti a0, a1, 0
  bexti t6, s11, 63
  binvi a0, a1, 0
  binvi t6, s11, 63
  bseti a0, a1, 0
  bseti t6, s11, 63
  slli.uw a0, a1, 0
  slli.uw t6, s11, 63
  ror a0, a1, 0
  ror t6, s11, 63
  bclr a0, a1, 0
  bclr t6, s11, 63
  bext a0, a1, 0
  bext t6, s11, 63
  binv a0, a1, 0
  binv t6, s11, 63
  bset a0, a1, 0
  bset t6, s11, 63
  roriw a0, a1, 0
  roriw t6, s11, 31
  rorw a0, a1, 0
  rorw t6, s11, 31
  cbo.inval (a0)
  cbo.inval 0(t6)
  cbo.clean (a0)
  cbo.clean 0(t6)
  cbo.flush (a0)
  cbo.flush 0(t6)
  cbo.zero (a0)
  cbo.zero 0(t6)
