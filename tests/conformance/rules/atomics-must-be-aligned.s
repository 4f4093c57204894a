# QEMU 7.2 reports an AMO's fault as a load's, and lets an SC without a reservation fail before it looks at the address (unprivileged 14.2, 14.4). What it prints here:
# LR, SC and AMOs that are not aligned to their size trap (unprivileged manual, 14.2 and 14.4).
rule:
  la s2, data
  addi s3, s2, 4
  addi s4, s2, 2
  lr.d t1, (s3)
  lr.w t1, (s4)
  lr.w t1, (s3)
  show t1
  sc.d t1, zero, (s3)
  sc.w t1, zero, (s4)
  amoadd.d t1, zero, (s3)
  amoadd.w t1, zero, (s4)
  amoadd.w t1, zero, (s3)
  show t1
  j end
.balign 16
data: .dword 0x1122334455667788, 0x99aabbccddeeff00
# expect: T0000000000000004
# expect: 00000000800001a4
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000004
# expect: 00000000800001a2
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 0000000011223344
# expect: T0000000000000006
# expect: 00000000800001a4
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000006
# expect: 00000000800001a2
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000006
# expect: 00000000800001a4
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: T0000000000000006
# expect: 00000000800001a2
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000003
# expect: 0000000011223344
