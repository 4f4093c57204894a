# The order of interrupts, and when they are taken (privileged manual, 3.1.9 and 10.1.3). The traps of the log are what is checked.
    .globl _start
_start:
    la t0, machine_trap
    csrw mtvec, t0
    la t0, supervisor_trap
    csrw stvec, t0
    li t0, -1               # modes below M may access everything
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    csrw mideleg, zero

    # Three at once for M mode: taken one after the other when the enable is set, each before the next instruction.
    li t0, 0x222
    csrw mie, t0
    csrw mip, t0
    nop                     # not yet: MIE is clear
    csrsi mstatus, 8
machine_taken:
    nop
    csrci mstatus, 8

    # Delegated, so M mode never takes them.
    csrw mideleg, t0
    csrw mip, t0
    csrsi mstatus, 8
    nop
    csrci mstatus, 8

    # In S mode they wait for SIE.
    la t1, in_supervisor
    csrw mepc, t1
    li t1, 0x1800
    csrc mstatus, t1
    li t1, 0x800
    csrs mstatus, t1
    mret
in_supervisor:
    nop
    csrsi sstatus, 2
supervisor_taken:
    nop
    csrci sstatus, 2
    # In U mode SIE does not count. SSIP is the one that S mode can raise itself.
    li t1, 0x222
    csrs sie, t1
    csrsi sip, 2
    li t1, 0x100
    csrc sstatus, t1
    la t1, in_user
    csrw sepc, t1
    sret
in_user:
    nop
    ecall                   # to M: ends
    nop

done:
    wfi
    j done

    # An interrupt is handled by taking back its pending bit; an exception ends the program.
    .balign 4
machine_trap:
    csrr t1, mcause
    bgez t1, done_in_machine
    li t2, 1
    sll t2, t2, t1
    csrc mip, t2
    mret
done_in_machine:
    csrw mie, zero
    j done

    # S mode cannot clear STIP and SEIP: it disables them instead.
    .balign 4
supervisor_trap:
    csrr t1, scause
    li t2, 1
    sll t2, t2, t1
    csrc sip, t2
    csrc sie, t2
    sret
