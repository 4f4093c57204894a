# nested-vmm: a trap-and-emulate VMM of its own, in assembly, whose guest is a copy of itself, whose guest is a small kernel with a process.
#
#   VMM 1      in supervisor mode of this machine (which may itself be a virtual one)
#   VMM 2      the same program once more: it believes to be in supervisor mode, and is in VMM 1's user mode
#   kernel     believes to be in supervisor mode, and is in VMM 2's virtual user mode, which is in VMM 1's user mode, too
#   process    in user mode, as it believes
#
# A trap of the process goes to VMM 1 first, because only VMM 1 has the real supervisor mode. VMM 1 sees that its guest was in (virtual) user mode
# and gives the trap to VMM 2; VMM 2 sees the same of its own guest and gives it to the kernel. Each privileged instruction on the way down traps
# again, one level further up: this is why nesting by trap and emulate is correct, and why it is slow. Each VMM counts what it was entered for.
#
# Guest-physical memory, the same for every level: the guest's RAM begins at 0x80200000, where its program is entered.
#
#   0x8020_0000  the program: a VMM (or the kernel)
#   0x8028_0000  RAM of this VMM's guest; the guest believes that it stands at 0x8020_0000

    .equ SBI_SET_TIMER, 0               # the old calls of the firmware: one number in a7, the argument in a0
    .equ SBI_PUTCHAR,   1
    .equ SBI_SHUTDOWN,  8
    .equ SBI_NOT_SUPPORTED, -2

    .equ LAST_LEVEL,   2                # the VMM of this level runs the kernel
    .equ RAM,          0x80000000
    .equ PROGRAM,      0x80200000
    .equ GUEST_OFFSET, 0x80000          # from a VMM's program to its guest's RAM
    .equ GUEST_BYTES,  0x140000         # what VMM 1 gives its guest,
    .equ LAST_BYTES,   0x40000          # and VMM 2 the kernel

    .equ SSTATUS_SIE,  1 << 1
    .equ SSTATUS_SPIE, 1 << 5
    .equ SSTATUS_SPP,  1 << 8
    .equ SSTATUS_SUM,  1 << 18
    .equ SSTATUS_MXR,  1 << 19
    .equ SSP, 1 << 1                    # bits of sie and sip: software,
    .equ ST,  1 << 5                    # timer

    .equ CAUSE_ILLEGAL, 2
    .equ CAUSE_ECALL,   8               # from (real) user mode
    .equ CAUSE_FETCH_PAGE, 12
    .equ CAUSE_LOAD_PAGE,  13
    .equ CAUSE_STORE_PAGE, 15

    .equ PTE_V, 1 << 0
    .equ PTE_R, 1 << 1
    .equ PTE_W, 1 << 2
    .equ PTE_X, 1 << 3
    .equ PTE_U, 1 << 4
    .equ PTE_G, 1 << 5
    .equ PTE_A, 1 << 6
    .equ PTE_D, 1 << 7

    # The virtual hart: what the guest believes to be its processor. x0 is always 0, so its place holds the pc.
    .equ V_PC,       0
    .equ V_MODE,     256                # 0: virtual user mode, 1: virtual supervisor mode. The real mode is user mode for both.
    .equ V_SSTATUS,  264
    .equ V_SIE,      272
    .equ V_SIP,      280
    .equ V_STVEC,    288
    .equ V_SSCRATCH, 296
    .equ V_SEPC,     304
    .equ V_SCAUSE,   312
    .equ V_STVAL,    320
    .equ V_SATP,     328
    .equ V_SCOUNTEREN, 336
    # What the VMM was entered for.
    .equ V_EXITS,    344
    .equ V_EMULATED, 352                # privileged instructions, carried out
    .equ V_FILLED,   360                # hidden page faults
    .equ V_CALLS,    368                # firmware calls
    .equ V_GIVEN,    376                # traps and interrupts of the guest's own
    # The VMM's own.
    .equ V_IN_LINE,  384                # whether the guest is within a line of its console
    .equ V_DELTA,    392                # where the VMM sees physical memory, less where it is
    .equ V_ROOT,     400                # what the real satp holds
    .equ V_POOL,     408                # the next free page for shadow tables
    .equ V_SIZE,     416

.macro count what
    ld    t0, \what(s0)
    addi  t0, t0, 1
    sd    t0, \what(s0)
