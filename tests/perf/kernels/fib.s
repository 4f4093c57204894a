# Fibonacci's numbers by naive recursion: calls, returns and the stack.
        .equ    ARGUMENT, 22
        .text
kernel: addi    sp, sp, -16
        sd      ra, 8(sp)
        li      s0, ROUNDS
        li      s1, 0
1:      li      a0, ARGUMENT
        call    fib
        add     s1, s1, a0
        addi    s0, s0, -1
        bnez    s0, 1b
        mv      a0, s1
        ld      ra, 8(sp)
        addi    sp, sp, 16
        ret

fib:    li      t0, 2
        bltu    a0, t0, 2f
        addi    sp, sp, -32
        sd      ra, 24(sp)
        sd      a0, 16(sp)
        addi    a0, a0, -1
        call    fib
        sd      a0, 8(sp)
        ld      a0, 16(sp)
        addi    a0, a0, -2
        call    fib
        ld      t0, 8(sp)
        add     a0, a0, t0
        ld      ra, 24(sp)
        addi    sp, sp, 32
2:      ret
