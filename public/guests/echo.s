# echo: a small shell on the serial line. It waits for interrupts, echoes what is typed, and answers a few commands.
#
# The kernel owns its devices: it programs the interrupt controller (PLIC) and the UART itself, sleeps with wfi, and reads each character
# in the interrupt handler. Under the VMM each of those loads and stores goes to a device that is not there: the VMM emulates it.

    .equ UART,        0x10000000        # NS16550A
    .equ UART_RBR,    0                 # receive buffer (read), transmit holding (write)
    .equ UART_THR,    0
    .equ UART_IER,    1                 # interrupt enable; bit 0: data available
    .equ UART_FCR,    2                 # FIFO control; bit 0: enable
    .equ UART_LSR,    5                 # line status; bit 0: data ready, bit 5: transmitter empty
    .equ UART_IRQ,    10

    .equ PLIC,                 0x0c000000
    .equ PLIC_PRIORITY,        PLIC + UART_IRQ * 4
    .equ PLIC_ENABLE_S,        PLIC + 0x2080    # context 1: supervisor mode of hart 0
    .equ PLIC_THRESHOLD_S,     PLIC + 0x201000
    .equ PLIC_CLAIM_S,         PLIC + 0x201004

    .equ SBI_SRST,    0x53525354
    .equ SSTATUS_SIE, 1 << 1
    .equ SIE_SEIE,    1 << 9            # supervisor external interrupt
    .equ CAUSE_SUPERVISOR_EXTERNAL, 9   # with the interrupt bit, bit 63
    .equ LINE_MAX,    80

    .section .text
    .globl _start
_start:
    la    sp, stack_top
    la    t0, trap_handler
    csrw  stvec, t0

    # The UART interrupts when it has received something.
    li    t0, UART
    li    t1, 1
    sb    t1, UART_FCR(t0)
    sb    t1, UART_IER(t0)
    # The PLIC passes that on to supervisor mode of this hart.
    li    t0, PLIC_PRIORITY
    sw    t1, 0(t0)
    li    t0, PLIC_ENABLE_S
    li    t2, 1 << UART_IRQ
    sw    t2, 0(t0)
    li    t0, PLIC_THRESHOLD_S
    sw    zero, 0(t0)
    # And the hart takes it.
    li    t0, SIE_SEIE
    csrw  sie, t0
    li    t0, SSTATUS_SIE
    csrs  sstatus, t0

    la    a0, text_hello
    call  print
shell:
    la    a0, text_prompt
    call  print
    call  read_line                     # the line is in `line`
    la    a0, line
    lbu   t0, 0(a0)
    beqz  t0, shell                     # empty
    la    a1, word_help
    call  equal
    bnez  a0, help
    la    a0, line
    la    a1, word_time
    call  equal
    bnez  a0, time
    la    a0, line
    la    a1, word_exit
    call  equal
    bnez  a0, exit
    la    a0, text_you_said
    call  print
    la    a0, line
    call  print
    la    a0, text_newline
    call  print
    j     shell

help:
    la    a0, text_help
    call  print
    j     shell
time:
    rdtime a0
    call  print_number
    la    a0, text_newline
    call  print
    j     shell
exit:
    la    a0, text_bye
    call  print
    li    a7, SBI_SRST
    li    a6, 0
    li    a0, 0
    li    a1, 0
    ecall
    j     .

# Reads a line into `line`, with echo and backspace; waits for each character.
read_line:
    addi  sp, sp, -32
    sd    ra, 24(sp)
    sd    s1, 16(sp)
    sd    s2, 8(sp)
    la    s1, line
    mv    s2, s1
1:  call  read_character
    li    t0, '\r'
    beq   a0, t0, 3f
    li    t0, '\n'
    beq   a0, t0, 3f
    li    t0, 0x7f                      # backspace
    beq   a0, t0, 2f
    li    t0, 8
    beq   a0, t0, 2f
    li    t0, ' '
    bltu  a0, t0, 1b                    # other control characters are ignored
    sub   t0, s2, s1
    li    t1, LINE_MAX
    bgeu  t0, t1, 1b                    # the line is full
    sb    a0, 0(s2)
    addi  s2, s2, 1
    call  put_character
    j     1b
2:  beq   s2, s1, 1b
    addi  s2, s2, -1
    la    a0, text_rub_out
    call  print
    j     1b
3:  sb    zero, 0(s2)
    la    a0, text_newline
    call  print
    ld    ra, 24(sp)
    ld    s1, 16(sp)
    ld    s2, 8(sp)
    addi  sp, sp, 32
    ret

