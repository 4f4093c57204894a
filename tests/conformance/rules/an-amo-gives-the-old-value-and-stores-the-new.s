# Each AMO on each pair of corner operands (unprivileged manual, 14.4): what it gave and what it left.
rule:
  la s2, corners
1: la s3, corners
2: la s4, cell
.macro try name
  ld t0, (s2)
  ld t1, (s3)
  sd t0, (s4)
  \name t2, t1, (s4)
  show t2
  ld t2, (s4)
  show t2
.endm
  try amoswap.w
  try amoadd.w.aq
  try amoxor.w
  try amoand.w.rl
  try amoor.w
  try amomin.w.aqrl
  try amomax.w
  try amominu.w
  try amomaxu.w
  try amoswap.d
  try amoadd.d
  try amoxor.d
  try amoand.d
  try amoor.d
  try amomin.d
  try amomax.d
  try amominu.d
  try amomaxu.d
  addi s3, s3, 8
  la t0, corners_end
  beq s3, t0, 3f
  j 2b
3: addi s2, s2, 8
  beq s2, t0, 4f
  j 1b
4: j end
.balign 8
corners:
  .dword 0, -1, 0x7fffffff80000000, 0x800000007fffffff
corners_end:
cell: .dword 0
