# QEMU 7.2 leaves MPRV as it is; a return to a mode below M clears it (3.1.6.3). What it prints here:
# mret: MIE = MPIE, MPIE = 1, MPP = U, MPRV = 0 below M; sret likewise (privileged manual, 3.1.6.1 and 3.3.2).
rule:
.macro try_mret value
  li t0, \value
  csrw mstatus, t0
  la t0, 1f
  csrw mepc, t0
  mret
1: leave
  csrr t1, mstatus
  li t0, 0x3ff
  slli t0, t0, 36
  not t0, t0
  and t1, t1, t0
  show t1
.endm
.macro try_mret_m value
  li t0, \value
  csrw mstatus, t0
  la t0, 1f
  csrw mepc, t0
  mret
1: csrr t1, mstatus
  show t1
.endm
  try_mret_m 0x1800
  try_mret_m 0x1880
  try_mret_m 0x21880
  try_mret 0x20080
  try_mret 0x20000
  try_mret 0x20880
  try_mret 0x00800
  # sret in M mode
.macro try_sret value
  li t0, \value
  csrw mstatus, t0
  la t0, 1f
  csrw sepc, t0
  sret
1: leave
  csrr t1, mstatus
  show t1
.endm
  try_sret 0x20120
  try_sret 0x20100
  try_sret 0x20020
  try_sret 0x00000
  j end
# expect: 0000000a00000080
# expect: 0000000a00000088
# expect: 0000000a00020088
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000a00000088
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000a00000080
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000a00000088
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000a00000080
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000a000000a2
# expect: T0000000000000009
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000001
# expect: 0000000a000000a0
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000a000000a2
# expect: T0000000000000008
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000000000000
# expect: 0000000a000000a0
