# 1.5 MB of code, called function by function in an order without neighbours. 6144 functions of 256 bytes are written first: 62 instructions from
# eight patterns, with a constant of their own each, and a return. A round is a call.
        .equ    FUNCTIONS, 6144
        .equ    STEP, 1021
        .equ    CODE, 0x80800000
prepare:
        ret
operation:
        mv      s11, ra
        li      s2, CODE
        li      s3, CODE + FUNCTIONS * 256
        li      s4, 88172645463325252   # xorshift64
        la      s5, patterns
        mv      t0, s2
1:      li      t1, 62
2:      slli    t2, s4, 13
        xor     s4, s4, t2
        srli    t2, s4, 7
        xor     s4, s4, t2
        slli    t2, s4, 17
        xor     s4, s4, t2
        andi    t2, s4, 7
        slli    t2, t2, 3
        add     t2, t2, s5
        lwu     t3, 0(t2)               # the pattern, and the bits of its constant
        lwu     t4, 4(t2)
        srli    t2, s4, 20
        and     t2, t2, t4
        or      t3, t3, t2
        sw      t3, 0(t0)
        addi    t0, t0, 4
        addi    t1, t1, -1
        bnez    t1, 2b
        li      t3, 0x13                # nop, for a branch over one
        sw      t3, 0(t0)
        li      t3, 0x8067              # ret
        sw      t3, 4(t0)
        addi    t0, t0, 8
        bltu    t0, s3, 1b
        fence.i
        la      a5, data
        li      s6, 0
        li      s7, FUNCTIONS
1:      slli    t0, s6, 8
        add     t0, t0, s2
        jalr    t0
        addi    s6, s6, STEP
        bltu    s6, s7, 2f
        sub     s6, s6, s7
2:      addi    s1, s1, -1
        bnez    s1, 1b
        jr      s11
        .balign 4
trap:   j       failed

        .data
        .balign 4096
patterns:
        addi    a0, a0, 0
        .word   0xfff00000
        xori    a1, a0, 0
        .word   0xfff00000
        add     a0, a0, a1
        .word   0
        slli    a2, a0, 1
        .word   0x01f00000
        xor     a0, a0, a2
        .word   0
        ld      a3, 0(a5)
        .word   0x07800000
        sd      a0, 64(a5)
        .word   0
        beq     a0, a3, .+8
        .word   0
        .balign 4096                    # stores beside code are another matter
data:   .space  256
        .text
