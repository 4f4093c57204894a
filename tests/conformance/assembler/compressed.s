# The compressed instructions, each written out.
    .globl  _start
_start:
    c.addi4spn a0, sp, 4
    c.addi4spn s0, sp, 1020
    c.lw    a0, 124(a1)
    c.ld    a0, 248(s1)
    c.sw    a5, 0(a1)
    c.sd    a5, 8(a1)
    c.nop
    c.addi  t6, -32
    c.addi  a0, 31
    c.addiw a0, 0
    c.addiw a0, -1
    c.li    a0, -32
    c.addi16sp sp, 496
    c.addi16sp sp, -512
    c.lui   a0, 31
    c.lui   a0, 0xfffe0
    c.srli  a0, 1
    c.srai  a0, 63
    c.andi  a0, -1
    c.sub   a0, a1
    c.xor   s0, s1
    c.or    a2, a3
    c.and   a4, a5
    c.subw  a0, a1
    c.addw  a0, a1
back:
    c.j     back
    c.j     forth
    c.beqz  a0, back
    c.bnez  s1, forth
    c.slli  t0, 63
    c.lwsp  ra, 252(sp)
    c.ldsp  ra, 504(sp)
forth:
    c.jr    ra
    c.mv    a0, t0
    c.ebreak
    c.jalr  t0
    c.add   a0, t0
    c.swsp  ra, 4(sp)
    c.sdsp  ra, 8(sp)
    c.fld   fa0, 248(a5)
    c.fsd   fs1, 0(s0)
    c.fldsp ft0, 504(sp)
    c.fsdsp fs11, 8(sp)
