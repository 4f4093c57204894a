# sret from S to S.
prepare:
        ret
operation:
        la      t0, 1f
        csrw    sepc, t0
        li      t1, SPP
1:      addi    a0, a0, 1
        csrs    sstatus, t1
        addi    s1, s1, -1
        beqz    s1, 2f
        sret
2:      ret
        .balign 4
trap:   j       failed
