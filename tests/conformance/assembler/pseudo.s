# The standard pseudo-instructions (RISC-V Assembly Programmer's Manual), and GNU's other spellings.
    .globl _start
_start:
    nop
    mv a0, a1
    move a0, a1
    not a0, a1
    neg a0, a1
    negw a0, a1
    sext.b a0, a1
    sext.h a0, a1
    sext.w a0, a1
    zext.b a0, a1
    zext.h a0, a1
    zext.w a0, a1
    seqz a0, a1
    snez a0, a1
    sltz a0, a1
    sgtz a0, a1
    sgt a0, a1, a2
    sgtu a0, a1, a2
    beqz a0, _start
    bnez a0, _start
    blez a0, _start
    bgez a0, _start
    bltz a0, _start
    bgtz a0, _start
    bgt a0, a1, _start
    ble a0, a1, _start
    bgtu a0, a1, _start
    bleu a0, a1, _start
    j _start
    jal _start
    jr a0
    jr 8(a0)
    jr a0, 12
    jalr a0
    jalr 8(a0)
    jalr a0, 4
    jalr a0, a1
    jalr a0, a1, 16
    ret
    call far
    call t0, far
    tail far
    jump far, t2
    la a0, far
    la a0, table + 16
    lla t0, table
    lla t1, far - 4
    la a0, 0x100000
    la a0, 5
    lla a0, 0x10000000
    lb a0, table
    lh a0, table + 2
    lw a0, table
    ld a0, table + 8
    lbu a0, table
    lhu a0, table
    lwu a0, table
    sb a0, table, t0
    sh a0, table, t0
    sw a0, table, t0
    sd a0, table + 8, t0
    fence
    fence.tso
    pause
    unimp
    scall
    sbreak
    rdcycle a0
    rdtime a1
    rdinstret a2
    csrr a0, scause
    csrw stvec, a0
    csrw sscratch, 5
    csrs sie, a0
    csrs sstatus, 2
    csrc sstatus, a0
    csrc sstatus, 8
    csrwi sscratch, 0
    csrsi sstatus, 2
    csrci sstatus, 31
    csrrw a0, sscratch, 7
    csrrs a0, sie, 7
    csrrc a0, sie, 7
    sfence.vma
    sfence.vma a0
    add a0, a0, -1
    and a0, a0, 255
    or a0, a0, 1
    xor a0, a0, -1
    sll a0, a0, 3
    srl a0, a0, 3
    sra a0, a0, 3
    slt a0, a0, 3
    sltu a0, a0, 3
    addw a0, a0, 3
    sllw a0, a0, 3
    srlw a0, a0, 3
    sraw a0, a0, 3
    # One constant of every shape: the sequence is part of the syntax.
    li a0, 0
    li a0, -1
    li a0, 2047
    li a0, -2048
    li a0, 2048
    li a0, 4096
    li a0, 0x7ffff7ff
    li a0, 0x7fffffff
    li a0, 0x80000000
    li a0, -0x80000000
    li a0, 0xffffffff
    li a0, 0x100000000
    li a0, 0x80200000
    li a0, 0x8000000000000000
    li a0, 0x7fffffffffffffff
    li a0, 0xffffffff00000000
    li a0, 0x123456789abcdef0
    li a0, 0xfedcba9876543210
    li a0, 0x8000000000080001
    li a0, (8 << 60) | (0x80300000 >> 12)
    li a0, ~0xfff
    li t0, 1 << 63
    li a0, 0x00ff00ff00ff00ff
    li a0, 0xdeadbeef
    li a0, -0x123456789
    li a0, 'Z'
    .skip 0x1800
far:
    ret
    .data
    .balign 8
table:
    .dword 1, 2, 3
