# Devices with every width, aligned and not, in the registers and between them.
kernel:
  la s0, places
  la s1, places_end
1:
  ld s2, (s0)
  .irp load, lb, lbu, lh, lhu, lw, lwu, ld
  .irp offset, 0, 1, 2, 3, 4, 5, 7
  try \load t0, \offset(s2)
  .endr
  .endr
  .irp store, sb, sh, sw, sd
  .irp offset, 1, 3, 4, 6
  try \store zero, \offset(s2)
  .endr
  .endr
  # Into x0, and with the address register as the destination.
  try lbu zero, (s2)
  mv t1, s2
  try lbu t1, (t1)
  try jr s2
  addi s0, s0, 8
  bne s0, s1, 1b
  end

  .data
  .balign 8
places:
  .dword 0x10000000, 0x10000008, 0x100000f8, 0x100000ff, 0x10000100, 0xc000000, 0xc000028, 0xc001000, 0xc002000, 0xc002080
  .dword 0xc200000, 0xc201000, 0xc201004, 0xc5ffff8, 0xc600000, 0x100004, 0x100ff8, 0x101000
places_end:
