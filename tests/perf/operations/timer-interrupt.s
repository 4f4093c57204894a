# A timer that is due at once (Sstc), its interrupt, and the handler that puts it off.
prepare:
        ret
operation:
        li      t0, -1
        csrw    stimecmp, t0
        li      t0, 0x20
        csrw    sie, t0
        csrsi   sstatus, 2
1:      csrwi   stimecmp, 0
        addi    s1, s1, -1
        bnez    s1, 1b
        csrci   sstatus, 2
        ret
        .balign 4
trap:   li      t0, -1
        csrw    stimecmp, t0
        addi    a0, a0, 1
        sret
