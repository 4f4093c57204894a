# To another address space and back by ASID, without a fence, with eight pages touched in each.
prepare:
        ret
operation:
        leaves  window, FRAMES, 8, 0x1000, KERNEL_LEAF
        point   other_root, 1, user_middle
        point   other_root, 2, middle
        space   s4, root, 1
        space   s5, other_root, 2
        sfence.vma
        li      s2, WINDOW
        li      s3, 0x1000
1:      csrw    satp, s5
        mv      t0, s2
        .rept   8
        ld      t1, 0(t0)
        sd      s1, 8(t0)
        add     a0, a0, t1
        add     t0, t0, s3
        .endr
        csrw    satp, s4
        mv      t0, s2
        .rept   8
        ld      t1, 8(t0)
        add     a0, a0, t1
        add     t0, t0, s3
        .endr
        addi    s1, s1, -1
        bnez    s1, 1b
        ret
        .balign 4
trap:   j       failed
        .bss
        .balign 4096
other_root:
        .space  4096
        .text
