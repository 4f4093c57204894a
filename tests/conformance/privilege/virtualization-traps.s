# What a hypervisor below S mode can make S mode trap on: TVM, TW and TSR (privileged manual, 3.1.6.6).
# The handler in M counts nothing and goes on; the traps of the log are what is checked.
    .globl _start
_start:
    la t0, machine_trap
    csrw mtvec, t0
    li t0, -1               # modes below M may access everything
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    la t0, in_supervisor
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x700800         # MPP = S, TVM, TW, TSR
    csrs mstatus, t0
    mret
in_supervisor:
    csrr t0, satp
write_satp:
    csrw satp, zero
fence_all:
    sfence.vma
fence_address:
    sfence.vma t0, zero
wait:
    wfi
return:
    sret
    csrr t0, sstatus        # all else is as ever
    csrw sepc, zero
    csrr t0, time
leave:
    ecall
    j leave

    .balign 4
machine_trap:
    csrr t6, mcause
    addi t6, t6, -9
    beqz t6, done
    csrr t6, mepc
    addi t6, t6, 4
    csrw mepc, t6
    mret
done:
    wfi
    j done
