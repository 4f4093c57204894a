# Makes hypercalls with other people's memory, with nonsense, and with too much. Each call is answered by a letter: a = done, \ = -5 ...
kernel:
  la s0, calls
  la s1, calls_end
1:
  ld a7, 0(s0)
  ld a6, 8(s0)
  ld a0, 16(s0)
  ld a1, 24(s0)
  ld a2, 32(s0)
  ecall
  addi a0, a0, 'a'
  andi a0, a0, 127
  li a7, 1
  ecall
  addi s0, s0, 40
  bne s0, s1, 1b
  end

  .equ VMM, 0x0a004856
  .data
  .balign 8
calls:
  # Lists of updates: in the VMM's memory, over the end of RAM, around the address space, too long, longer than all.
  .dword VMM, 0, 0x80400000, 1, 0,  VMM, 0, 0x80000000 - 24, 1, 0,  VMM, 0, 0x803ffff0, 1, 0,  VMM, 0, -8, 1, 0,  VMM, 0, 0x80200000, 171, 0,  VMM, 0, 0x80200000, -1, 0
  # Entries: outside, not aligned, the second outside; an entry of a table of the guest itself that leads outside.
  .dword VMM, 0, outside, 1, 0,  VMM, 0, odd, 1, 0,  VMM, 0, second_outside, 2, 0,  VMM, 0, leads_outside, 1, 0,  VMM, 0, 0, 0, 0
  # Tables: modes that are not there, a root outside, flags that are not there.
  .dword VMM, 1, 10 << 60, 0, 0,  VMM, 1, 1 << 60, 1, 0,  VMM, 1, 0, 2, 0,  VMM, 1, 0, 1, 0
  # Fences: of everything, around the end, of a space that cannot be.
  .dword VMM, 2, 0, -1, -1,  VMM, 2, -4096, 8192, 0,  VMM, 2, 0x80200000, 4096, 0x10000,  VMM, 2, 0x80200000, 4096, 1
  # Texts: from nowhere, over the end, of no length.
  .dword VMM, 3, 0x80400000, 8, 0,  VMM, 3, 0x803ffff8, 16, 0,  VMM, 3, -1, 4096, 0,  VMM, 3, 0, 0, 0
  # Shared state: not aligned, outside, over the end, around, nowhere.
  .dword VMM, 4, 0x80300008, 0, 0,  VMM, 4, 0x80400000, 0, 0,  VMM, 4, 0, 0, 0,  VMM, 4, -64, 0, 0,  VMM, 4, -1, 0, 0
  .dword VMM, 5, 0, 0, 0,  VMM, -1, -1, -1, -1
calls_end:
outside:        .dword 0x80400000, 0xcf, 0
odd:            .dword 0x80300001, 0xcf, 0
second_outside: .dword 0x80300000, 0xff, 0,  0x7ffffff8, 0xcf, 0
leads_outside:  .dword 0x80301000, (0x80400000 >> 2) | 0xdf, 0x80000000
