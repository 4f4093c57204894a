rule:
  li t0, 0x1111
  csrw sscratch, t0
  li t0, 0x2222
  csrw vsscratch, t0
  li t0, 0x3330
  csrw vsepc, t0
  li t0, 0x4444
  csrw vstval, t0
  li t0, 5
  csrw vscause, t0
  enter vs, 1f
1: csrr s2, sscratch
  csrr s3, sepc
  csrr s4, stval
  csrr s5, scause
  li t0, 0x5555
  csrw sscratch, t0
  leave
  show s2
  show s3
  show s4
  show s5
  csrr t1, sscratch
  show t1
  csrr t1, vsscratch
  show t1
  j end
# QEMU 7.2 leaves what VS wrote to sscratch in the register of HS, too (8.2.5). What it prints here:
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: 0000000000002222
# expect: 0000000000003330
# expect: 0000000000004444
# expect: 0000000000000005
# expect: 0000000000001111
# expect: 0000000000005555
