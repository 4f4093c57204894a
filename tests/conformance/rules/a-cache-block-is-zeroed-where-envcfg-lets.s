# QEMU 7.2 has no Zicboz. What it prints here:
# cbo.zero zeroes the 64 bytes that hold the address; menvcfg.CBZE is for S, senvcfg.CBZE beside it for U, henvcfg.CBZE for a guest (CMO 19.7; 8.2.5).
rule:
.macro fill
  li t0, -1
  mv t1, s2
  li t2, 24
0: sd t0, (t1)
  addi t1, t1, 8
  addi t2, t2, -1
  bnez t2, 0b
.endm
.macro sum
  # How many words of the 24 are zero, and the first of them
  mv t1, s2
  li t2, 24
  li s5, 0
0: ld t0, (t1)
  seqz t0, t0
  slli s5, s5, 1
  or s5, s5, t0
  addi t1, t1, 8
  addi t2, t2, -1
  bnez t2, 0b
  show s5
.endm
  la s2, data
  addi s3, s2, 64
  addi s4, s2, 100
  fill
  cbo.zero (s3)
  sum
  fill
  cbo.zero (s4)
  sum
  fill
  csrw menvcfg, zero
  enter s, 1f
1: cbo.zero (s3)
  leave
  csrwi menvcfg, 0
  li t0, 0x80
  csrs menvcfg, t0
  enter s, 2f
2: cbo.zero (s3)
  leave
  sum
  enter u, 3f
3: cbo.zero (s3)
  leave
  li t0, 0x80
  csrw senvcfg, t0
  fill
  enter u, 4f
4: cbo.zero (s3)
  leave
  sum
  # A guest: henvcfg
  enter vs, 5f
5: cbo.zero (s3)
  leave
  li t0, 0x80
  csrw henvcfg, t0
  fill
  enter vs, 6f
6: cbo.zero (s3)
  leave
  sum
  # Where nothing is: a store access fault
  li s6, 0x10000000000
  cbo.zero (s6)
  j end
.balign 64
data: .zero 192
# expect: 000000000000ff00
# expect: 000000000000ff00
# expect: T0000000000000002
# expect: 000000000049a00f
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 000000000000ff00
# expect: T0000000000000002
# expect: 000000000049a00f
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 000000000000ff00
# expect: T0000000000000016
# expect: 000000000049a00f
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: 000000000000ff00
# expect: T0000000000000007
# expect: 0000010000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
