# Sv39 from S mode: faults, permissions, accessed and dirty bits, stale translations, address spaces (privileged manual, 10.3 and 10.4).
# Code runs in an identity superpage; what is tried are pages from 0x40000000 on. Results are stored, traps are in the log.
    .globl _start
_start:
    la t0, supervisor_trap
    csrw stvec, t0
    li t0, -1               # modes below M may access everything
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    li t0, -1
    csrw medeleg, t0

    # root[2]: one gigabyte at 0x80000000. root[1] -> middle; middle[0] -> leaves.
    la s1, root
    la s2, middle
    la s3, leaves
    li t0, 0x200000cf
    sd t0, 16(s1)
    srli t0, s2, 2
    ori t0, t0, 1
    sd t0, 8(s1)
    srli t0, s3, 2
    ori t0, t0, 1
    sd t0, 0(s2)
    # Entries for two pages, without flags.
    la t0, page_a
    srli s4, t0, 2
    la t0, page_b
    srli s5, t0, 2

    la t0, in_supervisor
    csrw mepc, t0
    li t0, 0x800
    csrs mstatus, t0
    li t0, 0x1000
    csrc mstatus, t0
    srli t0, s1, 12
    li t1, 8
    slli t1, t1, 60
    or s6, t0, t1
    csrw satp, s6
    mret

in_supervisor:
    la s0, results
    li s7, 0x40000000

    # A load sets A, a store sets D too.
    ori t0, s4, 0x07        # R W
    sd t0, 0(s3)
    ld a0, 0(s7)
    sd a0, 0(s0)            # 0xa
    ld t1, 0(s3)
    andi t1, t1, 0xff
    sd t1, 8(s0)            # 0x47
    sd a0, 8(s7)
    ld t1, 0(s3)
    andi t1, t1, 0xff
    sd t1, 16(s0)           # 0xc7

    # A changed entry is used only after the fence.
    ori t0, s5, 0xc7
    sd t0, 0(s3)
    ld a0, 0(s7)
    sd a0, 24(s0)           # 0xa: stale
    sfence.vma
    ld a0, 0(s7)
    sd a0, 32(s0)           # 0xb

    # An entry taken away is used until the fence of its address.
    sd zero, 0(s3)
    ld a0, 0(s7)
    sd a0, 40(s0)           # 0xb: stale
    li t0, 0x40001000
    sfence.vma t0
    ld a0, 0(s7)
    sd a0, 48(s0)           # 0xb: another address was fenced
    sfence.vma s7
gone:
    ld a0, 0(s7)            # load page fault
gone_too:
    sd zero, 0(s7)          # store page fault
    ori t0, s4, 0xc7
    sd t0, 0(s3)
    ld a0, 0(s7)            # a new entry needs no fence here
    sd a0, 56(s0)           # 0xa

    # Permissions.
    ori t0, s4, 0x43        # read only
    sd t0, 8(s3)
    li t1, 0x40001000
    ld a0, 0(t1)
read_only:
    sd zero, 0(t1)          # store page fault
amo_read_only:
    amoadd.d a0, zero, (t1) # atomics need W even to add nothing
    la s10, after_fetch
    jr t1                   # fetch page fault at the target
after_fetch:
    ori t0, s4, 0x49        # execute only
    sd t0, 16(s3)
    li t1, 0x40002000
execute_only:
    ld a0, 0(t1)            # load page fault
    li t2, 0x80000
    csrs sstatus, t2        # MXR
    ld a0, 0(t1)
    sd a0, 64(s0)           # 0xa
    csrc sstatus, t2
execute_only_again:
    ld a0, 0(t1)

    # A user page, with and without SUM.
    ori t0, s5, 0xdf
    sd t0, 24(s3)
    li t1, 0x40003000
user_page:
    ld a0, 0(t1)            # load page fault
    li t2, 0x40000
    csrs sstatus, t2
    ld a0, 0(t1)
    sd a0, 72(s0)           # 0xb
    la s10, after_user_fetch
    jr t1                   # never executed in S mode, SUM or not
after_user_fetch:
    csrc sstatus, t2

    # A superpage that is not aligned, and an address that is not canonical.
    ori t0, s4, 0xcf
    sd t0, 8(s2)
    li t1, 0x40200000
misaligned_superpage:
    ld a0, 0(t1)
    li t1, 0x8040000000
not_canonical:
    ld a0, 0(t1)

    # An access over the end of a page: both pages, and the fault is that of the second.
    li t0, 0x1122334455667788
    li t1, 0x40000ffc
    sd zero, 32(s3)
    ori t2, s5, 0xc7
    sd t2, 8(s3)
    sfence.vma
    sd t0, 0(t1)
    ld a0, 0(t1)
    sd a0, 80(s0)           # 0x1122334455667788
    la t1, page_b
    lwu a0, 0(t1)
    sd a0, 88(s0)           # 0x11223344
    li t1, 0x40003ffe
    li t2, 0x40000
    csrs sstatus, t2
over_the_end:
    lw a0, 0(t1)            # the user page, then no page
    csrc sstatus, t2

    # Address spaces: the same address, two roots. A global page is in both.
    la t0, root_b
    ld t1, 16(s1)
    sd t1, 16(t0)
    la t1, middle_b
    srli t2, t1, 2
    ori t2, t2, 1
    sd t2, 8(t0)
    la t3, leaves_b
    srli t2, t3, 2
    ori t2, t2, 1
    sd t2, 0(t1)
    ori t2, s5, 0xc7
    sd t2, 40(t3)           # 0x40005000: page b in space 2
    ori t2, s4, 0xc7
    sd t2, 40(s3)           # page a in space 1
    ori t2, s4, 0xe7
    sd t2, 48(s3)           # 0x40006000: page a, global
    srli t0, t0, 12
    li t1, 8
    slli t1, t1, 60
    or t0, t0, t1
    li t1, 1
    slli t1, t1, 44
    or s8, s6, t1           # space 1
    add t0, t0, t1
    add s9, t0, t1          # space 2
    li t1, 0x40005000
    li t2, 0x40006000
    csrw satp, s8
    ld a0, 0(t1)
    sd a0, 96(s0)           # 0xa
    ld a0, 8(t2)
    sd a0, 104(s0)          # 0xa, stored above
    csrw satp, s9
    ld a0, 0(t1)
    sd a0, 112(s0)          # 0x11223344: page b
    ld a0, 8(t2)
    sd a0, 120(s0)          # 0xa: global, though this space does not map it
    li t3, 2
    sfence.vma zero, t3
    ld a0, 8(t2)
    sd a0, 128(s0)          # 0xa: a fence of a space leaves global pages
    sfence.vma
not_in_this_space:
    ld a0, 8(t2)
done:
    wfi
    j done

    .balign 4
supervisor_trap:
    csrr t6, scause
    addi t6, t6, -12
    beqz t6, fetch_fault
    csrr t6, sepc
    addi t6, t6, 4
    csrw sepc, t6
    sret
fetch_fault:
    csrw sepc, s10
    sret

    .balign 8
results:
    .zero 136

    .balign 4096
page_a:
    .dword 0xa
    .zero 4088
page_b:
    .dword 0xb
    .zero 4088
root:
    .zero 4096
middle:
    .zero 4096
leaves:
    .zero 4096
root_b:
    .zero 4096
middle_b:
    .zero 4096
leaves_b:
    .zero 4096
