# processes: a kernel with virtual memory, two processes, system calls and a timer that takes the processor away.
#
# The kernel builds two Sv39 address spaces. The kernel itself is mapped in both, for supervisor mode only; each process has a page
# of code at 0x10000 and a page of stack at 0x20000. Process 1 prints and yields; process 2 computes without ever asking for anything,
# so only the timer can stop it.
#
#   gva 0x0001_0000  code of the process   R X U
#   gva 0x0002_0000  stack of the process  R W U
#   gva 0x8000_0000  the kernel, 1 GiB     R W X     (as physical)

    .equ SBI_CONSOLE_PUTCHAR, 1
    .equ SBI_TIME,    0x54494d45        # "TIME": set_timer
    .equ SBI_SRST,    0x53525354        # "SRST": system reset

    .equ SYS_WRITE,   1                 # a0 = address, a1 = length
    .equ SYS_GETPID,  2                 # returns the process number in a0
    .equ SYS_YIELD,   3
    .equ SYS_EXIT,    4                 # a0 = exit code

    .equ QUANTUM,     20000             # timer ticks that a process may run

    .equ SSTATUS_SPIE, 1 << 5
    .equ SSTATUS_SPP,  1 << 8
    .equ SSTATUS_SUM,  1 << 18          # supervisor may read user pages
    .equ SIE_STIE,     1 << 5           # supervisor timer interrupt
    .equ CAUSE_ECALL_FROM_USER, 8
    .equ CAUSE_SUPERVISOR_TIMER, 5      # with the interrupt bit, bit 63

    # Page-table entries: bits of the low byte.
    .equ PTE_V, 1 << 0
    .equ PTE_R, 1 << 1
    .equ PTE_W, 1 << 2
    .equ PTE_X, 1 << 3
    .equ PTE_U, 1 << 4
    .equ PTE_G, 1 << 5
    .equ PTE_A, 1 << 6
    .equ PTE_D, 1 << 7
    .equ SV39, 8                        # satp.MODE

    .equ USER_CODE,  0x10000
    .equ USER_STACK, 0x20000

    # A process: the registers (x0's place holds the pc), then its satp, number, state and how often it was preempted.
    .equ P_PC,        0
    .equ P_SATP,      256
    .equ P_PID,       264
    .equ P_EXITED,    272
    .equ P_PREEMPTED, 280
    .equ P_SIZE,      288

    .section .text
    .globl _start
_start:
    la    sp, kernel_stack_top
    la    t0, trap_handler
    csrw  stvec, t0

    la    a0, text_hello
    call  print

    # process(a0 = its record, a1 = number, a2 = its three tables, a3 = its code, a4 = its stack)
    la    a0, process_1
    li    a1, 1
    la    a2, tables_1
    la    a3, program_1
    la    a4, stack_1
    call  make_process
    la    a0, process_2
    li    a1, 2
    la    a2, tables_2
    la    a3, program_2
    la    a4, stack_2
    call  make_process
    sfence.vma                          # the tables are written: from here on they may be used

    li    t0, SIE_STIE
    csrw  sie, t0
    call  set_timer
    la    s0, process_1
    j     resume

# ------------------------------------------------------------------------------------------ making a process
# Fills in a record and three page tables that lie one after the other: root, middle, leaf.
make_process:
    sd    a1, P_PID(a0)
    li    t0, USER_CODE
    sd    t0, P_PC(a0)
    li    t0, USER_STACK + 4096
    sd    t0, 2*8(a0)                   # sp

    li    t1, 4096
    add   t2, a2, t1                    # middle table
    add   t3, t2, t1                    # leaf table

    # root[2]: the kernel, one gigapage at 0x80000000, the same address virtual and physical
    li    t0, (0x80000000 >> 2) | PTE_V | PTE_R | PTE_W | PTE_X | PTE_G | PTE_A | PTE_D
    sd    t0, 2*8(a2)
    # root[0] -> middle, middle[0] -> leaf
    srli  t0, t2, 2
    ori   t0, t0, PTE_V
    sd    t0, 0(a2)
    srli  t0, t3, 2
    ori   t0, t0, PTE_V
    sd    t0, 0(t2)
    # leaf[0x10]: code; leaf[0x20]: stack
    srli  t0, a3, 2
    ori   t0, t0, PTE_V | PTE_R | PTE_X | PTE_U | PTE_A
    sd    t0, (USER_CODE >> 12) * 8(t3)
    srli  t0, a4, 2
    ori   t0, t0, PTE_V | PTE_R | PTE_W | PTE_U | PTE_A | PTE_D
    sd    t0, (USER_STACK >> 12) * 8(t3)

    # satp: Sv39, the process number as address-space identifier, the root's page number
    srli  t0, a2, 12
    slli  t1, a1, 44
    or    t0, t0, t1
    li    t1, SV39
    slli  t1, t1, 60
    or    t0, t0, t1
    sd    t0, P_SATP(a0)
    ret

