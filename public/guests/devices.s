# devices: the same text by three devices.
#
# A kernel has to print a line of 64 characters. It stores each character to the UART; it leaves the whole line in memory for a virtio
# console and rings once; and it tells a slice of a device that reaches memory by itself where the line is. Bare, the three differ in nothing but
# instructions. Under the VMM the first is an exit for each character, the second one exit for the line, and the third none at all:
# the registers of the slice are mapped, and an IOMMU keeps the device within this guest's memory. The counts stand beside the machine.
#
# The slice is there when the machine is told so (--pass-through); a load from its place is an access fault when it is not.

    .equ UART,     0x10000000
    .equ VIRTIO,   0x10002000           # the second slot of virtio: the console
    .equ SLICE,    0x04000000
    .equ SBI_SRST, 0x53525354           # SBI system reset extension, "SRST"
    .equ LINE_BYTES, 64

    # Registers of a virtio device in memory (virtio 1.1, 4.2.2)
    .equ QUEUE_SELECT, 0x30
    .equ QUEUE_SIZE,   0x38
    .equ QUEUE_READY,  0x44
    .equ QUEUE_NOTIFY, 0x50
    .equ STATUS,       0x70
    .equ QUEUE_DESC,   0x80
    .equ QUEUE_DRIVER, 0x90
    .equ QUEUE_DEVICE, 0xa0
    .equ FEATURES_SELECT, 0x24
    .equ FEATURES,     0x20
    .equ TRANSMIT, 1                    # the console's second queue takes what is printed

    # Registers of a slice
    .equ SOURCE,   0x08
    .equ LENGTH,   0x18
    .equ DOORBELL, 0x20
    .equ DONE,     0x28
    .equ PRINT, 1

    .section .text
    .globl _start
_start:
    la    sp, stack_top
    la    t0, trap_handler
    csrw  stvec, t0

# ------------------------------------------------------------------------------------------ emulated: one store for each character
    la    s0, line_uart
    li    s1, LINE_BYTES
    li    s2, UART
1:  lbu   t0, 0(s0)
    sb    t0, 0(s2)                     # the VMM prints it, and the next one, and the next one
    addi  s0, s0, 1
    addi  s1, s1, -1
    bnez  s1, 1b

# ------------------------------------------------------------------------------------------ virtual: the whole line, then one kick
    li    s2, VIRTIO
    sw    zero, STATUS(s2)              # reset; then say that there is a driver, and what it knows
    li    t0, 3
    sw    t0, STATUS(s2)
    li    t0, 1
    sw    t0, FEATURES_SELECT(s2)
    sw    t0, FEATURES(s2)              # version 1, bit 32
    li    t0, 11
    sw    t0, STATUS(s2)
    li    t0, TRANSMIT
    sw    t0, QUEUE_SELECT(s2)
    li    t0, 4
    sw    t0, QUEUE_SIZE(s2)
    la    t0, descriptors
    sw    t0, QUEUE_DESC(s2)
    sw    zero, QUEUE_DESC+4(s2)
    la    t0, available
    sw    t0, QUEUE_DRIVER(s2)
    sw    zero, QUEUE_DRIVER+4(s2)
    la    t0, used
    sw    t0, QUEUE_DEVICE(s2)
    sw    zero, QUEUE_DEVICE+4(s2)
    li    t0, 1
    sw    t0, QUEUE_READY(s2)
    li    t0, 15
    sw    t0, STATUS(s2)

    la    t0, descriptors               # descriptor 0: the line
    la    t1, line_virtio
    sd    t1, 0(t0)
    li    t1, LINE_BYTES
    sw    t1, 8(t0)
    la    t0, available                 # offered: the ring's first place holds 0, and the index moves on
    li    t1, 1
    sh    t1, 0(t0)                     # no interrupt, please
    fence rw, rw
    sh    t1, 2(t0)
    li    t0, TRANSMIT
    sw    t0, QUEUE_NOTIFY(s2)          # the kick
    la    t0, used
1:  lhu   t1, 2(t0)                     # the device has used it when its index moves on
    beqz  t1, 1b

# ------------------------------------------------------------------------------------------ passed through: the device reads the line itself
    li    s2, SLICE
    li    s3, 1
probe:
    ld    t0, 0(s2)                     # no slice: the handler steps over this and clears s3
    beqz  s3, absent
    la    t0, line_slice
    sd    t0, SOURCE(s2)                # an address that this kernel takes for physical
    li    t0, LINE_BYTES
    sd    t0, LENGTH(s2)
    li    t0, PRINT
    sd    t0, DOORBELL(s2)
    ld    t0, DONE(s2)
    li    t1, 1
    bne   t0, t1, refused
    li    a1, 0
    j     shut_down
refused:
    la    a0, text_refused
    j     fail
absent:
    la    a0, text_absent
    call  print
    li    a1, 0                         # reason: none
    j     shut_down

# ------------------------------------------------------------------------------------------ traps
    .balign 4
trap_handler:
    csrr  t0, sepc
    la    t1, probe
    bne   t0, t1, unexpected
    lhu   t1, 0(t0)                     # a compressed load has two bytes
    andi  t1, t1, 3
    addi  t0, t0, 2
    li    t2, 3
    bne   t1, t2, 1f
    addi  t0, t0, 2
1:  csrw  sepc, t0
    li    s3, 0
    sret
unexpected:
    la    a0, text_unexpected
fail:
    call  print
    li    a1, 1                         # reason: system failure
shut_down:
    li    a0, 0                         # reset type: shut down
    li    a7, SBI_SRST
    li    a6, 0
    ecall
    j     .

# print(a0 = text that ends with a zero byte), by the UART.
print:
    li    t1, UART
1:  lbu   t0, 0(a0)
    beqz  t0, 2f
    sb    t0, 0(t1)
    addi  a0, a0, 1
    j     1b
2:  ret

    .section .rodata
# Lines of 64 characters, the end of the line included.
line_uart:       .ascii "by the UART:           64 characters, a store for each of them.\n"
line_virtio:     .ascii "by a virtio console:   64 characters in memory, and one kick.  \n"
line_slice:      .ascii "by a slice of our own: the device has read them by itself.     \n"
text_absent:     .asciz "There is no slice here: start the machine with --pass-through.\n"
text_refused:    .asciz "The device was refused our memory.\n"
text_unexpected: .asciz "A trap that this kernel did not expect.\n"

    .section .bss
    .balign 16
descriptors: .space 64
available:   .space 16
used:        .space 64
    .balign 16
    .space 4096
stack_top:
