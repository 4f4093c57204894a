# The name of every CSR of the machine.
    .globl  _start
_start:
    .irp    name, sstatus, sie, stvec, scounteren, senvcfg, sscratch, sepc, scause, stval, sip, satp
    csrr    a0, \name
    .endr
    .irp    name, mstatus, misa, medeleg, mideleg, mie, mtvec, mcounteren, menvcfg, mcountinhibit
    csrr    a0, \name
    .endr
    .irp    name, mscratch, mepc, mcause, mtval, mip, mcycle, minstret
    csrw    \name, a0
    .endr
    .irp    name, mvendorid, marchid, mimpid, mhartid, mconfigptr, cycle, time, instret
    csrr    a0, \name
    .endr
    csrr    a0, pmpcfg0
    csrr    a0, pmpcfg2
    .irp    n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
    csrr    a0, pmpaddr\n
    .endr
    .irp    n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    csrr    a0, hpmcounter\n
    csrr    a0, mhpmcounter\n
    csrr    a0, mhpmevent\n
    .endr
    csrr    a0, fflags
    csrr    a0, frm
    csrr    a0, fcsr
    .irp    name, stimecmp, vsstatus, vsie, vstvec, vsscratch, vsepc, vscause, vstval, vsip, vstimecmp, vsatp, hstatus, hedeleg, hideleg, hie, htimedelta, hcounteren, hgeie, henvcfg, htval, hip, hvip, htinst, hgatp, hgeip, mtinst, mtval2, tselect, tdata1, tdata2, tdata3
    csrr    a0, \name
    .endr
