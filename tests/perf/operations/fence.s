# sfence.vma of everything, and eight pages touched after it.
prepare:
        ret
operation:
        leaves  window, FRAMES, 8, 0x1000, KERNEL_LEAF
        li      s2, WINDOW
        li      s3, 0x1000
1:      sfence.vma
        mv      t0, s2
        .rept   8
        ld      t1, 0(t0)
        add     a0, a0, t1
        add     t0, t0, s3
        .endr
        addi    s1, s1, -1
        bnez    s1, 1b
        ret
        .balign 4
trap:   j       failed
