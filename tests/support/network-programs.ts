/** Programs that talk to each other by their network cards, each with its own driver, in M mode. */
import type { Image } from '../../workers/machine/image/image.ts';
import { RAM_BASE } from '../../workers/machine/memory-layout.ts';
import { imageOf } from './guest-image.ts';

/** A driver with one buffer each way. `wait` waits by wfi until a frame is in `incoming`, `send` sends the frame of s2 bytes in `outgoing`. */
const DRIVER = `
    .equ NET, 0x10004000
    .equ PLIC, 0xc000000
    .macro put register, value
      li t0, \\value
      sw t0, \\register(s0)
    .endm
    .macro queue number, table, available, used
      put 0x30, \\number
      put 0x38, 1
      la t0, \\table
      sw t0, 0x80(s0)
      la t0, \\available
      sw t0, 0x90(s0)
      la t0, \\used
      sw t0, 0xa0(s0)
      put 0x44, 1
    .endm
    li s0, NET
    li s1, PLIC
    put 0x70, 11
    queue 0, receive_table, receive_available, receive_used
    queue 1, send_table, send_available, send_used
    put 0x70, 15
    li t0, 1
    sw t0, 16(s1)             # priority of interrupt 4
    li t1, PLIC + 0x2000
    li t0, 16
    sw t0, (t1)               # enabled for M
    li t0, 0x800
    csrw mie, t0
    li s3, 0                  # frames received
    call offer
    la t0, main
    jr t0

  offer:                      # gives the receive buffer to the card
    addi t0, s3, 1
    la t1, receive_available
    sh t0, 2(t1)
    put 0x50, 0
    ret

  wait:
    addi s3, s3, 1
  1:
    la t1, receive_used
    lhu t0, 2(t1)
    beq t0, s3, 2f
    wfi
    j 1b
  2:
    li t1, PLIC + 0x200004
    lw t0, (t1)               # claim
    lw t2, 0x60(s0)
    sw t2, 0x64(s0)           # acknowledge
    sw t0, (t1)               # complete
    ret

  send:
    la t1, send_table
    addi t0, s2, 12
    sw t0, 8(t1)
    la t1, send_available
    lhu t0, 2(t1)
    addi t0, t0, 1
    sh t0, 2(t1)
    put 0x50, 1
    ret

  print:                      # the byte in a0
    li t1, 0x10000000
    sb a0, (t1)
    ret

    .balign 16
  receive_table: .quad incoming
    .word 1526
    .half 2, 0
  send_table: .quad outgoing
    .word 0
    .half 0, 0
  receive_available: .half 0, 0, 0
    .balign 8
  send_available: .half 1, 0, 0   # no interrupt for what was sent
    .balign 8
  receive_used: .half 0, 0
    .word 0, 0
    .balign 8
  send_used: .half 0, 0
    .word 0, 0
    .balign 8
  incoming: .space 1528
  outgoing: .space 12         # the header, of which nothing is asked
  to: .byte 255, 255, 255, 255, 255, 255
  from: .byte 2, 0, 0, 0, 0, ADDRESS
  type: .byte 8, 0
  content: .byte 0
    .space 1510
    .balign 4
`;

/** Sends the letters a to j to everybody and then to who answered, and prints what comes back. */
export const ASKS = `
  main:
    li s4, 'a'
  next:
    la t0, content
    sb s4, (t0)
    li s2, 15
    call send
    call wait
    la t0, incoming
    lbu a0, 26(t0)
    call print
    la t0, incoming           # from now on to who answered
    lw t1, 18(t0)
    lhu t2, 22(t0)
    la t0, to
    sw t1, (t0)
    sh t2, 4(t0)
    call offer
    addi s4, s4, 1
    li t0, 'k'
    bne s4, t0, next
    li t0, 0x100000
    li t1, 0x5555
    sw t1, (t0)
  1: j 1b
`;

/** Answers each frame with its letter, made large. */
export const ANSWERS = `
  main:
    call wait
    la t0, incoming
    lbu a0, 26(t0)
    addi a0, a0, -32
    la t1, content
    sb a0, (t1)
    call print
    la t0, incoming
    lw t1, 18(t0)
    lhu t2, 22(t0)
    la t0, to
    sw t1, (t0)
    sh t2, 4(t0)
    li s2, 15
    call send
    call offer
    j main
`;

/** Counts what it hears. */
export const LISTENS = `
  main:
    call wait
    li a0, '.'
    call print
    call offer
    j main
`;

/** One of them, which speaks as the station of this number. */
export const networkImage = (program: string, station: number): Image => imageOf(`station ${String(station)}`, `.equ ADDRESS, ${String(station)}\n${DRIVER}\n${program}`, RAM_BASE);