# ------------------------------------------------------------------------------------------ traps
# On entry sscratch holds the record of the process that was running.
    .balign 4
trap_handler:
    csrrw a0, sscratch, a0              # a0 = the record, sscratch = the process's a0
    sd    ra, 1*8(a0)
    sd    sp, 2*8(a0)
    sd    gp, 3*8(a0)
    sd    tp, 4*8(a0)
    sd    t0, 5*8(a0)
    sd    t1, 6*8(a0)
    sd    t2, 7*8(a0)
    sd    s0, 8*8(a0)
    sd    s1, 9*8(a0)
    sd    a1, 11*8(a0)
    sd    a2, 12*8(a0)
    sd    a3, 13*8(a0)
    sd    a4, 14*8(a0)
    sd    a5, 15*8(a0)
    sd    a6, 16*8(a0)
    sd    a7, 17*8(a0)
    sd    s2, 18*8(a0)
    sd    s3, 19*8(a0)
    sd    s4, 20*8(a0)
    sd    s5, 21*8(a0)
    sd    s6, 22*8(a0)
    sd    s7, 23*8(a0)
    sd    s8, 24*8(a0)
    sd    s9, 25*8(a0)
    sd    s10, 26*8(a0)
    sd    s11, 27*8(a0)
    sd    t3, 28*8(a0)
    sd    t4, 29*8(a0)
    sd    t5, 30*8(a0)
    sd    t6, 31*8(a0)
    csrr  t0, sscratch
    sd    t0, 10*8(a0)
    csrr  t0, sepc
    sd    t0, P_PC(a0)

    mv    s0, a0                        # s0 = the record, from here on
    la    sp, kernel_stack_top
    csrr  t0, scause
    bltz  t0, interrupt                 # bit 63: an interrupt
    li    t1, CAUSE_ECALL_FROM_USER
    beq   t0, t1, system_call
    la    a0, text_fault                # any other exception ends the process
    call  print
    j     exit

interrupt:
    ld    t0, P_PREEMPTED(s0)
    addi  t0, t0, 1
    sd    t0, P_PREEMPTED(s0)
    call  set_timer
    j     next_process

system_call:
    ld    t0, P_PC(s0)
    addi  t0, t0, 4                     # return behind the ecall
    sd    t0, P_PC(s0)
    ld    a0, 10*8(s0)
    ld    a1, 11*8(s0)
    ld    t0, 17*8(s0)                  # a7 says which call
    li    t1, SYS_WRITE
    beq   t0, t1, write
    li    t1, SYS_GETPID
    beq   t0, t1, getpid
    li    t1, SYS_YIELD
    beq   t0, t1, next_process
    li    t1, SYS_EXIT
    beq   t0, t1, exit
    li    t0, -1
    sd    t0, 10*8(s0)
    j     resume

write:
    li    t0, SSTATUS_SUM
    csrs  sstatus, t0                   # the text is in a user page: allow the kernel to read it
    mv    s1, a0
    add   s2, a0, a1
1:  bgeu  s1, s2, 2f
    lbu   a0, 0(s1)
    call  put_character
    addi  s1, s1, 1
    j     1b
2:  li    t0, SSTATUS_SUM
    csrc  sstatus, t0
    j     resume

getpid:
    ld    t0, P_PID(s0)
    sd    t0, 10*8(s0)
    j     resume

exit:
    li    t0, 1
    sd    t0, P_EXITED(s0)

# The other process, if it still runs; else this one; else the end.
next_process:
    la    t0, process_1
    bne   s0, t0, 1f
    la    t0, process_2
1:  ld    t1, P_EXITED(t0)
    bnez  t1, 2f
    mv    s0, t0
    j     resume
2:  ld    t1, P_EXITED(s0)
    beqz  t1, resume
    j     finish

# Goes on with the process in s0, in user mode.
resume:
    ld    t0, P_SATP(s0)
    csrw  satp, t0                      # its address space; no fence: each has its own identifier
    csrw  sscratch, s0
    ld    t0, P_PC(s0)
    csrw  sepc, t0
    li    t0, SSTATUS_SPP
    csrc  sstatus, t0
    li    t0, SSTATUS_SPIE
    csrs  sstatus, t0                   # interrupts on again after sret
    mv    a0, s0
    ld    ra, 1*8(a0)
    ld    sp, 2*8(a0)
    ld    gp, 3*8(a0)
    ld    tp, 4*8(a0)
    ld    t0, 5*8(a0)
    ld    t1, 6*8(a0)
    ld    t2, 7*8(a0)
    ld    s0, 8*8(a0)
    ld    s1, 9*8(a0)
    ld    a1, 11*8(a0)
    ld    a2, 12*8(a0)
    ld    a3, 13*8(a0)
    ld    a4, 14*8(a0)
    ld    a5, 15*8(a0)
    ld    a6, 16*8(a0)
    ld    a7, 17*8(a0)
    ld    s2, 18*8(a0)
    ld    s3, 19*8(a0)
    ld    s4, 20*8(a0)
    ld    s5, 21*8(a0)
    ld    s6, 22*8(a0)
    ld    s7, 23*8(a0)
    ld    s8, 24*8(a0)
    ld    s9, 25*8(a0)
    ld    s10, 26*8(a0)
    ld    s11, 27*8(a0)
    ld    t3, 28*8(a0)
    ld    t4, 29*8(a0)
    ld    t5, 30*8(a0)
    ld    t6, 31*8(a0)
    ld    a0, 10*8(a0)
    sret

