# Load-reserved and store-conditional (unprivileged manual, 13.2). Traps are in the log.
    .globl _start
_start:
    la t0, machine_trap
    csrw mtvec, t0
    la s0, results
    la s1, place

    lr.d t0, (s1)
    addi t0, t0, 1
    sc.d t1, t0, (s1)
    sd t1, 0(s0)            # 0: stored
    sc.d t1, t0, (s1)
    sd t1, 8(s0)            # 1: the reservation is used up
    lr.d t0, (s1)
    addi t2, s1, 8
    sc.d t1, t0, (t2)
    sd t1, 16(s0)           # 1: another place
    sc.d t1, t0, (s1)
    sd t1, 24(s0)           # 1: and that was that
    lr.w t0, (s1)
    li t2, -1
    sc.w t1, t2, (s1)
    ld t0, 0(s1)
    sd t0, 32(s0)           # 0x00000001ffffffff: only the low word
    lr.w t0, (s1)
    sd t0, 40(s0)           # all ones: sign-extended

    # A trap between the two leaves the reservation.
    lr.d t0, (s1)
between:
    ecall
    sc.d t1, zero, (s1)
    sd t1, 48(s0)           # 0

    addi t2, s1, 4
misaligned_lr:
    lr.d t0, (t2)
misaligned_sc:
    sc.d t0, t0, (t2)
misaligned_amo:
    amoadd.d t0, t0, (t2)
done:
    wfi
    j done

    .balign 4
machine_trap:
    csrr t6, mepc
    addi t6, t6, 4
    csrw mepc, t6
    mret

    .balign 8
place:
    .dword 0x100000000, 0
results:
    .zero 56
