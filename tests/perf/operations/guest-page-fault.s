# A guest touches guest-physical pages that the hypervisor has not mapped yet; HS maps each. After 64 the guest asks for all to go.
prepare:
        la      t0, hypervisor
        csrw    stvec, t0
        ret
operation:
        leaves  window, MORE_FRAMES, 64, 0x1000, KERNEL_LEAF
        sfence.vma
1:      li      s2, WINDOW
        li      s3, WINDOW + 64 * 0x1000
        li      s4, 0x1000
2:      sd      s2, 8(s2)
        ld      t0, 8(s2)
        add     a0, a0, t0
        add     s2, s2, s4
        addi    s1, s1, -1
        beqz    s1, 3f
        bne     s2, s3, 2b
        ecall
        j       1b
3:      ret

        .balign 4
hypervisor:
        csrr    t0, scause
        li      t1, 10
        beq     t0, t1, 1f
        csrr    t0, htval               # the address divided by 4
        li      t1, ~0x3ff
        and     t2, t0, t1
        ori     t2, t2, USER_LEAF
        li      t1, MORE_FRAMES >> 2
        sub     t0, t0, t1
        srli    t0, t0, 10
        slli    t0, t0, 3
        la      t1, guest_window
        add     t0, t0, t1
        sd      t2, 0(t0)
        sret
1:      csrr    t0, sepc
        addi    t0, t0, 4
        csrw    sepc, t0
        la      t0, guest_window
        li      t1, 64
2:      sd      zero, 0(t0)
        addi    t0, t0, 8
        addi    t1, t1, -1
        bnez    t1, 2b
        hfence.gvma
        sret
        .balign 4
trap:   j       failed
