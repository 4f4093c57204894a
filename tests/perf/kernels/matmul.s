# Product of two 48 x 48 matrices of 64-bit integers: multiply-add in three nested loops, two loads each.
        .equ    SIZE, 48
        .equ    ROW, SIZE * 8
        .text
kernel: la      s2, left
        la      s3, right
        la      s4, product
        li      t0, 0
        li      t1, SIZE * SIZE
        mv      t2, s2
        mv      t3, s3
1:      sd      t0, 0(t2)               # left[i] = i, right[i] = 3 i + 1
        slli    t4, t0, 1
        add     t4, t4, t0
        addi    t4, t4, 1
        sd      t4, 0(t3)
        addi    t2, t2, 8
        addi    t3, t3, 8
        addi    t0, t0, 1
        bne     t0, t1, 1b
        li      s0, ROUNDS
        li      a0, 0
round:  li      s5, 0                   # row
2:      li      s6, 0                   # column
3:      li      t0, ROW
        mul     t1, s5, t0
        add     t1, t1, s2              # the row of left
        slli    t2, s6, 3
        add     t2, t2, s3              # the column of right
        add     t3, t1, t0              # end of the row
        li      t4, 0
4:      ld      t5, 0(t1)
        ld      t6, 0(t2)
        mul     t5, t5, t6
        add     t4, t4, t5
        addi    t1, t1, 8
        addi    t2, t2, ROW
        bne     t1, t3, 4b
        slli    t5, s6, 3
        li      t0, ROW
        mul     t1, s5, t0
        add     t5, t5, t1
        add     t5, t5, s4
        sd      t4, 0(t5)
        slli    t5, a0, 5               # checksum = checksum * 31 + element
        sub     a0, t5, a0
        add     a0, a0, t4
        addi    s6, s6, 1
        li      t0, SIZE
        bne     s6, t0, 3b
        addi    s5, s5, 1
        bne     s5, t0, 2b
        addi    s0, s0, -1
        bnez    s0, round
        ret
        .bss
        .balign 8
left:   .space  SIZE * ROW
right:  .space  SIZE * ROW
product: .space SIZE * ROW
