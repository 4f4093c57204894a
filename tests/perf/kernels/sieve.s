# Primes below 65536 by the sieve of Eratosthenes, one byte each: byte stores with a stride, short loops.
        .equ    LIMIT, 65536
        .text
kernel: li      s0, ROUNDS
        li      s1, 0                   # checksum: primes found, over all rounds
        la      s2, flags
        li      s3, LIMIT
round:  mv      t0, s2
        add     t1, s2, s3
1:      sd      zero, 0(t0)
        addi    t0, t0, 8
        bltu    t0, t1, 1b
        li      t0, 2                   # candidate
        li      t4, 1
2:      add     t1, s2, t0
        lbu     t2, 0(t1)
        bnez    t2, 5f
        addi    s1, s1, 1
        mul     t3, t0, t0
        bgeu    t3, s3, 5f
3:      add     t1, s2, t3
        sb      t4, 0(t1)
        add     t3, t3, t0
        bltu    t3, s3, 3b
5:      addi    t0, t0, 1
        bltu    t0, s3, 2b
        addi    s0, s0, -1
        bnez    s0, round
        mv      a0, s1
        ret
        .bss
        .balign 8
flags:  .space  LIMIT
