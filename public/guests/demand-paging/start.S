# Entry, and the way in and out of the kernel. The C part is kernel.c.
    .section .text.start
    .globl _start
_start:
    la    sp, stack_top
    tail  kernel_main

# Traps save all registers in the frame that sscratch points at, in order, x0's place holding the pc.
    .text
    .globl trap_entry
    .balign 4
trap_entry:
    csrrw a0, sscratch, a0
    sd    x1, 8(a0)
    sd    x2, 16(a0)
    sd    x3, 24(a0)
    sd    x4, 32(a0)
    sd    x5, 40(a0)
    sd    x6, 48(a0)
    sd    x7, 56(a0)
    sd    x8, 64(a0)
    sd    x9, 72(a0)
    .irp  r, 11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd    x\r, 8*\r(a0)
    .endr
    csrr  t0, sscratch
    sd    t0, 80(a0)
    csrr  t0, sepc
    sd    t0, 0(a0)
    csrw  sscratch, a0
    la    sp, stack_top
    call  kernel_trap                   # kernel_trap(frame); comes back to go on with the process
    csrr  a0, sscratch

# enter_user(frame): loads every register from the frame and leaves for user mode.
    .globl enter_user
enter_user:
    csrw  sscratch, a0
    ld    t0, 0(a0)
    csrw  sepc, t0
    ld    x1, 8(a0)
    ld    x2, 16(a0)
    ld    x3, 24(a0)
    ld    x4, 32(a0)
    .irp  r, 5,6,7,8,9,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld    x\r, 8*\r(a0)
    .endr
    ld    a0, 80(a0)
    sret
