# QEMU 7.2 gives VS exception 2 as 1, as if it were an interrupt, and has no virtual instruction for VU's access to sstatus (8.6.1). What it prints here:
# VU's call and VS's illegal instruction go to VS; the rest, to HS by medeleg, or to M (8.6.2).
rule:
  la t0, in_vs
  csrw vstvec, t0
  la t0, in_hs
  csrw stvec, t0
  li t0, (1 << 8) | (1 << 2) | (1 << 3)
  csrw medeleg, t0
  csrw hedeleg, t0
  li s5, 0
  enter vu, 1f
1: ecall
  .word 0
  csrr t1, mstatus
  ebreak
  # A virtual instruction is not delegated to VS, nor here to HS.
  csrr t1, sstatus
  li s6, 1
  ecall
after:
  show s5
  # And with hedeleg clear: to HS.
  csrw hedeleg, zero
  li s5, 0
  enter vu, 2f
2: ecall
  .word 0
  li s6, 2
  ecall
  j end
finish:
  csrr t1, hedeleg
  show t1
  li t0, -1
  csrw hedeleg, t0
  csrr t1, hedeleg
  show t1
  csrw hideleg, t0
  csrr t1, hideleg
  show t1
  csrw medeleg, t0
  csrr t1, medeleg
  li t0, 1 << 11
  not t0, t0
  and t1, t1, t0
  show t1
  j end
.balign 4
in_vs:
  csrr t0, scause
  slli s5, s5, 8
  ori t0, t0, 0x80
  or s5, s5, t0
  csrr t0, sepc
  addi t0, t0, 4
  csrw sepc, t0
  li t1, 1
  beq s6, t1, 1f
  sret
1: li s6, 0
  la s11, after
  ecall
.balign 4
in_hs:
  csrr t0, scause
  slli s5, s5, 8
  ori t0, t0, 0x40
  or s5, s5, t0
  csrr t0, hstatus
  andi t0, t0, 0x180
  slli s5, s5, 12
  or s5, s5, t0
  csrr t0, sepc
  addi t0, t0, 4
  csrw sepc, t0
  li t1, 2
  beq s6, t1, 1f
  sret
1: la s11, 2f
  ecall
2: show s5
  j finish
# expect: T0000000000000016
# expect: 0000000010002373
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000004
# expect: T000000000000000a
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000005
# expect: 0000008882828388
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0480804208048080
# expect: 0000000000000000
# expect: 000000000000b1ff
# expect: 0000000000000444
# expect: 0000000000f0b7ff
