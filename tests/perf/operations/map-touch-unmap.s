# The kernel maps a page, fences it, writes and reads it, unmaps it and fences it: 64 pages in turn.
prepare:
        ret
operation:
        li      t0, SUM
        csrs    sstatus, t0
        la      s2, window
        li      s3, WINDOW
        li      s4, (FRAMES >> 2) | USER_LEAF
        li      s5, 0x3f000
        li      t2, 0
1:      srli    t3, t2, 9
        add     t3, t3, s2
        srli    t4, t2, 2
        add     t4, t4, s4
        add     t5, t2, s3
        sd      t4, 0(t3)
        sfence.vma t5, zero
        sd      s1, 0(t5)
        ld      t6, 0(t5)
        add     a0, a0, t6
        sd      zero, 0(t3)
        sfence.vma t5, zero
        li      t6, 0x1000
        add     t2, t2, t6
        and     t2, t2, s5
        addi    s1, s1, -1
        bnez    s1, 1b
        ret
        .balign 4
trap:   j       failed
