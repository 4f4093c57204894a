# Code that is stored is run after fence.i; also when it was run before, and when it stands beside the store (Zifencei).
    .globl _start
_start:
    la s0, results
    la s1, patch
    la s2, seven
    lw s3, 0(s2)
    li s4, 3

again:
    call patch
    sd a0, 0(s0)            # 1, 7, 7
    addi s0, s0, 8
    sw s3, 0(s1)
    fence.i
    addi s4, s4, -1
    bnez s4, again

    # Half of an instruction: the upper half-word holds the immediate. addi a0, zero, 7 -> addi a0, zero, 9
    li t0, 0x90
    sh t0, 2(s1)
    fence.i
    call patch
    sd a0, 0(s0)            # 9

    # The next instruction, many times: each turn writes another immediate.
    li t1, 0
    li t2, 20
    li t3, 0
turn:
    slli t0, t1, 20
    lw t4, 0(s2)
    slli t4, t4, 44
    srli t4, t4, 44
    or t4, t4, t0
    la t5, next
    sw t4, 0(t5)
    fence.i
next:
    addi a0, zero, 0
    add t3, t3, a0
    addi t1, t1, 1
    bne t1, t2, turn
    sd t3, 8(s0)            # 0 + 1 + ... + 19 = 190
done:
    wfi
    j done

    .balign 4
patch:
    addi a0, zero, 1
    ret
seven:
    addi a0, zero, 7

    .balign 8
results:
    .zero 40
