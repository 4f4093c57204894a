# A system call of a kernel with a table of its own, as xv6 does it: all registers saved and restored, satp written twice between four fences.
prepare:
        ret
operation:
        mv      s11, ra
        point   user_root, 1, user_middle
        point   user_root, 2, middle
        space   s2, root, 0
        space   s3, user_root, 0
        la      t0, frame
        sd      s2, 256(t0)
        sd      s3, 264(t0)
        sd      sp, 272(t0)
        la      t1, user_trap
        sd      t1, 280(t0)
        csrw    sscratch, t0
        sfence.vma
        csrw    satp, s3
        sfence.vma
        to_user 1f
1:      ecall
        addi    a0, a0, 1
        j       1b

        .balign 4
trap:   csrrw   a1, sscratch, a1
        .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        sd      x\n, 8 * \n(a1)
        .endr
        csrr    t0, sscratch
        sd      t0, 88(a1)
        ld      sp, 272(a1)
        ld      t0, 280(a1)
        ld      t1, 256(a1)
        sfence.vma
        csrw    satp, t1
        sfence.vma
        jr      t0

        .balign 4096
user_trap:
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      s0, 16(sp)
        csrr    t0, sstatus
        andi    t0, t0, SPP
        bnez    t0, failed
        la      t0, failed
        csrw    stvec, t0
        la      s0, frame
        csrr    t0, sepc
        addi    t0, t0, 4
        sd      t0, 288(s0)
        csrr    t0, scause
        li      t1, 8
        bne     t0, t1, failed
        csrsi   sstatus, 2
        call    serve
        csrci   sstatus, 2
        la      t0, trap
        csrw    stvec, t0
        csrr    t0, sstatus
        li      t1, ~SPP
        and     t0, t0, t1
        ori     t0, t0, 0x20
        csrw    sstatus, t0
        ld      t0, 288(s0)
        csrw    sepc, t0
        ld      t1, 264(s0)
        mv      a1, s0
        ld      s0, 16(sp)
        ld      ra, 24(sp)
        addi    sp, sp, 32
        sfence.vma
        csrw    satp, t1
        sfence.vma
        csrw    sscratch, a1
        .irp    n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        ld      x\n, 8 * \n(a1)
        .endr
        ld      a1, 88(a1)
        sret

serve:  ld      t0, 72(s0)              # the rounds left, in the user's s1
        addi    t0, t0, -1
        sd      t0, 72(s0)
        beqz    t0, 1f
        ret
1:      ld      a0, 80(s0)
        jr      s11

        .bss
        .balign 4096
user_root:
        .space  4096
frame:  .space  4096
        .text
