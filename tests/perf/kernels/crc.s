# CRC-32 (reflected 0xedb88320) by table over 64 KiB of pseudo-random bytes: dependent loads from a small table.
        .equ    BYTES, 65536
        .text
kernel: la      s2, table
        li      t5, 0xedb88320
        li      t0, 0
1:      mv      t1, t0                  # the table's entry t0
        li      t2, 8
2:      andi    t3, t1, 1
        srli    t1, t1, 1
        beqz    t3, 3f
        xor     t1, t1, t5
3:      addi    t2, t2, -1
        bnez    t2, 2b
        slli    t3, t0, 2
        add     t3, t3, s2
        sw      t1, 0(t3)
        addi    t0, t0, 1
        li      t4, 256
        bne     t0, t4, 1b

        la      s3, buffer
        li      s4, BYTES
        add     s4, s4, s3
        mv      t0, s3
        li      t1, 12345
        li      t2, 1103515245
4:      mulw    t1, t1, t2
        addiw   t1, t1, 1013
        srliw   t3, t1, 16
        sb      t3, 0(t0)
        addi    t0, t0, 1
        bltu    t0, s4, 4b

        li      s0, ROUNDS
        li      a0, -1
round:  mv      t0, s3
5:      lbu     t1, 0(t0)
        xor     t1, t1, a0
        andi    t1, t1, 255
        slli    t1, t1, 2
        add     t1, t1, s2
        lwu     t1, 0(t1)
        srliw   a0, a0, 8
        xor     a0, a0, t1
        addi    t0, t0, 1
        bne     t0, s4, 5b
        addi    s0, s0, -1
        bnez    s0, round
        not     a0, a0
        slli    a0, a0, 32
        srli    a0, a0, 32
        ret
        .bss
        .balign 8
table:  .space  1024
buffer: .space  BYTES