.endm

    .section .text
    .globl _start
_start:
    la    sp, stack_top
    la    s0, virtual_hart

    # Say who begins.
    la    a0, text_vmm
    call  print
    la    s1, level
    ld    a0, 0(s1)
    call  print_number
    la    a0, text_begins
    call  print
    la    t0, guest_bytes
    ld    a0, 0(t0)
    srli  a0, a0, 10
    call  print_number
    la    a0, text_kib
    call  print

    # The guest's program goes into its RAM: a copy of this one, or the kernel.
    la    a0, _start
    li    a2, GUEST_OFFSET
    add   a2, a0, a2                    # a2 = the guest's RAM
    ld    s2, 0(s1)
    li    t0, LAST_LEVEL
    la    a1, program_end
    bne   s2, t0, 1f
    la    a0, kernel
    la    a1, kernel_end
1:  mv    t2, a2
2:  ld    t1, 0(a0)
    sd    t1, 0(t2)
    addi  a0, a0, 8
    addi  t2, t2, 8
    bltu  a0, a1, 2b
    li    t0, LAST_LEVEL
    beq   s2, t0, enter_window

    # The copy is one level deeper, and has less to give.
    la    t0, _start
    sub   t1, s1, t0
    add   t1, t1, a2                    # where `level` stands in the copy
    addi  t2, s2, 1
    sd    t2, 0(t1)
    li    t2, LAST_BYTES
    sd    t2, 8(t1)                     # guest_bytes stands behind it

# ------------------------------------------------------------------------------------------ the VMM's own addresses
# While the guest runs, the real satp holds a shadow table, and a trap does not change satp: so the VMM must stand in each shadow table, where the
# guest cannot reach it (no PTE_U), and where it is not in the guest's way. It takes one gigabyte at the upper end of the address space for all of
# physical memory: the last for VMM 1, the one before for VMM 2, since VMM 2 stands in VMM 1's shadow table beside VMM 1.
enter_window:
    slli  t0, s2, 30
    neg   t0, t0                        # the window: -(level GiB)
    li    t1, RAM
    sub   s3, t0, t1                    # the delta: from a physical address to one in the window
    call  empty_shadow                  # both tables hold nothing but the window
    la    a0, root_kernel
    li    a1, 2
    call  satp_of
    la    t0, in_window
    add   t0, t0, s3
    csrw  stvec, t0
    sd    s3, V_DELTA(s0)
    sfence.vma
    csrw  satp, a0                      # the next fetch faults: no table maps this address. The fault goes to stvec: in_window.
    .balign 4
in_window:
    la    sp, stack_top                 # relative to the pc: all of these are addresses in the window now
    la    s0, virtual_hart
    csrw  sscratch, s0
    la    t0, trap
    csrw  stvec, t0
    call  empty_shadow
    li    t0, ST
    csrw  sie, t0
    li    t0, SSTATUS_SPP
    csrc  sstatus, t0                   # the VMM's sret goes to user mode, always

    # The virtual hart after reset: virtual supervisor mode, paging and interrupts off.
    li    t0, PROGRAM
    sd    t0, V_PC(s0)
    li    t0, 1
    sd    t0, V_MODE(s0)
    li    t0, 2 << 32                   # UXL: user programs have 64 bits
    sd    t0, V_SSTATUS(s0)
    li    t0, 7
    sd    t0, V_SCOUNTEREN(s0)
    j     resume

# ------------------------------------------------------------------------------------------ every trap of the guest, whatever it is
    .balign 4
trap:
    csrrw s0, sscratch, s0              # s0 = the virtual hart; sscratch = the guest's s0
    .irp  r, 1,2,3,4,5,6,7,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sd    x\r, 8*\r(s0)
    .endr
    csrr  t0, sscratch
    sd    t0, 8*8(s0)
    csrw  sscratch, s0
    csrr  t0, sepc
    sd    t0, V_PC(s0)
    la    sp, stack_top
    count V_EXITS

    csrr  s1, scause                    # s1 = the real cause, s2 = the real trap value
    csrr  s2, stval
    bltz  s1, timer_interrupt           # the only interrupt that the VMM lets in
    li    t0, CAUSE_ECALL
    beq   s1, t0, environment_call
    li    t0, CAUSE_ILLEGAL
    beq   s1, t0, illegal_instruction
    li    t0, CAUSE_FETCH_PAGE
    beq   s1, t0, page_fault
    li    t0, CAUSE_LOAD_PAGE
    beq   s1, t0, page_fault
    li    t0, CAUSE_STORE_PAGE
    beq   s1, t0, page_fault

# The guest's own trap: its kernel gets it as it came. s1 = cause, s2 = trap value.
give:
    call  inject
    j     resume

# The VMM has carried an instruction out: the guest goes on behind it.
next_instruction:
    ld    t0, V_PC(s0)
    addi  t0, t0, 4
    sd    t0, V_PC(s0)

# Back to the guest. Whatever was done may have let an interrupt in, or may need the other shadow table.
resume:
    ld    t0, V_SIP(s0)
    ld    t1, V_SIE(s0)
    and   t0, t0, t1
    beqz  t0, 2f
    ld    t1, V_MODE(s0)                # in virtual user mode the kernel's interrupts are always on
    beqz  t1, 1f
    ld    t1, V_SSTATUS(s0)
    andi  t1, t1, SSTATUS_SIE
    beqz  t1, 2f
1:  li    s1, 1                         # software before timer
    andi  t1, t0, SSP
    bnez  t1, 3f
    li    s1, 5
3:  li    t1, 1 << 63
    or    s1, s1, t1
    li    s2, 0
    call  inject
2:
    la    a0, root_user                 # an address space identifier for each, so that neither has to be flushed for the other
    li    a1, 1
    ld    t0, V_MODE(s0)
    beqz  t0, 4f
    la    a0, root_kernel
    li    a1, 2
4:  call  satp_of
    ld    t0, V_ROOT(s0)
    beq   a0, t0, 5f
    sd    a0, V_ROOT(s0)
    csrw  satp, a0
5:  ld    t0, V_PC(s0)
    csrw  sepc, t0
    .irp  r, 1,2,3,4,5,6,7,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    ld    x\r, 8*\r(s0)
    .endr
    ld    s0, 8*8(s0)
    sret

# inject(s1 = cause, s2 = trap value): does to the virtual hart what hardware does to a real one when it traps.
inject:
    count V_GIVEN
    sd    s1, V_SCAUSE(s0)
    sd    s2, V_STVAL(s0)
    ld    t0, V_PC(s0)
    sd    t0, V_SEPC(s0)
    ld    t0, V_SSTATUS(s0)             # SPIE takes SIE, SIE becomes 0, SPP takes the mode
    andi  t1, t0, SSTATUS_SIE
    slli  t1, t1, 4
    andi  t0, t0, ~(SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP)
    or    t0, t0, t1
    ld    t1, V_MODE(s0)
    slli  t1, t1, 8
    or    t0, t0, t1
    sd    t0, V_SSTATUS(s0)
    li    t0, 1
    sd    t0, V_MODE(s0)
    ld    t0, V_STVEC(s0)
    andi  t1, t0, 1                     # vectored: interrupts go to base + 4 * cause
    andi  t0, t0, ~3
    beqz  t1, 1f
    bgez  s1, 1f
    slli  t1, s1, 2
    add   t0, t0, t1
1:  sd    t0, V_PC(s0)
    ret

# ------------------------------------------------------------------------------------------ ecall
# Real hardware says cause 8 for both virtual modes. Only the virtual mode tells a system call from a call of the firmware.
environment_call:
    ld    t0, V_MODE(s0)
    beqz  t0, give
    count V_CALLS
    ld    t0, 8*17(s0)                  # the guest's a7 and a0
    ld    a0, 8*10(s0)
    li    t1, SBI_PUTCHAR
    beq   t0, t1, guest_prints
    li    t1, SBI_SET_TIMER
    beq   t0, t1, guest_sets_timer
    li    t1, SBI_SHUTDOWN
    beq   t0, t1, guest_ends
    li    t0, SBI_NOT_SUPPORTED
    sd    t0, 8*10(s0)
    j     next_instruction

# What the guest prints stands behind its VMM's number.
guest_prints:
    ld    t0, V_IN_LINE(s0)
    bnez  t0, 1f
    li    a0, '['
    call  put_character
    la    t0, level
    ld    a0, 0(t0)
    call  print_number
    li    a0, ']'
    call  put_character
    li    a0, ' '
    call  put_character
1:  ld    a0, 8*10(s0)
    addi  t0, a0, -'\n'
    sd    t0, V_IN_LINE(s0)
    call  put_character
    sd    zero, 8*10(s0)
    j     next_instruction

# The guest's time is this machine's time: so its timer can be the VMM's.
guest_sets_timer:
    li    a7, SBI_SET_TIMER
    ecall
    ld    t0, V_SIP(s0)
    andi  t0, t0, ~ST
    sd    t0, V_SIP(s0)
    sd    zero, 8*10(s0)
    j     next_instruction

timer_interrupt:
    call  timer_came
    j     resume

# The real interrupt is the VMM's; the guest's becomes pending.
timer_came:
    li    a0, -1
    li    a7, SBI_SET_TIMER
    ecall
    ld    t0, V_SIP(s0)
    ori   t0, t0, ST
    sd    t0, V_SIP(s0)
    ret

guest_ends:
    la    a0, text_vmm
    call  print
    la    t0, level
    ld    a0, 0(t0)
    call  print_number
    la    a0, text_ended
    call  print
    la    s1, report                    # a text, and the counter that stands before it
1:  ld    t0, 0(s1)
    beqz  t0, 2f
    add   t0, s0, t0
    ld    a0, 0(t0)
    call  print_number
    ld    t0, 8(s1)
    la    a0, _start
    add   a0, a0, t0
    call  print
    addi  s1, s1, 16
    j     1b
2:  li    a7, SBI_SHUTDOWN
    ecall
    j     .

# ------------------------------------------------------------------------------------------ privileged instructions
# In virtual user mode they are the guest's own illegal instructions. In virtual supervisor mode they are carried out on the virtual hart.
illegal_instruction:
    ld    t0, V_MODE(s0)
    beqz  t0, give
    andi  t0, s2, 0x7f                  # s2 = the instruction: this hardware writes it to stval
    li    t1, 0x73                      # SYSTEM
    bne   t0, t1, give
    srli  s3, s2, 12
    andi  s3, s3, 7                     # s3 = funct3: 1 to 3 and 5 to 7 are the CSR instructions
    li    t1, 4
    beq   s3, t1, give
    bnez  s3, csr_instruction
    li    t1, 0x10200073
    beq   s2, t1, supervisor_return
    li    t1, 0x10500073
    beq   s2, t1, wait_for_interrupt
    srli  t0, s2, 25
    li    t1, 9                         # sfence.vma, whatever it names: to drop more than was asked is allowed
    bne   t0, t1, give
    count V_EMULATED
    call  empty_shadow
    j     next_instruction

# sret: the mode in SPP (which need not be user mode), the pc in sepc; SIE takes SPIE, SPIE becomes 1, SPP becomes 0.
supervisor_return:
    count V_EMULATED
    ld    t0, V_SSTATUS(s0)
    srli  t1, t0, 8
    andi  t1, t1, 1
    sd    t1, V_MODE(s0)
    andi  t1, t0, SSTATUS_SPIE
    srli  t1, t1, 4
    andi  t0, t0, ~(SSTATUS_SIE | SSTATUS_SPP)
    or    t0, t0, t1
    ori   t0, t0, SSTATUS_SPIE
    sd    t0, V_SSTATUS(s0)
    ld    t0, V_SEPC(s0)
    sd    t0, V_PC(s0)
    j     resume

# The guest waits: so the VMM does. What ends it is what is pending and enabled, whatever SIE says.
wait_for_interrupt:
    count V_EMULATED
1:  ld    t0, V_SIP(s0)
    ld    t1, V_SIE(s0)
    and   t0, t0, t1
    bnez  t0, next_instruction
    wfi
    csrr  t0, sip
    andi  t0, t0, ST
    beqz  t0, 1b
    call  timer_came
    j     1b

# The six CSR instructions, on the virtual registers.
csr_instruction:
    srli  s4, s2, 20                    # the register's number
    la    t0, csr_table
1:  ld    t1, 0(t0)
    beqz  t1, give                      # the guest has no such register
    srli  t2, t1, 16
    beq   t2, s4, 2f
    addi  t0, t0, 16
    j     1b
2:
    ld    s6, 8(t0)                     # s6 = what may be written of it
    slli  t1, t1, 48
    srli  t1, t1, 48
    add   s5, s0, t1                    # s5 = where it stands, s7 = its value
    ld    s7, 0(s5)
    count V_EMULATED
    srli  t2, s2, 15
    andi  t2, t2, 31                    # t2 = rs1, or the constant
    mv    s8, t2
    andi  t0, s3, 4
    bnez  t0, 3f
    beqz  t2, 3f                        # x0 is 0; in its place stands the pc
    slli  s8, t2, 3
    add   s8, s8, s0
    ld    s8, 0(s8)                     # the source is read before rd is written: they may be the same register
3:  srli  t0, s2, 7
    andi  t0, t0, 31
    beqz  t0, 4f
    slli  t0, t0, 3
    add   t0, t0, s0
    sd    s7, 0(t0)                     # rd
4:  andi  t0, s3, 3
    li    t1, 1
    beq   t0, t1, 6f                    # csrrw always writes
    beqz  t2, next_instruction          # csrrs and csrrc with x0 (or 0) do not
    li    t1, 2
    beq   t0, t1, 5f
    not   s8, s8
    and   s8, s7, s8
    j     6f
5:  or    s8, s7, s8
6:  and   s8, s8, s6                    # only legal values arrive
    not   s6, s6
    and   s6, s7, s6
    or    s8, s8, s6
    li    t0, 0x180
    beq   s4, t0, 7f
    sd    s8, 0(s5)
    li    t0, 0x100
    bne   s4, t0, next_instruction
    xor   t0, s7, s8                    # sstatus: SUM and MXR decide what the kernel's shadow table may hold
    li    t1, SSTATUS_SUM | SSTATUS_MXR
    and   t0, t0, t1
    beqz  t0, next_instruction
    call  empty_shadow
    j     next_instruction
7:  srli  t0, s8, 60                    # satp: a mode that is not there makes the write void. The real satp is not touched.
    beqz  t0, 8f
    li    t1, 8
    bne   t0, t1, next_instruction
8:  sd    s8, 0(s5)
    call  empty_shadow
    j     next_instruction

# ------------------------------------------------------------------------------------------ shadow page tables
# The guest's table leads from its virtual to its physical addresses; the VMM knows where these really are; the shadow table, which the hardware
# walks, leads from the first to the last. It begins empty, and a page is put in when the guest first needs it (lazily). It is emptied when the
# guest says that its table has changed: by a write of satp, or by sfence.vma.
#
# There are two: one for virtual user mode, with what the user may reach, and one for virtual supervisor mode. Both modes are real user mode, so
# every page in them is a user page for the hardware.
page_fault:
    srli  t0, s2, 30                    # s2 = the address, s1 = the cause
    andi  t0, t0, 511
    la    t1, level
    ld    t1, 0(t1)
    li    t2, 512
    sub   t1, t2, t1
    beq   t0, t1, give                  # the VMM's window: the guest has nothing there

    ld    t0, V_SATP(s0)
    srli  t1, t0, 60
    mv    a0, s2                        # paging off: the guest-physical address is the virtual one,
    li    s6, PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D   # with every right
    beqz  t1, found

    slli  t1, s2, 25                    # 39 bits, the others like the highest of them
    srai  t1, t1, 25
    bne   t1, s2, give
    slli  s3, t0, 20
    srli  s3, s3, 8                     # s3 = the guest's table (guest-physical)
    li    s4, 30                        # s4 = which bits of the address lead through it
1:  srl   t0, s2, s4
    andi  t0, t0, 511
    slli  t0, t0, 3
    add   a0, s3, t0
    call  to_host
    beqz  a0, access_fault              # a table where the guest has no memory
    mv    s5, a0                        # s5 = where the entry stands, s6 = the entry
    ld    s6, 0(s5)
    andi  t0, s6, PTE_V
    beqz  t0, give
    slli  s3, s6, 10
    srli  s3, s3, 20
    slli  s3, s3, 12                    # where it leads
    andi  t0, s6, PTE_R | PTE_W | PTE_X
    bnez  t0, leaf
    addi  s4, s4, -9
    li    t0, 12
    bge   s4, t0, 1b
    j     give                          # no leaf in the last table

# A leaf. May the guest do this? Else the fault is its own.
leaf:
    li    t1, PTE_W
    beq   t0, t1, give                  # W without R is reserved; so is W and X without R
    li    t1, PTE_W | PTE_X
    beq   t0, t1, give
    li    t1, 1
    sll   t1, t1, s4
    addi  t1, t1, -1                    # t1 = the bits within the page, 12, 21 or 30 of them
    and   t2, s3, t1
    bnez  t2, give                      # a superpage that is not aligned
    and   t1, s2, t1
    or    a0, s3, t1                    # a0 = the guest-physical address

    ld    t0, V_SSTATUS(s0)
    ld    t1, V_MODE(s0)
    andi  t2, s6, PTE_U
    bnez  t1, 1f
    beqz  t2, give                      # the user in a page of the kernel
    j     2f
1:  beqz  t2, 2f
    li    t1, CAUSE_FETCH_PAGE          # the kernel in a page of the user: it never executes there,
    beq   s1, t1, give
    li    t1, SSTATUS_SUM               # and loads and stores only with SUM
    and   t1, t0, t1
    beqz  t1, give
    andi  s6, s6, ~PTE_X
2:  li    t1, SSTATUS_MXR               # with MXR, what may be executed may be loaded
    and   t1, t0, t1
    beqz  t1, 3f
    andi  t1, s6, PTE_X
    srli  t1, t1, 2
    or    s6, s6, t1
3:  li    t1, PTE_X
    li    t2, CAUSE_FETCH_PAGE
    beq   s1, t2, 4f
    li    t1, PTE_R
    li    t2, CAUSE_LOAD_PAGE
    beq   s1, t2, 4f
    li    t1, PTE_W
4:  and   t1, s6, t1
    beqz  t1, give

    # Accessed, and by a store dirty, as hardware would mark it. Until it is dirty the shadow page is not writable, so that the store is seen.
    ld    t0, 0(s5)
    ori   t0, t0, PTE_A
    li    t2, CAUSE_STORE_PAGE
    bne   s1, t2, 5f
    ori   t0, t0, PTE_D
5:  sd    t0, 0(s5)
    andi  t1, t0, PTE_D
    bnez  t1, 6f
    andi  s6, s6, ~PTE_W
6:  andi  s6, s6, PTE_R | PTE_W | PTE_X
    ori   s6, s6, PTE_V | PTE_U | PTE_A | PTE_D

# a0 = the guest-physical address, s6 = the rights of the shadow page.
found:
    call  to_host
    beqz  a0, access_fault
    ld    t0, V_DELTA(s0)
    sub   a0, a0, t0
    srli  a0, a0, 12
    slli  a0, a0, 10
    or    s6, a0, s6                    # s6 = the shadow entry
    count V_FILLED

fill:
    la    a0, root_user
    ld    t0, V_MODE(s0)
    beqz  t0, 1f
    la    a0, root_kernel
1:  li    s4, 30
2:  srl   t0, s2, s4
    andi  t0, t0, 511
    slli  t0, t0, 3
    add   a0, a0, t0                    # the place in this table
    li    t0, 12
    beq   s4, t0, 5f
    ld    t0, 0(a0)
    bnez  t0, 4f
    ld    a1, V_POOL(s0)                # a new table, from the pool
    la    t1, pool_end
    bltu  a1, t1, 3f
    call  empty_shadow                  # none is left: begin anew
    j     fill
3:  li    t1, 4096
    add   t2, a1, t1
    sd    t2, V_POOL(s0)
    mv    t1, a1
6:  sd    zero, 0(t1)
    addi  t1, t1, 8
    bltu  t1, t2, 6b
    ld    t0, V_DELTA(s0)
    sub   t0, a1, t0
    srli  t0, t0, 2
    ori   t0, t0, PTE_V
    sd    t0, 0(a0)
4:  srli  t0, t0, 10                    # on to the table that it points to
    slli  t0, t0, 12
    ld    t1, V_DELTA(s0)
    add   a0, t0, t1
    addi  s4, s4, -9
    j     2b
5:  sd    s6, 0(a0)
    sfence.vma s2, zero                 # the same instruction runs again, and now finds its page
    j     resume

# Where the guest has no memory: an access fault of the same kind (12, 13, 15 become 1, 5, 7).
access_fault:
    li    t0, CAUSE_FETCH_PAGE
    li    t1, 1
    beq   s1, t0, 1f
    addi  t1, s1, -8
1:  mv    s1, t1
    j     give

# to_host(a0 = guest-physical address): where the VMM finds it, or 0 where the guest has no memory. This is what keeps the guest in.
to_host:
    li    t0, PROGRAM
    sub   a0, a0, t0
    la    t0, guest_bytes
    ld    t0, 0(t0)
    bltu  a0, t0, 1f
    li    a0, 0
    ret
1:  li    t0, PROGRAM + GUEST_OFFSET
    add   a0, a0, t0
    ld    t0, V_DELTA(s0)
    add   a0, a0, t0
    ret

# satp_of(a0 = a root table, as the VMM sees it; a1 = its address space identifier)
satp_of:
    ld    t0, V_DELTA(s0)
    sub   a0, a0, t0
    srli  a0, a0, 12
    slli  a1, a1, 44
    or    a0, a0, a1
    li    t0, 8 << 60                   # Sv39
    or    a0, a0, t0
    ret

# Both tables hold the VMM's window, and nothing else. The entry of the window stays as it is: the VMM stands on one of these tables itself.
empty_shadow:
    la    t0, level
    ld    t0, 0(t0)
    li    t2, 512
    sub   t2, t2, t0                    # t2 = the entry of the window: 511 for VMM 1, 510 for VMM 2
    li    t3, (RAM >> 2) | PTE_V | PTE_R | PTE_W | PTE_X | PTE_G | PTE_A | PTE_D
    la    t0, root_user                 # the other table stands behind it
    li    t1, 2 * 512
    li    t4, 0
1:  andi  t5, t4, 511
    bne   t5, t2, 2f
    sd    t3, 0(t0)
    j     3f
2:  sd    zero, 0(t0)
3:  addi  t0, t0, 8
    addi  t4, t4, 1
    bltu  t4, t1, 1b
    la    t0, pool
    sd    t0, V_POOL(s0)
    sfence.vma
    ret

# ------------------------------------------------------------------------------------------ the console, by the firmware below
put_character:
    li    a7, SBI_PUTCHAR
    ecall
    ret

# print(a0 = text that ends with a zero byte)
print:
    mv    t0, a0
1:  lbu   a0, 0(t0)
    beqz  a0, 2f
    li    a7, SBI_PUTCHAR
    ecall
    addi  t0, t0, 1
    j     1b
2:  ret

# print_number(a0), decimal
print_number:
    addi  sp, sp, -16
    sd    ra, 8(sp)
    sd    s1, 0(sp)
    li    t0, 10
    remu  s1, a0, t0
    divu  a0, a0, t0
    beqz  a0, 1f
    call  print_number                  # the digits before the last one
1:  addi  a0, s1, '0'
    call  put_character
    ld    ra, 8(sp)
    ld    s1, 0(sp)
    addi  sp, sp, 16
    ret

# ------------------------------------------------------------------------------------------ the kernel, and its process
# A program of its own: VMM 2 copies it to the beginning of its guest's RAM.
    .balign 4096
kernel:
    la    sp, kernel_stack_top
    la    t0, kernel_trap
    csrw  stvec, t0
    la    a0, kernel_hello
    call  kernel_print

    # Sv39: the kernel where it is, one gigapage; the process's page of code at 0x10000.
    la    a0, kernel_tables
    li    t1, 4096
    add   a1, a0, t1
    add   a2, a1, t1
    li    t0, (RAM >> 2) | PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D
    sd    t0, 2*8(a0)
    srli  t0, a1, 2
    ori   t0, t0, PTE_V
    sd    t0, 0(a0)
    srli  t0, a2, 2
    ori   t0, t0, PTE_V
    sd    t0, 0(a1)
    la    t0, process
    srli  t0, t0, 2
    ori   t0, t0, PTE_V | PTE_R | PTE_X | PTE_U
    sd    t0, 0x10*8(a2)
    srli  t0, a0, 12
    li    t1, 8 << 60
    or    t0, t0, t1
    csrw  satp, t0
    sfence.vma

    li    t0, ST
    csrw  sie, t0
    li    t0, SSTATUS_SPP
    csrc  sstatus, t0
    li    t0, SSTATUS_SPIE
    csrs  sstatus, t0
    li    t0, 0x10000
    csrw  sepc, t0
    li    s1, 0
    sret

    .balign 4
