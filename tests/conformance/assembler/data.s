# Data, text, alignment and room.
    .globl _start
_start:
    nop
    .byte 1
    .balign 8
    nop
    .half 7
    .p2align 3
    nop
    .balign 16
    ret
    .byte 9
    .section .rodata
    .byte 0, 255, -1, -128, 'a', '\'', '\\', '\t'
    .half 0x1234, -1
    .short 0xffff
    .2byte 2
    .hword 3
    .word 0x12345678, -1
    .long 4
    .int 5
    .4byte 6
    .dword 0x123456789abcdef0, -1, first, first + 8
    .quad second - first
    .8byte 0xffffffffffffffff
first:
    .ascii "no end", "two"
    .asciz "zero at the end"
    .string "tab\t newline\n quote\" backslash\\ bell\007 hex\x41 octal\101\0"
    .string "one", "two"
    .ascii ""
    .ascii "café 你好"
    .ascii "a # in text, /* no comment */ // nor here; nor this"
second:
    .align 3, 0xaa
    .byte 1
    .balign 8, 0xff, 3
    .byte 2
    .p2align 4, , 15
    .byte 3
    .zero 5
    .space 3
    .space 3, 0x11
    .skip 2, 0x22
    .fill 3
    .fill 2, 4, 0x01020304
    .fill 3, 2, -1
    .fill 2, 8, 5
    .org 0x200
    .byte 0xee
    .org . + 7, 0xdd
    .byte 0xcc
    .data
    .word 1 ; .word 2; .word 3   # several statements on a line
    .word 4
    .word /* inside */ 5 /* and a comment
    .word 6 over two lines */
after: .word after, . - after, .
    .bss
buffer:
    .skip 4096
    .balign 64
end:
    .zero 8
