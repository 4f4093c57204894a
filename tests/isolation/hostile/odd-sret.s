# Returns to odd, wild and forbidden places, into both modes.
kernel:
  la s0, targets
  la s1, targets_end
1:
  ld s2, (s0)
  .irp spp, 0, 0x100
  li t0, 0x100
  csrc sstatus, t0
  li t0, \spp
  csrs sstatus, t0
  csrw sepc, s2
  csrr s3, sepc
  try sret
  .endr
  addi s0, s0, 8
  bne s0, s1, 1b
  # To user mode at a place that is there: a user may call, but not return.
  la t0, 2f
  ori t0, t0, 1
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  la s11, 3f
  sret
2:
  sret
3:
  la t0, 4f
  csrw sepc, t0
  li t0, 0x100
  csrc sstatus, t0
  la s11, 5f
  sret
4:
  csrr t0, sstatus
5:
  end

  .data
  .balign 8
targets:
  .dword 1, 3, 0x80000002, 0x80400000, 0x81000000, -1, -2, 0x7fffffffff, 0xffffffc000000000, 0x10000000, 0x80000000
targets_end:
