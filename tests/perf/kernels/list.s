# A linked list of 4096 nodes of 16 bytes, visited in a scattered order: each load waits for the one before.
        .equ    NODES, 4096
        .text
kernel: la      s2, nodes
        li      t0, 0                   # node i points to node (i * 5 + 2731) mod 4096: one cycle through all of them
        li      t1, NODES
        li      t5, 5
1:      slli    t2, t0, 4
        add     t2, t2, s2
        mul     t3, t0, t5
        li      t4, 2731
        add     t3, t3, t4
        li      t4, NODES - 1
        and     t3, t3, t4
        slli    t3, t3, 4
        add     t3, t3, s2
        sd      t3, 0(t2)
        sd      t0, 8(t2)
        addi    t0, t0, 1
        bne     t0, t1, 1b
        li      s0, ROUNDS
        li      a0, 0
round:  mv      t0, s2
        li      t1, NODES
2:      ld      t2, 8(t0)
        ld      t0, 0(t0)
        add     a0, a0, t2
        addi    t1, t1, -1
        bnez    t1, 2b
        addi    s0, s0, -1
        bnez    s0, round
        ret
        .bss
        .balign 16
nodes:  .space  NODES * 16
