# HS reads its guest's memory with hlv, four pages, and fences both stages after it.
prepare:
        ret
operation:
        leaves  guest_root, 0, 1, 0, USER_LEAF
        point   guest_root, 2, guest_middle
        leaves  guest_middle, 0x80000000, 32, 0x200000, USER_LEAF
        space   s2, guest_root, 1
        csrw    hgatp, s2
        space   s2, root, 1
        csrw    vsatp, s2
        li      t0, SPP                 # hstatus.SPVP: with the rights of VS
        csrs    hstatus, t0
        li      s2, FRAMES
        li      s3, 0x1000
1:      hfence.gvma
        mv      t0, s2
        .rept   4
        hlv.d   t1, (t0)
        add     a0, a0, t1
        add     t0, t0, s3
        .endr
        hfence.vvma t0, zero
        addi    a0, a0, 1
        addi    s1, s1, -1
        bnez    s1, 1b
        ret
        .balign 4
trap:   j       failed
