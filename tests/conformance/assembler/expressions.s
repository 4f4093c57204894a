# Expressions, symbols, local labels and the relocation operators.
    .equ    PAGE, 4096
    .equ    TWO_PAGES, PAGE * 2
    .set    COUNTER, 1
    SHIFT = 12
    .equiv  ONCE, 0x55
    .globl  _start
_start:
    li      a0, PAGE
    li      a0, TWO_PAGES - 1
    li      a0, COUNTER
    .set    COUNTER, COUNTER + 1
    li      a0, COUNTER
    li      a0, (1 << SHIFT) | ONCE
    li      a0, -(3 + 4) * 5 / 2
    li      a0, -7 % 3
    li      a0, 7 & 12 | 1 ^ 3
    li      a0, 1 + 2 << 3
    li      a0, 6 | 1 + 8
    li      a0, !0
    li      a0, !5
    li      a0, ~5
    li      a0, 5 == 5
    li      a0, 5 != 5
    li      a0, 5 <> 4
    li      a0, 1 < 2
    li      a0, -1 < 1
    li      a0, 2 >= 3
    li      a0, 3 <= 3
    li      a0, 3 > 3
    li      a0, 1 && 2
    li      a0, 0 || 0
    li      a0, 1 << 40 >> 38
    addi    a0, a0, PAGE / 2 - 1
    lw      a0, (PAGE >> 2) & 0x7fc(sp)
    lui     a0, %hi(0x12345fff)
    addi    a0, a0, %lo(0x12345fff)
    lw      a0, %lo(0x7ff)(a0)
1:  auipc   a0, %pcrel_hi(object)
    addi    a0, a0, %pcrel_lo(1b)
    lw      a1, %pcrel_lo(1b)(a0)
    sd      a1, %pcrel_lo(1b)(a0)
2:  auipc   a0, %pcrel_hi(object + 0x804)
    sw      a0, %pcrel_lo(2b)(a0)
.Lhere:
    auipc   t0, %pcrel_hi(_start)
    addi    t0, t0, %pcrel_lo(.Lhere)
1:  j       1f
    j       1b
1:  bnez    a0, 1b
    beqz    a0, 2f
    beqz    a0, 2b
2:  j       .
    j       . + 8
    bne     a0, a1, . - 4
    j       end - 4
42: j       42b
    j       42f
42:
odd$name.with_all: j odd$name.with_all
label_a: label_b: nop
end:
    .data
    .skip   0x900
object:
    .dword  object, object - _start, end - _start
    .dword  TWO_PAGES + object
    .word   end - _start
    .half   (end - _start) / 4
    .byte   later - object
    .dword  .Llater
later:
    .equ    .Llater, later + 1
