# Which mode gets an exception (privileged manual, 3.1.8). The traps of the log are what is checked.
# Handlers go on after the trapped instruction; when t5 is not 0, the handler in M goes on there instead, in M.
    .globl _start
_start:
    la t0, machine_trap
    csrw mtvec, t0
    la t0, supervisor_trap
    csrw stvec, t0
    li t0, -1               # modes below M may access everything
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    li t5, 0
    li t0, 0x104            # illegal instruction, ecall from U
    csrw medeleg, t0

in_machine:
    csrw 0x5a8, zero        # a delegated cause from M stays in M

    la t0, in_user
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    mret
in_user:
    ecall
user_illegal:
    csrr t0, sstatus
user_breakpoint:
    ebreak                  # not delegated
user_machine_csr:
    csrr t0, mstatus
user_fence:
    sfence.vma
user_wfi:
    wfi
    la t5, to_supervisor
user_leaves:
    ebreak

to_supervisor:
    la t0, in_supervisor
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x800
    csrs mstatus, t0
    mret
in_supervisor:
    csrr t0, mstatus
supervisor_call:
    ecall                   # cause 9 is not delegated
supervisor_mret:
    mret
    la t5, done
supervisor_leaves:
    ebreak

done:
    wfi
    j done

    .balign 4
machine_trap:
    bnez t5, machine_goes_on
    csrr t6, mepc
    addi t6, t6, 4
    csrw mepc, t6
    mret
machine_goes_on:
    mv t6, t5
    li t5, 0
    jr t6

    .balign 4
supervisor_trap:
    csrr t6, sepc
    addi t6, t6, 4
    csrw sepc, t6
    sret
