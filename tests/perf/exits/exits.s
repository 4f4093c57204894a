# What an exit costs. The kernel begins in S with the number of a case in a0 and of its rounds in a1; it runs the rounds and shuts down.
# Paging is on: one gigapage maps RAM to itself, one the devices, for the kernel; a third, at USER, is RAM for the user. At WINDOW stand the pages
# once more, in entries of 4 KiB.
        .equ    KERNEL_LEAF, 0xcf       # D A X W R V
        .equ    USER_LEAF, 0xdf         # and U
        .equ    USER, 0x40000000
        .equ    WINDOW, 0xc0000000
        .equ    PAGES, 64
        .equ    UART_LINE_STATUS, 0x10000005

        .macro  table at                # entries 0 (devices), 1 (RAM for the user), 2 (RAM for the kernel)
        la      t0, \at
        li      t1, KERNEL_LEAF
        sd      t1, 0(t0)
        li      t1, (0x80000000 >> 2) | USER_LEAF
        sd      t1, 8(t0)
        li      t1, (0x80000000 >> 2) | KERNEL_LEAF
        sd      t1, 16(t0)
        la      t1, middle
        srli    t1, t1, 2
        ori     t1, t1, 1
        sd      t1, 24(t0)
        .endm

        .macro  satp rd, table, asid
        la      \rd, \table
        srli    \rd, \rd, 12
        li      t1, (8 << 16) | \asid
        slli    t1, t1, 22
        slli    t1, t1, 22
        or      \rd, \rd, t1
        .endm

        .text
        .globl  _start
_start: mv      s0, a0
        mv      s1, a1
        la      t0, trap
        csrw    stvec, t0
        table   first
        table   second
        la      t0, middle
        la      t1, leaves
        srli    t1, t1, 2
        ori     t1, t1, 1
        sd      t1, 0(t0)
        la      t0, leaves
        la      t1, pages
        srli    t1, t1, 2
        ori     t1, t1, KERNEL_LEAF
        li      t2, PAGES
        li      t3, 4096 >> 2
1:      sd      t1, 0(t0)
        add     t1, t1, t3
        addi    t0, t0, 8
        addi    t2, t2, -1
        bnez    t2, 1b
        satp    s2, first, 1
        satp    s3, second, 2
        csrw    satp, s2
        sfence.vma
        li      s4, WINDOW
        la      t0, cases
        slli    t1, s0, 3
        add     t0, t0, t1
        ld      t0, 0(t0)
        jr      t0

empty:  addi    s1, s1, -1
        bnez    s1, empty
        j       end

csr_read:
        csrr    t0, sscratch
        addi    s1, s1, -1
        bnez    s1, csr_read
        j       end

csr_write:
        csrw    sscratch, s1
        addi    s1, s1, -1
        bnez    s1, csr_write
        j       end

firmware_call:
        li      a7, 0x10
        li      a6, 0
1:      ecall
        addi    s1, s1, -1
        bnez    s1, 1b
        j       end

device: li      s5, UART_LINE_STATUS
1:      lbu     t0, 0(s5)
        addi    s1, s1, -1
        bnez    s1, 1b
        j       end

# The user's ecall, the kernel's handler, and its sret back to the same ecall.
system_call:
        la      t0, 1f
        li      t1, 0x80000000 - USER
        sub     t0, t0, t1
        csrw    sepc, t0
        li      t0, 0x100
        csrc    sstatus, t0
        sret
1:      ecall
        .align  2
trap:   addi    s1, s1, -1
        beqz    s1, end
        sret

# And the page is used again: an exit more.
fence_address:
1:      sfence.vma s4, zero
        ld      t3, 0(s4)
        addi    s1, s1, -1
        bnez    s1, 1b
        j       end

fence_all:
        sfence.vma
        addi    s1, s1, -1
        bnez    s1, fence_all
        j       end

# All pages are forgotten, and each is touched again.
fill:   sfence.vma
        mv      t0, s4
        li      t1, PAGES
        li      t2, 4096
1:      ld      t3, 0(t0)
        add     t0, t0, t2
        addi    t1, t1, -1
        bnez    t1, 1b
        addi    s1, s1, -1
        bnez    s1, fill
        j       end

# To the other address space and back, with a few pages touched in each.
switch: csrw    satp, s3
        ld      t3, 0(s4)
        csrw    satp, s2
        ld      t3, 0(s4)
        addi    s1, s1, -1
        bnez    s1, switch

end:    li      a7, 0x53525354
        li      a6, 0
        li      a0, 0
        li      a1, 0
        ecall
1:      j       1b

        .data
        .align  3
cases:  .dword  empty, csr_read, csr_write, firmware_call, device, system_call, fence_address, fence_all, fill, switch
        .align  12
first:  .zero   4096
second: .zero   4096
middle: .zero   4096
leaves: .zero   4096
pages:  .zero   PAGES * 4096
