# Writes all over its memory, then fills it from the beginning, and at last its own code and its handler, with words that grow.
kernel:
  la s0, kernel_end
  li s1, 0x80400000
  li s2, 0x13
1:
  sd s2, (s0)
  addi s2, s2, 0x7
  addi s0, s0, 8
  bltu s0, s1, 1b
  li s0, 0x80000000
2:
  sw s2, (s0)
  fence.i
  addi s2, s2, 0x7
  addi s0, s0, 4
  bltu s0, s1, 2b
  .balign 8
kernel_end:
