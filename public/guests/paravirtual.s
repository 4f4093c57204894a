# paravirtual: a kernel that asks whether it is a guest, and if so, asks its VMM instead of trapping into it.
#
# It does what kernels do all day: each round it maps 32 pages for a process, lets the process use them, unmaps them and prints a line.
# On a machine of its own, and under a VMM that keeps quiet, it stores to its page table, fences each page, reads its trap registers by
# csrr, and prints character by character: under the VMM nearly each of these is a trap. Where the VMM says that it is there, the same
# kernel hands over a list of all 32 entries with one call, finds its trap registers in memory that it shares with the VMM, and prints a
# line with one call. What it prints is the same; compare the number of VMM exits.
#
#   gva 0x0001_0000  code of the process       R X U
#   gva 0x0010_0000  its 32 pages, in rounds   R W U
#   gva 0x8000_0000  the kernel, 1 GiB         R W X    (as physical)

    .equ SBI_CONSOLE_PUTCHAR, 1
    .equ SBI_BASE,   0x10
    .equ BASE_IMPLEMENTATION, 1         # which SBI implementation is this?
    .equ BASE_PROBE, 3                  # is there this extension?
    .equ SBI_SRST,   0x53525354

    # The VMM's calls: workers/vmm/paravirtual/interface.ts.
    .equ VMM_IMPLEMENTATION, 0x4856
    .equ VMM_CALLS,  0x0a004856
    .equ CALL_UPDATE_TABLES, 0          # a0 = list, a1 = how many
    .equ CALL_SWITCH_TABLE,  1          # a0 = satp, a1 = 1: fence its address space
    .equ CALL_WRITE_CONSOLE, 3          # a0 = text, a1 = length
    .equ CALL_SHARE_STATE,   4          # a0 = where the shared registers stand
    .equ UPDATE_ENTRY_AT, 0             # an entry of the list: where, what, for which virtual address
    .equ UPDATE_ENTRY,    8
    .equ UPDATE_VA,      16
    .equ UPDATE_BYTES,   24
    .equ SHARED_SSTATUS,  0
    .equ SHARED_SEPC,     8
    .equ SHARED_SCAUSE,  16

    .equ SSTATUS_SPP,  1 << 8
    .equ CAUSE_ECALL_FROM_USER, 8

    .equ PTE_V, 1 << 0
    .equ PTE_R, 1 << 1
    .equ PTE_W, 1 << 2
    .equ PTE_X, 1 << 3
    .equ PTE_U, 1 << 4
    .equ PTE_G, 1 << 5
    .equ PTE_A, 1 << 6
    .equ PTE_D, 1 << 7
    .equ SV39, 8

    .equ USER_CODE, 0x10000
    .equ USER_DATA, 0x100000
    .equ PAGES,  32
    .equ ROUNDS, 8

    .section .text
    .globl _start
_start:
    la    sp, kernel_stack_top
    la    t0, trap_handler
    csrw  stvec, t0
    csrw  sscratch, sp

    # Am I a guest that may ask? s11 = 1 when the VMM says so.
    li    s11, 0
    li    a7, SBI_BASE
    li    a6, BASE_IMPLEMENTATION
    ecall
    li    t0, VMM_IMPLEMENTATION
    bne   a1, t0, 1f
    li    a6, BASE_PROBE
    li    a0, VMM_CALLS
    ecall
    beqz  a1, 1f
    la    a0, shared                    # from now on the registers of each trap stand there
    li    a7, VMM_CALLS
    li    a6, CALL_SHARE_STATE
    ecall
    bnez  a0, failed
    li    s11, 1
1:
    # Three tables: root -> middle -> leaf, and the kernel as one gigapage.
    la    t0, tables
    li    t3, 4096
    add   t1, t0, t3
    add   t2, t1, t3
    li    t3, (0x80000000 >> 2) | PTE_V | PTE_R | PTE_W | PTE_X | PTE_G | PTE_A | PTE_D
    sd    t3, 2*8(t0)
    srli  t3, t1, 2
    ori   t3, t3, PTE_V
    sd    t3, 0(t0)
    srli  t3, t2, 2
    ori   t3, t3, PTE_V
    sd    t3, 0(t1)
    la    t3, program
    srli  t3, t3, 2
    ori   t3, t3, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A
    sd    t3, (USER_CODE >> 12) * 8(t2)

    srli  a0, t0, 12                    # satp: Sv39, address space 1, the root's page number
    li    t3, (SV39 << 60) | (1 << 44)
    or    a0, a0, t3
    bnez  s11, 2f
    csrw  satp, a0
    sfence.vma
    j     3f
2:  li    a1, 1
    li    a7, VMM_CALLS
    li    a6, CALL_SWITCH_TABLE
    ecall
    bnez  a0, failed
3:
    li    s10, 1                        # the round
    li    a0, PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D
    call  set_pages

    # Into the process.
    li    t0, USER_CODE
    bnez  s11, 4f
    csrw  sepc, t0
    li    t0, SSTATUS_SPP
    csrc  sstatus, t0
    sret
4:  la    t1, shared                    # what the VMM takes for sepc and sstatus at its next entry
    sd    t0, SHARED_SEPC(t1)
    ld    t0, SHARED_SSTATUS(t1)
    andi  t0, t0, ~SSTATUS_SPP
    sd    t0, SHARED_SSTATUS(t1)
    sret

# ------------------------------------------------------------------------------------------ mapping and unmapping
# set_pages(a0 = flags; 0 unmaps): the 32 entries of the process's pages, and the fences behind them.
set_pages:
    la    t0, tables + 2 * 4096 + (USER_DATA >> 12) * 8     # the first entry
    la    t1, frames
    srli  t1, t1, 2
    or    t1, t1, a0                    # what it is to be
    li    t2, USER_DATA                 # for which address
    li    t3, PAGES
    bnez  s11, update_by_call
1:  mv    t4, t1
    bnez  a0, 2f
    li    t4, 0
2:  sd    t4, 0(t0)
    sfence.vma t2                       # a VMM has to look at each
    addi  t0, t0, 8
    addi  t1, t1, 4096 >> 2
    li    t4, 4096
    add   t2, t2, t4
    addi  t3, t3, -1
    bnez  t3, 1b
    ret

update_by_call:
    la    t5, updates
1:  mv    t4, t1
    bnez  a0, 2f
    li    t4, 0
2:  sd    t0, UPDATE_ENTRY_AT(t5)
    sd    t4, UPDATE_ENTRY(t5)
    sd    t2, UPDATE_VA(t5)
    addi  t5, t5, UPDATE_BYTES
    addi  t0, t0, 8
    addi  t1, t1, 4096 >> 2
    li    t4, 4096
    add   t2, t2, t4
    addi  t3, t3, -1
    bnez  t3, 1b
    la    a0, updates
    li    a1, PAGES
    li    a7, VMM_CALLS
    li    a6, CALL_UPDATE_TABLES
    ecall                               # all of them at once
    bnez  a0, failed
    ret

# ------------------------------------------------------------------------------------------ traps
# The process only ever asks for the next round: a0 is the sum that it has found in its pages.
    .balign 4
trap_handler:
    csrrw sp, sscratch, sp
    addi  sp, sp, -16
    sd    ra, 0(sp)
    sd    a0, 8(sp)
    bnez  s11, 1f
    csrr  t0, scause
    csrr  t1, sepc
    addi  t1, t1, 4                     # behind the ecall
    csrw  sepc, t1
    j     2f
1:  la    t2, shared                    # three traps less
    ld    t0, SHARED_SCAUSE(t2)
    ld    t1, SHARED_SEPC(t2)
    addi  t1, t1, 4
    sd    t1, SHARED_SEPC(t2)
2:  li    t1, CAUSE_ECALL_FROM_USER
    bne   t0, t1, failed

    li    a0, 0
    call  set_pages
    la    a0, text_round
    la    a1, line
    call  copy
    mv    a0, s10
    call  write_number
    la    a0, text_sum
    call  copy
    ld    a0, 8(sp)
    call  write_number
    li    t0, '\n'
    sb    t0, 0(a1)
    addi  a1, a1, 1
    call  print_line

    li    t0, ROUNDS
    beq   s10, t0, finish
    addi  s10, s10, 1
    li    a0, PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D
    call  set_pages
    ld    ra, 0(sp)
    addi  sp, sp, 16
    csrrw sp, sscratch, sp
    sret

failed:
    li    a1, 1                         # "system failure"
    j     1f
finish:
    li    a1, 0
1:  li    a0, 0
    li    a7, SBI_SRST
    li    a6, 0
    ecall
    j     .

# ------------------------------------------------------------------------------------------ text
# copy(a0 = text that ends with a zero byte, a1 = where): a1 is behind it then.
copy:
1:  lbu   t0, 0(a0)
    beqz  t0, 2f
    sb    t0, 0(a1)
    addi  a0, a0, 1
    addi  a1, a1, 1
    j     1b
2:  ret

# write_number(a0, a1 = where), decimal: a1 is behind it then.
write_number:
    addi  sp, sp, -16
    sd    ra, 8(sp)
    li    t0, 10
    remu  t1, a0, t0
    divu  a0, a0, t0
    sd    t1, 0(sp)
    beqz  a0, 1f
    call  write_number
1:  ld    t1, 0(sp)
    addi  t1, t1, '0'
    sb    t1, 0(a1)
    addi  a1, a1, 1
    ld    ra, 8(sp)
    addi  sp, sp, 16
    ret

# print_line(a1 = the end of what stands in the line)
print_line:
    la    a0, line
    sub   a1, a1, a0
    bnez  s11, 2f
    mv    t0, a0
    add   t1, a0, a1
1:  lbu   a0, 0(t0)
    li    a7, SBI_CONSOLE_PUTCHAR
    li    a6, 0
    ecall                               # a trap for each character
    addi  t0, t0, 1
    bltu  t0, t1, 1b
    ret
2:  li    a7, VMM_CALLS
    li    a6, CALL_WRITE_CONSOLE
    ecall                               # one for all
    bnez  a0, failed
    ret

# ------------------------------------------------------------------------------------------ the process
    .balign 4096
program:
    li    s0, 0                         # rounds
1:  addi  s0, s0, 1
    li    t0, USER_DATA
    li    t1, PAGES
    li    t3, 4096
    mv    t2, s0
2:  sd    t2, 0(t0)                     # a number into each page
    addi  t2, t2, 1
    add   t0, t0, t3
    addi  t1, t1, -1
    bnez  t1, 2b
    li    t0, USER_DATA
    li    t1, PAGES
    li    a0, 0
3:  ld    t2, 0(t0)                     # and their sum
    add   a0, a0, t2
    add   t0, t0, t3
    addi  t1, t1, -1
    bnez  t1, 3b
    ecall
    j     1b

    .section .rodata
text_round: .asciz "round "
text_sum:   .asciz ": 32 pages mapped, used and unmapped; their sum is "

    .section .bss
    .balign 4096
tables: .space 3 * 4096
frames: .space PAGES * 4096
    .balign 4096
updates: .space PAGES * UPDATE_BYTES
    .balign 64
shared: .space 64
line: .space 128
    .balign 16
    .space 4096
kernel_stack_top:
