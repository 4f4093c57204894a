# The user's ecall and the kernel's sret, with the least between them.
prepare:
        ret
operation:
        mv      s11, ra
        to_user 1f
1:      ecall
        addi    a0, a0, 1
        j       1b

        .balign 4
trap:   csrr    t0, sepc
        addi    t0, t0, 4
        csrw    sepc, t0
        addi    s1, s1, -1
        beqz    s1, 1f
        sret
1:      jr      s11
