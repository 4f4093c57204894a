# Every kernel begins here, in M mode at the start of RAM: it maps itself with Sv39 (4 KiB pages for its first 2 MiB, so that the
# TLB has work), goes to S mode, calls `kernel`, and stops through the test finisher with the checksum in a0.
        .equ    LEAF, 0xcf              # D A X W R V
        .text
        .globl  _start
_start: la      t0, failed
        csrw    mtvec, t0
        li      t0, -1                  # PMP entry 0: everything, for S too
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0

        la      t0, root
        li      t1, LEAF                # 0..1 GiB: the devices, one to one
        sd      t1, 0(t0)
        la      t2, middle              # 2..3 GiB: RAM, one to one
        srli    t1, t2, 2
        ori     t1, t1, 1
        sd      t1, 16(t0)
        la      t3, leaves
        srli    t1, t3, 2
        ori     t1, t1, 1
        sd      t1, 0(t2)
        li      t1, (0x80200000 >> 2) | LEAF
        sd      t1, 8(t2)               # the second 2 MiB as one large page
        li      t1, (0x80000000 >> 2) | LEAF
        li      t4, 512
1:      sd      t1, 0(t3)
        addi    t1, t1, 0x400
        addi    t3, t3, 8
        addi    t4, t4, -1
        bnez    t4, 1b

        srli    t0, t0, 12
        li      t1, 8
        slli    t1, t1, 60
        or      t0, t0, t1
        csrw    satp, t0
        sfence.vma
        li      t0, 0x1800              # mstatus.MPP = S
        csrc    mstatus, t0
        li      t0, 0x800
        csrs    mstatus, t0
        la      t0, supervisor
        csrw    mepc, t0
        mret

supervisor:
        la      sp, stack_top
        call    kernel
        li      t0, 0x100000            # the test finisher: pass
        li      t1, 0x5555
        sw      t1, 0(t0)
1:      j       1b

        .balign 4
failed: li      t0, 0x100000            # any trap is a failure
        li      t1, 0x13333
        sw      t1, 0(t0)
1:      j       1b

        .bss
        .balign 4096
root:   .space  4096
middle: .space  4096
leaves: .space  4096
stack:  .space  65536
stack_top:
        .text
