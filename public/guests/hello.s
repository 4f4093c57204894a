# hello: the smallest guest that is worth watching.
#
# A kernel that starts in supervisor mode, sets up a trap handler, drops to user mode with sret, takes one system call with ecall,
# and switches the machine off. Bare, the hardware does all of that. Under the VMM the same instructions trap, one by one, because
# this kernel really runs in user mode: watch csrw, sret and ecall.

    .equ SBI_CONSOLE_PUTCHAR, 1         # legacy SBI call: print the character in a0
    .equ SBI_SRST,   0x53525354         # SBI system reset extension, "SRST"
    .equ SSTATUS_SPP,  1 << 8           # the mode that sret returns to: 0 user, 1 supervisor
    .equ CAUSE_ECALL_FROM_USER, 8
    .equ SYS_MULTIPLY, 0                # this kernel's system calls: the number goes in a7
    .equ SYS_STOP,     1

    .section .text
    .globl _start
_start:
    la    sp, stack_top
    la    t0, trap_handler
    csrw  stvec, t0                     # traps go to trap_handler

    la    a0, hello
    call  print

    # Drop to user mode: sret goes to sepc, in the mode that sstatus.SPP names.
    li    t0, SSTATUS_SPP
    csrc  sstatus, t0
    la    t0, user_program
    csrw  sepc, t0
    sret

# ------------------------------------------------------------------------------------------ user mode
user_program:
    li    a0, 6
    li    a1, 7
    li    a7, SYS_MULTIPLY
    ecall                               # ask the kernel to multiply: a0 = a0 * a1
    li    a7, SYS_STOP                  # the product is in a0
    ecall                               # ask the kernel to stop
    j     .                             # never reached

# ------------------------------------------------------------------------------------------ the kernel's trap handler
    .balign 4
trap_handler:
    csrr  t0, scause
    li    t1, CAUSE_ECALL_FROM_USER
    bne   t0, t1, unexpected
    li    t1, SYS_STOP
    beq   a7, t1, finish

    mul   a0, a0, a1                    # the system call itself
    csrr  t0, sepc
    addi  t0, t0, 4                     # sepc points at the ecall: return behind it
    csrw  sepc, t0
    sret

finish:
    li    t0, 42
    bne   a0, t0, unexpected
    la    a0, goodbye
    call  print
    li    a0, 0                         # reset type: shut down
    li    a1, 0                         # reason: none
    j     shut_down
unexpected:
    la    a0, surprised
    call  print
    li    a0, 0
    li    a1, 1                         # reason: system failure
shut_down:
    li    a7, SBI_SRST
    li    a6, 0
    ecall
    j     .

# print(a0 = text that ends with a zero byte). Uses t0, a0, a6, a7.
print:
    mv    t0, a0
1:  lbu   a0, 0(t0)
    beqz  a0, 2f
    li    a7, SBI_CONSOLE_PUTCHAR
    li    a6, 0
    ecall                               # from supervisor mode: a call to the firmware below us
    addi  t0, t0, 1
    j     1b
2:  ret

    .section .rodata
hello:     .asciz "Hello from supervisor mode.\n"
goodbye:   .asciz "User mode asked for 6 * 7, the kernel answered 42.\n"
surprised: .asciz "A trap that this kernel did not expect.\n"

    .section .bss
    .balign 16
    .space 4096
stack_top:
