rule:
  la s2, data
  # Region 0: read-only NAPOT of 4 KiB over the data. Region 1: all.
  srli t0, s2, 2
  ori t0, t0, 0x1ff
  csrw pmpaddr0, t0
  li t0, -1
  csrw pmpaddr1, t0
  li t0, 0x1f19
  csrw pmpcfg0, t0
  ld t1, (s2)
  sd t1, (s2)
  enter s, 1f
1: ld t1, (s2)
  sd t1, (s2)
  li t0, 4096
  add t0, t0, s2
  sd t1, (t0)
  leave
  # The same locked: M, too.
  li t0, 0x1f99
  csrw pmpcfg0, t0
  ld t1, (s2)
  sd t1, (s2)
  csrw pmpcfg0, zero
  csrr t1, pmpcfg0
  show t1
  csrw pmpaddr0, zero
  csrr t1, pmpaddr0
  show t1
  j end
.balign 4096
data: .zero 8192
