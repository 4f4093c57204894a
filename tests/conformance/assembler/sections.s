# Sections: switching, alignment of each, order, what linkers read.
    .file   "sections.s"
    .option norelax
    .option push
    .option norvc
    .option nopic
    .option pop
    .section .text, "ax", @progbits
    .globl  _start
    .global helper
    .type   _start, @function
_start:
    la      a0, message
    la      a1, counter
    la      a2, zeros
    la      a3, helper
    .data
counter:
    .dword  1
    .section .rodata, "a"
message:
    .asciz  "hello"
    .text
    call    helper
    .size   _start, . - _start
    .bss
    .balign 32
zeros:
    .skip   100
    .size   zeros, 100
    .text
    .local  inner
inner:
    ret
    .pushsection .rodata
    .asciz  "pushed"
    .pushsection .data
    .byte   7
    .popsection
    .asciz  "again"
    .popsection
    ret
    .section .data
    .previous
    nop
    .section .table, "aw"
    .balign 16
table:
    .dword  _start, message, counter, zeros
    .section .text.late, "ax"
    .p2align 5
helper:
    ret
    .weak   nowhere
    .ident  "a remark"
    .attribute stack_align, 16
