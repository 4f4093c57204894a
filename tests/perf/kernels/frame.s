# Between start.s and a kernel, which is a function of the rounds and of 8 MiB of memory in pages of 4 KiB; floating point is on.
prepare:
        leaves  window, FRAMES, 2048, 0x1000, KERNEL_LEAF
        li      t0, 0x2000              # FS: initial
        csrs    mstatus, t0
        .if     GUEST
        csrs    vsstatus, t0
        .endif
        ret
operation:
        mv      a0, s1
        li      a1, WINDOW
        j       kernel
        .balign 4
trap:   j       failed
