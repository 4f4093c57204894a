# A small stack machine interpreting a loop: fetch, jump table, a few loads and stores per operation.
        .text
kernel: li      s0, ROUNDS
        li      s5, 0
round:  la      s2, program             # s2: next byte, s3: top of stack pointer, s4: jump table
        la      s3, operands
        la      s4, operations
next:   lbu     t0, 0(s2)
        addi    s2, s2, 1
        slli    t0, t0, 3
        add     t0, t0, s4
        ld      t0, 0(t0)
        jr      t0

push:   lbu     t1, 0(s2)               # push the byte that follows
        addi    s2, s2, 1
        addi    s3, s3, 8
        sd      t1, 0(s3)
        j       next
plus:   ld      t1, 0(s3)
        ld      t2, -8(s3)
        addi    s3, s3, -8
        add     t1, t1, t2
        sd      t1, 0(s3)
        j       next
minus:  ld      t1, 0(s3)
        ld      t2, -8(s3)
        addi    s3, s3, -8
        sub     t1, t2, t1
        sd      t1, 0(s3)
        j       next
times:  ld      t1, 0(s3)
        ld      t2, -8(s3)
        addi    s3, s3, -8
        mul     t1, t1, t2
        sd      t1, 0(s3)
        j       next
copy:   ld      t1, 0(s3)
        addi    s3, s3, 8
        sd      t1, 0(s3)
        j       next
swap:   ld      t1, 0(s3)
        ld      t2, -8(s3)
        sd      t2, 0(s3)
        sd      t1, -8(s3)
        j       next
again:  lbu     t1, 0(s2)               # back by that many bytes while the top of the stack is not zero
        addi    s2, s2, 1
        ld      t2, 0(s3)
        beqz    t2, next
        sub     s2, s2, t1
        j       next
stop:   ld      t1, -8(s3)
        add     s5, s5, t1
        addi    s0, s0, -1
        bnez    s0, round
        mv      a0, s5
        ret

        .data
program:
        .byte   0, 1, 0, 200            # accumulator 1, counter 200
1:      .byte   5                       # counter, accumulator
        .byte   0, 3, 3, 0, 7, 1        # accumulator * 3 + 7
        .byte   5                       # accumulator, counter
        .byte   0, 1, 2                 # counter - 1
        .byte   6, 13                   # again, to label 1
        .byte   7
        .balign 8
operations:
        .dword  push, plus, minus, times, copy, swap, again, stop
        .bss
        .balign 8
operands: .space 256
        .text
