rule:
  la s2, corners
1: ld s0, (s2)
  ld s1, 8(s2)
.macro try text
  mv a2, s0
  mv a3, s1
  \text
  mv s3, a2
  show s3
.endm
  try "c.add a2, a3"
  try "c.sub a2, a3"
  try "c.xor a2, a3"
  try "c.or a2, a3"
  try "c.and a2, a3"
  try "c.subw a2, a3"
  try "c.addw a2, a3"
  try "c.mv a2, a3"
  try "c.addi a2, -32"
  try "c.addi a2, 31"
  try "c.addiw a2, 31"
  try "c.addiw a2, 0"
  try "c.li a2, -32"
  try "c.lui a2, 0xfffe0"
  try "c.lui a2, 31"
  try "c.slli a2, 63"
  try "c.srli a2, 63"
  try "c.srai a2, 63"
  try "c.srai a2, 1"
  try "c.andi a2, -32"
  addi s2, s2, 8
  la t0, corners_end
  beq s2, t0, 2f
  j 1b
2: la a2, cell
  ld a3, (s2)
  c.sd a3, 8(a2)
  c.sw a3, 64(a2)
  c.lw a4, 8(a2)
  mv s3, a4
  c.ld a5, 8(a2)
  mv s4, a5
  c.ld a5, 64(a2)
  mv s5, a5
  mv sp, a2
  c.sdsp a3, 128(sp)
  c.swsp a3, 252(sp)
  c.ldsp a4, 128(sp)
  mv s6, a4
  c.lwsp a4, 252(sp)
  mv s7, a4
  c.addi4spn a4, sp, 1020
  sub s8, a4, sp
  c.addi16sp sp, -512
  sub s9, a2, sp
  show s3
  show s4
  show s5
  show s6
  show s7
  show s8
  show s9
  # Links are of two bytes.
  la t0, 3f
  c.jalr t0
4: j end
3: la t1, 4b
  sub t1, ra, t1
  show t1
  li a2, 0
  c.beqz a2, 5f
  j end
5: li a2, 1
  c.bnez a2, 6f
  j end
6: c.j 7f
  j end
7: la t0, 8f
  c.jr t0
  j end
8: c.nop
  j end
.balign 8
corners: .dword 0, 1, -1, 0x7fffffffffffffff, 0x8000000000000000, 0x80000000, 0x123456789abcdef
corners_end: .dword 0xfedcba9876543210
cell: .zero 512