# Sleeps until the interrupt handler has put a character into the ring; returns it in a0.
read_character:
    la    t0, ring_read
    la    t1, ring_write
1:  csrci sstatus, SSTATUS_SIE          # look and sleep without an interrupt in between
    lbu   t2, 0(t0)
    lbu   t3, 0(t1)
    bne   t2, t3, 2f
    wfi                                 # wakes up for a pending interrupt even while they are off
    csrsi sstatus, SSTATUS_SIE          # now the handler runs
    j     1b
2:  csrsi sstatus, SSTATUS_SIE
    la    t3, ring
    add   t3, t3, t2
    lbu   a0, 0(t3)
    addi  t2, t2, 1
    andi  t2, t2, 63
    sb    t2, 0(t0)
    ret

# ------------------------------------------------------------------------------------------ the interrupt handler
    .balign 4
trap_handler:
    addi  sp, sp, -64
    sd    t0, 0(sp)
    sd    t1, 8(sp)
    sd    t2, 16(sp)
    sd    t3, 24(sp)
    sd    t4, 32(sp)
    sd    t5, 40(sp)
    csrr  t0, scause
    slli  t1, t0, 1
    srli  t1, t1, 1
    li    t2, CAUSE_SUPERVISOR_EXTERNAL
    bgez  t0, broken                    # an exception: this kernel has a mistake
    bne   t1, t2, broken
    li    t4, PLIC_CLAIM_S
    lw    t5, 0(t4)                     # which device?
    li    t0, UART_IRQ
    bne   t5, t0, 3f
    li    t0, UART
1:  lbu   t1, UART_LSR(t0)
    andi  t1, t1, 1
    beqz  t1, 3f                        # nothing more to read
    lbu   t1, UART_RBR(t0)
    la    t2, ring_write
    lbu   t3, 0(t2)
    la    t0, ring
    add   t0, t0, t3
    sb    t1, 0(t0)
    addi  t3, t3, 1
    andi  t3, t3, 63
    la    t0, ring_read
    lbu   t0, 0(t0)
    beq   t3, t0, 2f                    # full: the character is lost
    sb    t3, 0(t2)
2:  li    t0, UART
    j     1b
3:  beqz  t5, 4f
    sw    t5, 0(t4)                     # done with this one
4:  ld    t0, 0(sp)
    ld    t1, 8(sp)
    ld    t2, 16(sp)
    ld    t3, 24(sp)
    ld    t4, 32(sp)
    ld    t5, 40(sp)
    addi  sp, sp, 64
    sret

broken:
    la    a0, text_broken
    call  print
    li    a7, SBI_SRST
    li    a6, 0
    li    a0, 0
    li    a1, 1
    ecall
    j     .

# ------------------------------------------------------------------------------------------ helpers
put_character:
    li    t0, UART
1:  lbu   t1, UART_LSR(t0)
    andi  t1, t1, 0x20                  # wait until the transmitter is free
    beqz  t1, 1b
    sb    a0, UART_THR(t0)
    ret

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
    li    t0, 10
    remu  s1, a0, t0
    divu  a0, a0, t0
    beqz  a0, 1f
    call  print_number
1:  addi  a0, s1, '0'
    call  put_character
    ld    ra, 24(sp)
    ld    s1, 16(sp)
    addi  sp, sp, 32
    ret

# equal(a0, a1: texts): 1 in a0 when they are the same
equal:
1:  lbu   t0, 0(a0)
    lbu   t1, 0(a1)
    bne   t0, t1, 2f
    beqz  t0, 3f
    addi  a0, a0, 1
    addi  a1, a1, 1
    j     1b
2:  li    a0, 0
    ret
3:  li    a0, 1
    ret

    .section .rodata
text_hello:    .asciz "A shell on the serial line. Type help.\n"
text_prompt:   .asciz "$ "
text_help:     .asciz "help  this text\ntime  the time register\nexit  switch the machine off\nAnything else is echoed.\n"
text_you_said: .asciz "you said: "
text_bye:      .asciz "Goodbye.\n"
text_newline:  .asciz "\n"
text_rub_out:  .asciz "\b \b"
text_broken:   .asciz "\nThe kernel took a trap that it did not expect.\n"
word_help:     .asciz "help"
word_time:     .asciz "time"
word_exit:     .asciz "exit"

    .section .bss
ring:       .space 64
ring_read:  .space 1
ring_write: .space 1
line:       .space LINE_MAX + 1
    .balign 16
    .space 4096
stack_top:
