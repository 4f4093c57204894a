# An ecall to M mode and its mret.
prepare:
        la      t0, machine
        csrw    mtvec, t0
        li      t0, 1 << 10             # from VS, too
        csrc    medeleg, t0
        ret
operation:
        ecall
        addi    a0, a0, 1
        addi    s1, s1, -1
        bnez    s1, operation
        ret

        .balign 4
machine:
        csrr    t0, mepc
        addi    t0, t0, 4
        csrw    mepc, t0
        mret
        .balign 4
trap:   j       failed