kernel_trap:
    csrr  t0, scause
    bltz  t0, kernel_timer
    li    t1, CAUSE_ECALL
    bne   t0, t1, kernel_surprised
    csrr  t0, sepc                      # a system call returns behind its ecall
    addi  t0, t0, 4
    csrw  sepc, t0
    beqz  a7, kernel_end_of_process
    # write(a0 = a text of the process): the page is the user's, so SUM must be on.
    li    t0, SSTATUS_SUM
    csrs  sstatus, t0
    call  kernel_print
    li    t0, SSTATUS_SUM
    csrc  sstatus, t0
    # From now on the timer may come: a process that never asks for anything cannot keep the processor.
    rdtime a0
    li    t0, 20000
    add   a0, a0, t0
    li    a7, SBI_SET_TIMER
    ecall
    sret
kernel_timer:
    li    a0, -1
    li    a7, SBI_SET_TIMER
    ecall
    la    a0, kernel_ticks
    call  kernel_print
    li    s1, 1                         # the process sees it in s1, the one register that is not its own
    sret
kernel_surprised:
    la    a0, kernel_fault
    call  kernel_print
    j     kernel_off
kernel_end_of_process:
    la    a0, kernel_goodbye
    call  kernel_print
kernel_off:
    li    a7, SBI_SHUTDOWN
    ecall
    j     .

kernel_print:
    mv    t0, a0
1:  lbu   a0, 0(t0)
    beqz  a0, 2f
    li    a7, SBI_PUTCHAR
    ecall
    addi  t0, t0, 1
    j     1b
2:  ret

kernel_hello:   .asciz "kernel: in supervisor mode, as it seems.\n"
kernel_ticks:   .asciz "kernel: the timer took the processor from the process.\n"
kernel_fault:   .asciz "kernel: a trap that it did not expect.\n"
kernel_goodbye: .asciz "kernel: the process has ended.\n"

    .balign 4096
process:
    la    a0, process_hello
    li    a7, 1                         # write
    ecall
1:  beqz  s1, 1b                        # until the timer has come; it comes once, so nothing else has to be saved
    li    a7, 0                         # exit
    ecall
process_hello: .asciz "process: in user mode, at the bottom.\n"
    .balign 4096
kernel_tables:    .space 3 * 4096
    .space 4096
kernel_stack_top:
kernel_end:

    .section .rodata
text_vmm:    .asciz "VMM "
text_begins: .asciz " begins: its guest gets "
text_kib:    .asciz " KiB of memory and runs in user mode.\n"
text_ended:  .asciz ": the guest has ended after "
text_exits:  .asciz " exits: "
text_emulated: .asciz " privileged instructions, "
text_filled: .asciz " pages, "
text_calls:  .asciz " firmware calls, "
text_given:  .asciz " traps of its own.\n"

    .balign 8
# Counters and the texts behind them, as distances from the beginning: a copy stands elsewhere.
report:
    .dword V_EXITS, text_exits - _start, V_EMULATED, text_emulated - _start, V_FILLED, text_filled - _start
    .dword V_CALLS, text_calls - _start, V_GIVEN, text_given - _start, 0

# The virtual registers: number and place, and the bits that may be written.
csr_table:
    .dword 0x100 << 16 | V_SSTATUS,  SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR
    .dword 0x104 << 16 | V_SIE,      SSP | ST
    .dword 0x144 << 16 | V_SIP,      SSP
    .dword 0x105 << 16 | V_STVEC,    ~2
    .dword 0x140 << 16 | V_SSCRATCH, -1
    .dword 0x141 << 16 | V_SEPC,     ~1
    .dword 0x142 << 16 | V_SCAUSE,   -1
    .dword 0x143 << 16 | V_STVAL,    -1
    .dword 0x180 << 16 | V_SATP,     -1
    .dword 0x106 << 16 | V_SCOUNTEREN, 7
    .dword 0

    .section .data
    .balign 8
level:       .dword 1
guest_bytes: .dword GUEST_BYTES
program_end:

    .section .bss
    .balign 4096
root_user:    .space 4096
root_kernel:  .space 4096
pool:         .space 32 * 4096
pool_end:
    .space 4096
stack_top:
virtual_hart: .space V_SIZE
