# The instructions of the hypervisor extension and of Svinval.
    .globl _start
_start:
    sinval.vma a0, a1
    sfence.w.inval
    sfence.inval.ir
    hinval.vvma a0, a1
    hinval.gvma a0, a1
    hfence.vvma a0, a1
    hfence.gvma zero, a1
    hlv.b   a0, (a1)
    hlv.bu  a0, (a1)
    hlv.h   a0, (a1)
    hlv.hu  a0, (a1)
    hlv.w   a0, (a1)
    hlv.wu  a0, (a1)
    hlv.d   a0, (a1)
    hlvx.hu a0, (a1)
    hlvx.wu a0, (sp)
    hsv.b   a0, (a1)
    hsv.h   a0, (a1)
    hsv.w   a0, (a1)
    hsv.d   t6, (zero)
