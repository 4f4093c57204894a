# Takes what only machine mode has.
kernel:
  .irp csr, mstatus, misa, medeleg, mideleg, mie, mtvec, mcounteren, mscratch, mepc, mcause, mtval, mip, mhartid, pmpcfg0, pmpaddr0, mcycle, minstret, menvcfg
  try csrr t0, \csr
  try csrw \csr, zero
  try csrs \csr, t0
  .endr
  # Hypervisor and debug registers, and numbers that are no register.
  .irp csr, 0x600, 0x680, 0x200, 0x280, 0x7a0, 0x7b0, 0x5a8, 0x0, 0x1, 0x2, 0xfff, 0x800, 0xc03, 0xc1f, 0xc80, 0x10, 0x181, 0x14d, 0xda0
  try csrr t0, \csr
  try csrw \csr, zero
  .endr
  # Counters are read-only.
  try csrw cycle, zero
  try csrwi time, 1
  try csrsi instret, 1
  try csrsi instret, 0
  try mret
  # hfence.vvma, hlv.w, dret, uret, sinval.vma, and words that are no instruction at all.
  .irp word, 0x22000073, 0x680542f3, 0x7b200073, 0x00200073, 0x16000073, 0xffffffff, 0x00000000, 0x0000000b, 0x7fffffff, 0xf0000053, 0x1000107f
  try .word \word
  .endr
  try ebreak
  end