finish:
    la    a0, text_end
    call  print
    la    t0, process_2
    ld    a0, P_PREEMPTED(t0)
    call  print_number
    la    a0, text_times
    call  print
    li    a7, SBI_SRST
    li    a6, 0
    li    a0, 0
    li    a1, 0
    ecall
    j     .

# ------------------------------------------------------------------------------------------ helpers
# Asks for a timer interrupt QUANTUM ticks from now.
set_timer:
    rdtime a0
    li    t0, QUANTUM
    add   a0, a0, t0
    li    a7, SBI_TIME
    li    a6, 0
    ecall
    ret

put_character:
    li    a7, SBI_CONSOLE_PUTCHAR
    li    a6, 0
    ecall
    ret

# print(a0 = text that ends with a zero byte)
print:
    addi  sp, sp, -16
    sd    ra, 8(sp)
    sd    s1, 0(sp)
    mv    s1, a0
1:  lbu   a0, 0(s1)
    beqz  a0, 2f
    call  put_character
    addi  s1, s1, 1
    j     1b
2:  ld    ra, 8(sp)
    ld    s1, 0(sp)
    addi  sp, sp, 16
    ret

# print_number(a0), decimal
print_number:
    addi  sp, sp, -32
    sd    ra, 24(sp)
    sd    s1, 16(sp)
    mv    s1, a0
    li    t0, 10
    remu  s1, a0, t0
    divu  a0, a0, t0
    beqz  a0, 1f
    call  print_number                  # the digits before the last one
1:  addi  a0, s1, '0'
    call  put_character
    ld    ra, 24(sp)
    ld    s1, 16(sp)
    addi  sp, sp, 32
    ret

# ------------------------------------------------------------------------------------------ the processes
# Each program is a page of its own, mapped at USER_CODE: everything in it is reached relative to the pc.
    .balign 4096
program_1:
    addi  sp, sp, -16
    li    s0, 3                         # three rounds
1:  la    a0, text_1
    la    a1, text_1_end
    sub   a1, a1, a0
    li    a7, SYS_WRITE
    ecall
    li    a7, SYS_GETPID
    ecall
    addi  a0, a0, '0'                   # its number and a new line, on its own stack
    sb    a0, 0(sp)
    li    t0, '\n'
    sb    t0, 1(sp)
    mv    a0, sp
    li    a1, 2
    li    a7, SYS_WRITE
    ecall
    li    a7, SYS_YIELD                 # let the other one run
    ecall
    addi  s0, s0, -1
    bnez  s0, 1b
    li    a0, 0
    li    a7, SYS_EXIT
    ecall
text_1:     .ascii "  process 1 runs and yields; getpid says "
text_1_end:

    .balign 4096
program_2:
    li    s0, 0
    li    s1, 100000
1:  add   s0, s0, s1                    # 1 + 2 + ... + 100000: it never asks for anything
    addi  s1, s1, -1
    bnez  s1, 1b
    li    t0, 5000050000
    bne   s0, t0, 2f                    # were its registers kept while the other process ran?
    la    a0, text_2
    la    a1, text_2_end
    j     3f
2:  la    a0, text_2_wrong
    la    a1, text_2_wrong_end
3:  sub   a1, a1, a0
    li    a7, SYS_WRITE
    ecall
    li    a0, 0
    li    a7, SYS_EXIT
    ecall
text_2:           .ascii "  process 2 has added up 1 to 100000\n"
text_2_end:
text_2_wrong:     .ascii "  process 2 lost its registers\n"
text_2_wrong_end:

    .section .rodata
text_hello: .asciz "Two processes, one processor.\n"
text_fault: .asciz "  a process did what it may not; it is ended\n"
text_end:   .asciz "Both have exited. The timer took the processor from process 2 "
text_times: .asciz " times.\n"

    .section .bss
    .balign 4096
tables_1: .space 3 * 4096
tables_2: .space 3 * 4096
stack_1:  .space 4096
stack_2:  .space 4096
process_1: .space P_SIZE
process_2: .space P_SIZE
    .balign 16
    .space 4096
kernel_stack_top:
