# The kernel opens the user's pages (sstatus.SUM), copies 64 bytes from one, and closes them again.
prepare:
        ret
operation:
        leaves  window, FRAMES, 16, 0x1000, USER_LEAF
        sfence.vma
        li      s2, WINDOW
        li      s3, 0xf000
        li      s4, 0x1000
        li      s5, SUM
        la      s6, buffer
        li      t0, 0
1:      add     t1, t0, s2
        csrs    sstatus, s5
        .irp    n, 0, 8, 16, 24, 32, 40, 48, 56
        ld      t2, \n(t1)
        sd      t2, \n(s6)
        .endr
        sd      s1, 0(t1)
        csrc    sstatus, s5
        ld      t2, 0(s6)
        add     a0, a0, t2
        add     t0, t0, s4
        and     t0, t0, s3
        addi    s1, s1, -1
        bnez    s1, 1b
        ret
        .balign 4
trap:   j       failed
        .bss
        .balign 64
buffer: .space  64
        .text
