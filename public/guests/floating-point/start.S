# The entry from firmware, the way in and out of the kernel, and the floating-point registers of a process.
.section .text
.globl _start, trap_entry, resume, float_save, float_load

_start:
  la sp, stack_top
  la t0, bss_start
  la t1, bss_end
1: bgeu t0, t1, 2f
  sd zero, (t0)
  addi t0, t0, 8
  j 1b
2: call kernel_main

# sscratch holds the frame of the process that runs; in the kernel it is 0, and a trap there is the end.
.balign 4
trap_entry:
  csrrw t6, sscratch, t6
  beqz t6, kernel_trapped
  .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30
  sd x\n, \n*8(t6)
  .endr
  mv t5, t6
  csrrw t6, sscratch, zero
  sd t6, 31*8(t5)
  csrr t0, sepc
  sd t0, (t5)
  la sp, stack_top
  call trap
  # Never returns: trap() ends in resume().

# resume(frame): into the process.
resume:
  csrw sscratch, a0
  ld t0, (a0)
  csrw sepc, t0
  mv t6, a0
  .irp n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  ld x\n, \n*8(t6)
  .endr
  sret

kernel_trapped:
  csrr a0, scause
  csrr a1, sepc
  csrr a2, stval
  la sp, stack_top
  call kernel_trap

float_save:
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  fsd f\n, \n*8(a0)
  .endr
  frcsr t0
  sd t0, 256(a0)
  ret

float_load:
  .irp n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
  fld f\n, \n*8(a0)
  .endr
  ld t0, 256(a0)
  fscsr t0
  ret

.section .stack, "aw", @nobits
  .skip 8192
stack_top:
