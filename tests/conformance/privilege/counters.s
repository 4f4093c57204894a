# Counters count what retired, and are open to lower modes bit by bit (privileged manual, 3.1.10, 3.1.11, 10.1.5; Zicntr).
    .globl _start
_start:
    la t0, machine_trap
    csrw mtvec, t0
    li t0, -1               # modes below M may access everything
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    la s0, results
    csrr t0, minstret
    nop
    nop
    csrr t1, instret
    sub t0, t1, t0
    sd t0, 0(s0)            # 3: the first read and two instructions
    li t0, 1000
    csrw minstret, t0
    csrr t1, instret
    sd t1, 8(s0)            # 1000: the write itself does not count
    csrr t0, instret
trapped:
    csrr t1, 0x5a8          # does not retire; the seven of the handler do
    csrr t1, instret
    sub t0, t1, t0
    sd t0, 16(s0)           # 8: the first read and the handler
    csrr t0, time
    csrr t1, cycle
    sub t0, t1, t0
    sd t0, 24(s0)           # 1

    li t0, 5
    csrw mcounteren, t0
    li t0, 2
    csrw scounteren, t0
    la t0, in_supervisor
    csrw mepc, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x800
    csrs mstatus, t0
    mret
in_supervisor:
    csrr t0, cycle
    csrr t0, instret
closed_time:
    csrr t0, time
closed_hpm:
    csrr t0, hpmcounter3
write_counter:
    csrw cycle, zero
    csrwi scounteren, 4
    la t0, in_user
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
    sret
in_user:
    csrr t0, cycle
user_time:
    csrr t0, time
    csrr t0, instret        # open in both
user_leaves:
    ecall

done:
    wfi
    j done

    .balign 4
machine_trap:
    csrr t6, mepc
    addi t6, t6, 4
    csrw mepc, t6
    csrr t6, mcause
    addi t6, t6, -8
    beqz t6, done
    mret

    .balign 8
results:
    .dword 0, 0, 0, 0
