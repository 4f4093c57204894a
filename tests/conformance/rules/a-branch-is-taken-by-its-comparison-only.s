# Each branch on each pair of corner operands: one bit for each that is taken (unprivileged manual, 2.5.2).
rule:
  la s2, corners
1: la s3, corners
2: ld t0, (s2)
  ld t1, (s3)
  li s4, 0
  beq t0, t1, 3f
  j 4f
3: ori s4, s4, 1
4: bne t0, t1, 3f
  j 4f
3: ori s4, s4, 2
4: blt t0, t1, 3f
  j 4f
3: ori s4, s4, 4
4: bge t0, t1, 3f
  j 4f
3: ori s4, s4, 8
4: bltu t0, t1, 3f
  j 4f
3: ori s4, s4, 16
4: bgeu t0, t1, 3f
  j 4f
3: ori s4, s4, 32
4: show s4
  addi s3, s3, 8
  la t0, corners_end
  bne s3, t0, 2b
  addi s2, s2, 8
  bne s2, t0, 1b
  j end
.balign 8
corners:
  .dword 0, 1, -1, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffff
corners_end:
