rule:
  la s2, data
  # 0: NA4 of the second word, no rights; 1 and 2: TOR over 64 bytes, read-only; 3: all.
  addi t0, s2, 4
  srli t0, t0, 2
  csrw pmpaddr0, t0
  srli t0, s2, 2
  csrw pmpaddr1, t0
  addi t0, t0, 16
  csrw pmpaddr2, t0
  li t0, -1
  csrw pmpaddr3, t0
  li t0, 0x1f090010
  csrw pmpcfg0, t0
  csrr t1, pmpcfg0
  show t1
  enter s, 1f
1: lw t1, (s2)
  lw t1, 4(s2)
  sw t1, 4(s2)
  sw t1, (s2)
  lw t1, 60(s2)
  sw t1, 60(s2)
  sw t1, 64(s2)
  # Over the end of a region: it fails, whatever the other says.
  ld t1, (s2)
  ld t1, 8(s2)
  leave
  # M mode is not held by what is not locked.
  sw t1, 4(s2)
  # W without R is reserved; A = NA4 locked; what follows TOR locked is locked, too.
  li t0, 0x1f890010
  csrw pmpcfg0, t0
  csrw pmpaddr1, zero
  csrr t1, pmpaddr1
  la t0, data
  srli t0, t0, 2
  xor t1, t1, t0
  show t1
  csrw pmpaddr2, zero
  csrr t1, pmpaddr2
  sub t1, t1, t0
  show t1
  sw t1, 8(s2)
  lw t1, 8(s2)
  csrw pmpcfg0, zero
  csrr t1, pmpcfg0
  show t1
  # Nothing matches: S has no access.
  csrw pmpaddr3, zero
  la s10, 2f
  la t0, 3f
  csrw mepc, t0
  li t0, 3 << 11
  csrc mstatus, t0
  li t0, 1 << 11
  csrs mstatus, t0
  la t0, 2f
  csrw mtvec, t0
  mret
3: nop
.balign 4
2: csrr t1, mcause
  show t1
  j end
.balign 64
data: .zero 128
