# Every instruction of RV64IMA, Zicsr, Zifencei and the privileged ones, with operands at both ends of their range.
    .text
    .globl _start
_start:
    lui     a0, 0
    lui     x31, 0xfffff
    auipc   t0, 0
    auipc   s11, 0x80000
    jal     ra, _start
    jal     zero, forward
    jalr    ra, 2047(t0)
    jalr    zero, -2048(sp)
    beq     a0, a1, _start
    bne     t6, x0, forward
    blt     s0, s1, _start
    bge     fp, gp, forward
    bltu    tp, a7, _start
    bgeu    a2, a3, forward
    lb      a0, -2048(a1)
    lh      a0, 2047(a1)
    lw      a0, 0(a1)
    ld      a0, 8(sp)
    lbu     a0, (a1)
    lhu     a0, 2*8(a1)
    lwu     a0, -4(a1)
    sb      a0, -2048(a1)
    sh      a0, 2047(a1)
    sw      a0, (a1)
    sd      a0, 0x10(sp)
    addi    a0, a1, -2048
    slti    a0, a1, 2047
    sltiu   a0, a1, -1
    xori    a0, a1, 'A'
    ori     a0, a1, '\n'
    andi    a0, a1, 0b1010
    slli    a0, a1, 0
    slli    a0, a1, 63
    srli    a0, a1, 32
    srai    a0, a1, 63
    add     a0, a1, a2
    sub     a0, a1, a2
    sll     a0, a1, a2
    slt     a0, a1, a2
    sltu    a0, a1, a2
    xor     a0, a1, a2
    srl     a0, a1, a2
    sra     a0, a1, a2
    or      a0, a1, a2
    and     a0, a1, a2
    addiw   a0, a1, -1
    slliw   a0, a1, 31
    srliw   a0, a1, 1
    sraiw   a0, a1, 0
    addw    t3, t4, t5
    subw    t3, t4, t5
    sllw    t3, t4, t5
    srlw    t3, t4, t5
    sraw    t3, t4, t5
forward:
    fence   iorw, iorw
    fence   rw, w
    fence   o, i
    fence.i
    ecall
    ebreak
    mul     s2, s3, s4
    mulh    s2, s3, s4
    mulhsu  s2, s3, s4
    mulhu   s2, s3, s4
    div     s5, s6, s7
    divu    s5, s6, s7
    rem     s5, s6, s7
    remu    s5, s6, s7
    mulw    s8, s9, s10
    divw    s8, s9, s10
    divuw   s8, s9, s10
    remw    s8, s9, s10
    remuw   s8, s9, s10
    lr.w    a0, (a1)
    lr.d.aq a0, (a1)
    sc.w.rl a2, a0, (a1)
    sc.d.aqrl a2, a0, (a1)
    amoswap.w a0, a1, (a2)
    amoadd.w.aq a0, a1, (a2)
    amoxor.w.rl a0, a1, (a2)
    amoand.w.aqrl a0, a1, (a2)
    amoor.w a0, a1, 0(a2)
    amomin.w a0, a1, (a2)
    amomax.w a0, a1, (a2)
    amominu.w a0, a1, (a2)
    amomaxu.w a0, a1, (a2)
    amoswap.d.aqrl a0, a1, (a2)
    amoadd.d a0, a1, (a2)
    amoxor.d a0, a1, (a2)
    amoand.d a0, a1, (a2)
    amoor.d a0, a1, (a2)
    amomin.d a0, a1, (a2)
    amomax.d a0, a1, (a2)
    amominu.d a0, a1, (a2)
    amomaxu.d a0, a1, (a2)
    csrrw   a0, sstatus, a1
    csrrs   a0, 0x105, zero
    csrrc   zero, 4095, a1
    csrrwi  a0, sscratch, 31
    csrrsi  a0, sie, 0
    csrrci  zero, sip, 2
    sret
    mret
    wfi
    sfence.vma a0, a1
    SFENCE.VMA x0, x0
    ADDI    a0, a0, 1
