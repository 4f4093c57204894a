# The user touches pages that are not there; the kernel's handler, which saves what a function may use, maps each. After 64 the user asks for all to go.
prepare:
        ret
operation:
        mv      s11, ra
        csrw    sscratch, sp
        to_user 1f
1:      li      s2, WINDOW
        li      s3, WINDOW + 64 * 0x1000
        li      s4, 0x1000
2:      sd      s2, 8(s2)
        ld      s5, 8(s2)
        add     a0, a0, s5
        add     s2, s2, s4
        bne     s2, s3, 2b
        ecall
        j       1b

        .balign 4
trap:   csrrw   sp, sscratch, sp
        addi    sp, sp, -256
        .irp    n, 1, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
        sd      x\n, 8 * \n(sp)
        .endr
        csrr    t0, scause
        li      t1, 8
        beq     t0, t1, 3f
        csrr    t1, stval
        li      t2, WINDOW
        sub     t2, t1, t2
        srli    t2, t2, 12
        slli    t3, t2, 10
        li      t4, (FRAMES >> 2) | USER_LEAF
        add     t3, t3, t4
        slli    t2, t2, 3
        la      t4, window
        add     t2, t2, t4
        sd      t3, 0(t2)
        sfence.vma t1, zero
        addi    s1, s1, -1
        beqz    s1, 5f
2:
        .irp    n, 1, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
        ld      x\n, 8 * \n(sp)
        .endr
        addi    sp, sp, 256
        csrrw   sp, sscratch, sp
        sret
3:      csrr    t0, sepc
        addi    t0, t0, 4
        csrw    sepc, t0
        la      t0, window
        li      t1, 64
4:      sd      zero, 0(t0)
        addi    t0, t0, 8
        addi    t1, t1, -1
        bnez    t1, 4b
        sfence.vma
        j       2b
5:      jr      s11
