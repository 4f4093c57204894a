# QEMU 7.2 has no Zicond. What it prints here:
rule:
  la s2, corners
1: la s3, corners
2: ld t0, (s2)
  ld t1, (s3)
  czero.eqz t2, t0, t1
  show t2
  czero.nez t2, t0, t1
  show t2
  addi s3, s3, 8
  la t0, corners_end
  bne s3, t0, 2b
  addi s2, s2, 8
  bne s2, t0, 1b
  j end
.balign 8
corners: .dword 0, 1, 0x8000000000000000
corners_end:
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000000000001
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 8000000000000000
# expect: 8000000000000000
# expect: 0000000000000000
# expect: 8000000000000000
# expect: 0000000000000000
