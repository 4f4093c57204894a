# The beginning of small test kernels, which follow with the label `kernel`: a handler that prints each trap's cause as a letter (a = 0, b = 1, ...; A.. for interrupts) and goes on at s11,
# after an interrupt with interrupts off.
# `try` runs one instruction; whatever it does, the next line follows.
.macro try name, operands:vararg
  la s11, 9f
  \name \operands
9:
.endm

.macro end
  li a7, 8
  ecall
.endm

  .text
  la t0, handler
  csrw stvec, t0
  la sp, stack_top
  j kernel

  .balign 4
handler:
  csrr a0, scause
  bgez a0, 1f
  addi a0, a0, 'A' - 'a'
  # sret takes SIE from SPIE.
  li a7, 0x20
  csrc sstatus, a7
1:
  addi a0, a0, 'a'
  andi a0, a0, 127
  li a7, 1
  ecall
  # Back to the kernel's own mode, wherever the trap came from.
  li a0, 0x100
  csrs sstatus, a0
  csrw sepc, s11
  sret

  .bss
  .balign 16
  .zero 1024
stack_top:
  .balign 4096
# Tables for the kernels that turn paging on.
root:
  .zero 4096
middle:
  .zero 4096
last:
  .zero 4096
page:
  .zero 4096

  .text
  .balign 4
