# A chain through 2048 pages of 4 KiB, in an order that no page follows its neighbour: every load misses the TLB.
        .equ    STEP, 769
prepare:
        ret
operation:
        leaves  window, FRAMES, 2048, 0x1000, KERNEL_LEAF
        sfence.vma
        li      t0, WINDOW
        li      t1, 0
        li      t2, 2048
1:      addi    t3, t1, STEP            # page t1 at (t1 * 64) mod 4096 points to the next
        slli    t3, t3, 53
        srli    t3, t3, 53
        slli    t4, t1, 12
        slli    t5, t1, 6
        slli    t5, t5, 52
        srli    t5, t5, 52
        add     t4, t4, t5
        add     t4, t4, t0
        slli    t6, t3, 12
        slli    t5, t3, 6
        slli    t5, t5, 52
        srli    t5, t5, 52
        add     t6, t6, t5
        add     t6, t6, t0
        sd      t6, 0(t4)
        mv      t1, t3
        addi    t2, t2, -1
        bnez    t2, 1b
1:      ld      t0, 0(t0)
        addi    s1, s1, -1
        bnez    s1, 1b
        mv      a0, t0
        ret
        .balign 4
trap:   j       failed
