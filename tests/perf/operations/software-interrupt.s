# The kernel's own software interrupt, taken at once, and its sret.
prepare:
        ret
operation:
        csrwi   sie, 2
        csrsi   sstatus, 2
1:      csrsi   sip, 2
        addi    s1, s1, -1
        bnez    s1, 1b
        csrci   sstatus, 2
        ret
        .balign 4
trap:   csrci   sip, 2
        addi    a0, a0, 1
        sret
