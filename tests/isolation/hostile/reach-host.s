# Reaches for memory that is not the guest's: behind its RAM (where its own RAM really stands, and the VMM's), before it, and nowhere.
kernel:
  la s0, addresses
  la s1, addresses_end
1:
  ld s2, (s0)
  try lb t0, (s2)
  try ld t0, (s2)
  try sw zero, (s2)
  try lr.w t0, (s2)
  try sc.w t0, zero, (s2)
  try amoadd.d t0, zero, (s2)
  try jr s2
  addi s0, s0, 8
  bne s0, s1, 1b
  end

  .data
  .balign 8
addresses:
  .dword 0x80400000, 0x80600000, 0x80400ff8, 0x81000000, 0x82000000, 0x7ffffff8, 0x7fffffff8, 0xffffffff80000000
  .dword 0, 8, 0x1000, 0xf0000000, 0x4080000000, 0x8000000080000000, 0x180000000, -8
addresses_end:
