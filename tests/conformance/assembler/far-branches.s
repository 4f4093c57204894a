# Branches whose target is too far become the opposite branch over a jump; just in reach they stay.
    .globl  _start
_start:
    beq     a0, a1, far
    bne     a0, a1, far
    blt     a0, a1, far
    bgeu    a0, a1, far
    beqz    a0, far
    bgtz    a0, far
near:
    beq     a0, a1, near + 4094
    .skip   4094
far:
    bnez    a0, far - 4096
    bnez    a0, near
    bltu    a0, a1, near
    .balign 16
    ble     a0, a1, _start
    ret
