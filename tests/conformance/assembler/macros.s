# Macros, repetitions and conditions.
    .macro  push reg
    addi    sp, sp, -8
    sd      \reg, 0(sp)
    .endm
    .macro  pop reg:req
    ld      \reg, 0(sp)
    addi    sp, sp, 8
    .endm
    .macro  save first, second=a1, offset=16
    sd      \first, \offset(sp)
    sd      \second, \offset+8(sp)
    .endm
    .macro  wait_for value
loop\@:
    addi    a0, a0, -1
    bne     a0, \value, loop\@
    .endm
    .macro  words values:vararg
    .word   \values
    .endm
    .macro  down count
    .byte   \count
    .if     \count
    down    "(\count-1)"
    .endif
    .endm
    .macro  name_of prefix, suffix
\prefix\()_\suffix: .word \prefix\suffix
    .endm
    .macro  early value
    .word   1
    .if \value > 3
    .exitm
    .endif
    .word   2
    .endm
    .macro  outer
    .macro  inner_made value
    .word   \value + 100
    .endm
    push    s0
    .endm

    .macro  text words, more
    .ascii  "<\words|\more>"
    .endm
    .macro  texts strings:vararg
    .asciz  \strings
    .endm

    .globl  _start
_start:
    push    ra
    push    s1
    pop     ra
    save    a0
    save    a0, s2
    save    a0, offset=32
    save    second=t1, first=t2
    wait_for a1
    wait_for zero
    outer
    .data
    words   1, 2, 3
    down    3
    .balign 4
    .equ    leftright, 77
    name_of left, right
    early   1
    early   9
    inner_made 5
    text    "two words", one
    text    "a,b", "c"
    texts   "one", "t w o"
    .irp    value, "p q", r
    .ascii  "\value;"
    .endr
    .rept   3
    .byte   0xab
    .endr
    .set    n, 0
    .rept   4
    .rept   2
    .byte   n
    .endr
    .set    n, n + 1
    .endr
    .set    n, 0
    .rept   4
    .set    n, n + 1
    .if     n == 2
    .exitm
    .endif
    .byte   n + 0x40
    .endr
    .set    n, 4
    .rept   0
    .byte   0xff
    .endr
    .irp    value, 10, 20, 30
    .half   \value
    .endr
    .irpc   digit, 123
    .byte   \digit
    .endr
    .irp    reg, a0, t1
    .text
    mv      \reg, zero
    .data
    .endr
    .if     n == 4
    .byte   1
    .if     0
    .byte   2
    .else
    .byte   3
    .endif
    .else
    .byte   4
    .if     1
    .byte   5
    .endif
    .endif
    .if     n == 5
    .byte   6
    .elseif n == 4
    .byte   7
    .elseif 1
    .byte   8
    .else
    .byte   9
    .endif
    .ifdef  n
    .byte   10
    .endif
    .ifndef nothing_of_this_name
    .byte   11
    .endif
    .ifeq   n - 4
    .byte   12
    .endif
    .ifne   n
    .byte   13
    .endif
    .ifgt   n
    .byte   14
    .endif
    .iflt   n
    .byte   15
    .endif
    .ifge   n
    .byte   16
    .endif
    .ifle   n
    .byte   17
    .endif
    .ifc    same, same
    .byte   18
    .endif
    .ifnc   same, other
    .byte   19
    .endif
    .ifb
    .byte   20
    .endif
    .ifnb   something
    .byte   21
    .endif
    .end
    .byte   0xee
    this is never read
