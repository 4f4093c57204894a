# Every benchmark begins here, in M mode at the start of RAM, and is done ROUNDS times in S mode, or in VS mode under a second stage when GUEST
# is 1. It gives `prepare` (called in M), `operation` (called in S or VS, with the rounds in s1; its checksum comes back in a0 and is printed) and `trap` (S or VS).
# Addresses: RAM and the devices one to one for the kernel (the image in pages of 4 KiB); at USER the image once more, for the user; at WINDOW
# four tables of 512 pages, all empty at first, for memory from FRAMES on.
        .equ    KERNEL_LEAF, 0xcf       # D A X W R V
        .equ    USER_LEAF, 0xdf         # and U
        .equ    USER, 0x40000000
        .equ    WINDOW, 0x40200000
        .equ    FRAMES, 0x80400000
        .equ    MORE_FRAMES, 0x80c00000 # guest-physical pages that the second stage does not map at first
        .equ    SPP, 0x100
        .equ    SUM, 0x40000

        # Fills \count entries of 8 bytes at \table with leaves for memory from \first on, \step apart.
        .macro  leaves table, first, count, step, leaf
        la      t0, \table
        li      t1, (\first >> 2) | \leaf
        li      t2, \step >> 2
        li      t3, \count
1:      sd      t1, 0(t0)
        add     t1, t1, t2
        addi    t0, t0, 8
        addi    t3, t3, -1
        bnez    t3, 1b
        .endm
        # Entry \index of \table points to the table \to.
        .macro  point table, index, to
        la      t0, \to
        srli    t0, t0, 2
        ori     t0, t0, 1
        la      t1, \table
        sd      t0, 8 * \index(t1)
        .endm
        # satp or hgatp for Sv39 (x4) with a table and an address space.
        .macro  space rd, table, asid
        la      \rd, \table
        srli    \rd, \rd, 12
        li      t0, (8 << 16) | \asid
        slli    t0, t0, 22
        slli    t0, t0, 22
        or      \rd, \rd, t0
        .endm
        # On to the user's view of \label.
        .macro  to_user label
        la      t0, \label
        li      t1, 0x80000000 - USER
        sub     t0, t0, t1
        csrw    sepc, t0
        li      t0, SPP
        csrc    sstatus, t0
        sret
        .endm

        .text
        .globl  _start
_start: la      t0, failed
        csrw    mtvec, t0
        csrw    stvec, t0
        li      t0, -1                  # PMP entry 0: everything, for all modes
        csrw    pmpaddr0, t0
        li      t0, 0x1f
        csrw    pmpcfg0, t0
        csrw    mcounteren, t0
        li      t0, 1 << 63             # menvcfg.STCE: stimecmp
        csrw    menvcfg, t0
        li      t0, 0xf0b5ff            # exceptions are those of S; an ecall from S or HS comes here
        csrw    medeleg, t0
        li      t0, 0x666
        csrw    mideleg, t0

        leaves  root, 0, 1, 0, KERNEL_LEAF
        point   root, 1, user_middle
        point   root, 2, middle
        leaves  middle, 0x80000000, 32, 0x200000, KERNEL_LEAF
        point   middle, 0, image_leaves
        leaves  image_leaves, 0x80000000, 512, 0x1000, KERNEL_LEAF
        point   user_middle, 0, user_leaves
        leaves  user_leaves, 0x80000000, 512, 0x1000, USER_LEAF
        point   user_middle, 1, window
        point   user_middle, 2, window + 0x1000
        point   user_middle, 3, window + 0x2000
        point   user_middle, 4, window + 0x3000
        space   t2, root, 1
        li      t1, 0x800               # mstatus.MPP = S
        .if     GUEST
        csrw    vsatp, t2
        leaves  guest_root, 0, 1, 0, USER_LEAF
        point   guest_root, 2, guest_middle
        leaves  guest_middle, 0x80000000, 32, 0x200000, USER_LEAF
        point   guest_middle, 0, guest_leaves
        leaves  guest_leaves, 0x80000000, 512, 0x1000, USER_LEAF
        point   guest_middle, 6, guest_window
        space   t2, guest_root, 1
        csrw    hgatp, t2
        hfence.gvma
        li      t0, 0xb1ff
        csrw    hedeleg, t0
        li      t0, 0x444
        csrw    hideleg, t0
        li      t0, 1 << 63
        csrw    henvcfg, t0
        li      t0, 7
        csrw    hcounteren, t0
        li      t1, (1 << 39) | 0x800   # MPV, too
        .else
        csrw    satp, t2
        .endif
        sfence.vma
        csrs    mstatus, t1
        li      t1, 0x1000
        csrc    mstatus, t1
        call    prepare
        la      t0, supervisor
        csrw    mepc, t0
        mret

supervisor:
        la      sp, stack_top
        la      t0, trap
        csrw    stvec, t0
        li      s1, ROUNDS
        li      a0, 0
        call    operation
        li      t0, 0x10000000          # the UART
        li      t1, 16                  # digits
        li      t3, 10
1:      srli    t2, a0, 60
        slli    a0, a0, 4
        bltu    t2, t3, 2f
        addi    t2, t2, 'a' - '9' - 1
2:      addi    t2, t2, '0'
        sb      t2, 0(t0)
        addi    t1, t1, -1
        bnez    t1, 1b
        li      t0, 0x100000            # the test finisher: pass
        li      t1, 0x5555
        sw      t1, 0(t0)
1:      j       1b

        .balign 4
failed: li      t0, 0x100000            # no other trap is expected
        li      t1, 0x13333
        sw      t1, 0(t0)
1:      j       1b

        .bss
        .balign 16384
guest_root:
        .space  16384
guest_middle:
        .space  4096
guest_leaves:
        .space  4096
guest_window:
        .space  4096
root:   .space  4096
middle: .space  4096
image_leaves:
        .space  4096
user_middle:
        .space  4096
user_leaves:
        .space  4096
window: .space  4 * 4096
stack:  .space  65536
stack_top:
        .text
