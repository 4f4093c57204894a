# CSR instructions of a kernel: a swap, two reads, a write, interrupts off and on. Six of them a round.
prepare:
        ret
operation:
        csrrw   t0, sscratch, s1
        csrr    t1, scause
        csrr    t2, sepc
        csrw    sepc, t2
        csrrci  t3, sstatus, 2
        csrsi   sstatus, 2
        add     a0, a0, t0
        addi    s1, s1, -1
        bnez    s1, operation
        csrci   sstatus, 2
        ret
        .balign 4
trap:   j       failed
