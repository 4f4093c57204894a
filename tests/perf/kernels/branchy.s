# Twelve small functions called through a table in a pseudo-random order, spread over three pages: indirect jumps that no predictor knows.
        .text
kernel: addi    sp, sp, -16
        sd      ra, 8(sp)
        la      s2, functions
        li      s0, ROUNDS
        li      s1, 88172645463325252   # xorshift64
        li      a0, 0
        li      s3, 12
1:      slli    t0, s1, 13
        xor     s1, s1, t0
        srli    t0, s1, 7
        xor     s1, s1, t0
        slli    t0, s1, 17
        xor     s1, s1, t0
        srli    t0, s1, 33
        remu    t0, t0, s3
        slli    t0, t0, 3
        add     t0, t0, s2
        ld      t0, 0(t0)
        jalr    t0
        addi    s0, s0, -1
        bnez    s0, 1b
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

f0:     addi    a0, a0, 1
        ret
f1:     xor     a0, a0, s1
        ret
f2:     slli    t0, a0, 3
        add     a0, a0, t0
        ret
f3:     sub     a0, a0, s1
        addi    a0, a0, 7
        ret
        .balign 4096
f4:     srli    t0, a0, 5
        xor     a0, a0, t0
        ret
f5:     bltz    a0, 1f
        addi    a0, a0, 3
1:      ret
f6:     not     a0, a0
        ret
f7:     or      t0, a0, s1
        add     a0, a0, t0
        ret
        .balign 4096
f8:     andi    t0, s1, 1
        beqz    t0, 1f
        addi    a0, a0, 99
1:      ret
f9:     sltu    t0, a0, s1
        add     a0, a0, t0
        ret
f10:    neg     a0, a0
        ret
f11:    add     a0, a0, s0
        ret
        .data
        .balign 8
functions:
        .dword  f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, f10, f11
        .text
