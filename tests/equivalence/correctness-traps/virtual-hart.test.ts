/** The correctness traps of a trap-and-emulate VMM, each with a kernel that would fall into it: modes, control registers, traps and instructions. The same on the bare machine and in every regime and variant. */
import { expect, test } from 'vitest';
import { check, inUser, LETTERS_AGAIN, printed, PROBING } from './same.ts';

test('trap 1: the virtual mode is not the real one, nor SPP, nor what the cause says', () => {
  expect(printed(`
    li t1, 77
    csrw sscratch, t1
    li t0, 0x100
    csrc sstatus, t0
    csrr s6, sscratch
    ${check('s6', '77')}
    csrs sstatus, t0
    csrr s6, sscratch
    ${check('s6', '77')}
    ${inUser('csrr t1, sscratch')}
    ${inUser('')}`)).toBe('++ci');
});

test('trap 2: sepc stays at what trapped, the pc moves on behind what was carried out, by its own length', () => {
  expect(printed(`
    ${PROBING}
    la s6, 1f
    la s11, 2f
  1: .word 0
  2: sub s2, s2, s6
    ${check('s2', '0')}
    la s11, 2f
    la t0, 1f
    mv s6, t0
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
    sret
  1: ecall
  2: sub s2, s2, s6
    ${check('s2', '0')}
    ${check('s3', '8')}
    # A register of a device, by 2 and 4 bytes; a CSR instruction; a call of the firmware.
    li a5, 0xc000028
    li s7, 0
    c.lw a4, 0(a5)
    c.addi s7, 1
    lw a4, 0(a5)
    c.addi s7, 2
    csrr t0, sscratch
    c.addi s7, 4
    li a7, 0x10
    li a6, 0
    ecall
    c.addi s7, 8
    ${check('s7', '15')}`)).toBe('++++');
});

test('trap 3: interrupts are looked at again after sret and after writes, and come at the new pc', () => {
  expect(printed(`
    ${PROBING}
    csrwi sie, 2
    csrwi sip, 2
    # By sret: at the address that it returns to.
    la s6, 1f
    csrw sepc, s6
    li t0, 0x120
    csrs sstatus, t0
    la s11, 2f
    sret
  1: j 1b
  2: sub s2, s2, s6
    ${check('s2', '0')}
    ${check('s3', '(1 << 63) | 1')}
    # By a write of sstatus, of sie, of sip, and by a call of the firmware: at the next instruction.
    la s6, 1f
    la s11, 1f
    csrsi sstatus, 2
  1: sub s2, s2, s6
    ${check('s2', '0')}
    csrwi sie, 0
    csrsi sstatus, 2
    la s6, 1f
    la s11, 1f
    csrwi sie, 2
  1: sub s2, s2, s6
    ${check('s2', '0')}
    csrwi sip, 0
    csrsi sstatus, 2
    la s6, 1f
    la s11, 1f
    csrwi sip, 2
  1: sub s2, s2, s6
    ${check('s2', '0')}
    csrwi sip, 0
    li t0, 0x20
    csrw sie, t0
    csrsi sstatus, 2
    la s6, 1f
    la s11, 1f
    li a0, 0
    li a7, 0
    ecall
  1: sub s2, s2, s6
    ${check('s2', '0')}
    ${check('s3', '(1 << 63) | 5')}`)).toBe('+++++++');
});

test('trap 4: the interrupt is one that is pending and enabled, software before timer; the user is interrupted whatever SIE says', () => {
  expect(printed(`
    li a0, 0
    li a7, 0
    ecall
    csrwi sip, 2
    li t0, 0x22
    csrw sie, t0
    la s11, 1f
    csrsi sstatus, 2
    ebreak
  1: li t0, 0x20
    csrw sie, t0
    la s11, 2f
    csrsi sstatus, 2
    ebreak
  2: csrwi sip, 0
    csrci sstatus, 2
    ${inUser('nop', 'li t0, 0x20\n csrc sstatus, t0')}
    li t0, 0x222
    csrw sie, t0
    # The UART may always send, and says so by the interrupt controller: external comes before both.
    csrwi sip, 2
    li t1, 0xc000028
    li t0, 1
    sw t0, 0(t1)
    li t1, 0xc002080
    li t0, 1 << 10
    sw t0, 0(t1)
    li t1, 0x10000001
    li t0, 2
    sb t0, 0(t1)
    la s11, 3f
    csrsi sstatus, 2
    ebreak
  3:`)).toBe('BFFJ');
});

test('trap 5: a trap stacks SIE and the mode, sret takes them back', () => {
  expect(printed(`
    ${PROBING}
    csrwi sie, 0
    csrsi sstatus, 2
    la s11, 1f
    ebreak
  1: andi s6, s5, 0x122
    ${check('s6', '0x120')}
    la s11, 1f
    ebreak
  1: andi s6, s5, 0x122
    ${check('s6', '0x100')}
    li t0, 0x120
    csrs sstatus, t0
    la t0, 1f
    csrw sepc, t0
    sret
  1: csrr s6, sstatus
    andi s6, s6, 0x122
    ${check('s6', '0x22')}
    li t0, 0x20
    csrc sstatus, t0
    li t0, 0x100
    csrs sstatus, t0
    la t0, 1f
    csrw sepc, t0
    sret
  1: csrr s6, sstatus
    andi s6, s6, 0x122
    ${check('s6', '0x20')}`)).toBe('++++');
});

test('trap 6: with a vectored stvec interrupts go to base + 4 × cause and exceptions to the base; a reserved mode is not taken', () => {
  expect(printed(`
    la t0, table
    ori t0, t0, 1
    csrw stvec, t0
    ori t1, t0, 2
    csrw stvec, t1
    csrr t1, stvec
    sub s6, t1, t0
    ${check('s6', '0')}
    la s11, 1f
    ebreak
  1: ${check('s7', '100')}
    csrwi sie, 2
    csrwi sip, 2
    la s11, 1f
    csrsi sstatus, 2
  1: ${check('s7', '101')}
    j over
    .balign 64
  table: j 2f
    j 3f
  2: li s7, 100
    jr s11
  3: li s7, 101
    csrci sip, 2
    jr s11
  over:`)).toBe('+++');
});

test('trap 7: a write of satp with a mode that is not there changes nothing at all', () => {
  expect(printed(`
    li t0, 5
    csrw satp, t0
    li t0, (5 << 60) | 7
    csrw satp, t0
    csrr s6, satp
    ${check('s6', '5')}
    li t0, (15 << 60) | 9
    csrrs s6, satp, t0
    csrr s6, satp
    ${check('s6', '5')}`)).toBe('++');
});

test('trap 8: sstatus, sie and sip hold what the real ones would: masks, UXL, SD', () => {
  expect(printed(`
    li t0, -1
    csrw sie, t0
    csrr s6, sie
    csrw sie, zero
    ${check('s6', '0x222')}
    csrw sip, t0
    csrr s6, sip
    ${check('s6', '2')}
    csrwi sip, 0
    li t0, ~2
    csrs sstatus, t0
    csrr s6, sstatus
    srli s7, s6, 63
    ${check('s7', '1')}
    srli s7, s6, 32
    andi s7, s7, 3
    ${check('s7', '2')}
    li t0, 0x6000
    csrc sstatus, t0
    csrr s6, sstatus
    srli s7, s6, 63
    ${check('s7', '0')}`)).toBe('+++++');
});

test('trap 9: csrrs and csrrc with x0 do not write, with a register that is 0 they do; the source is read before rd is written', () => {
  expect(printed(`
    try csrrs t0, cycle, zero
    try csrrsi t0, cycle, 0
    li t1, 0
    try csrrs t0, cycle, t1
    try csrrw zero, cycle, zero
    li t0, 5
    csrw sscratch, t0
    li t1, 9
    csrrw t1, sscratch, t1
    ${check('t1', '5')}
    csrr t1, sscratch
    ${check('t1', '9')}
    csrrw zero, sscratch, zero
    csrr t1, sscratch
    ${check('t1', '0')}
    li t1, 6
    csrrs t1, sscratch, t1
    csrr t2, sscratch
    ${check('t2', '6')}
    csrrci zero, sscratch, 2
    csrr t2, sscratch
    ${check('t2', '4')}`)).toBe('cc+++++');
});

test('trap 10: the trap value of an illegal instruction is its bits, 16 of them when it is short', () => {
  expect(printed(`
    ${PROBING}
    la s11, 1f
    csrr t0, mscratch
  1: ${check('s4', '0x340022f3')}
    la s11, 1f
    .half 0x8002
    .half 0x1234
    .balign 4
  1: ${check('s4', '0x8002')}
    la s11, 1f
    .word 0xffffffff
  1: ${check('s4', '0xffffffff')}`)).toBe('+++');
});

test('trap 11: a counter that the guest has opened to its user is told, one that it has closed is its illegal instruction', () => {
  expect(printed(`
    csrwi scounteren, 2
    rdtime s6
    ${inUser('rdtime s7\n rdcycle s8')}
    sub s7, s7, s6
    sltiu s7, s7, 100
    ${check('s7', '1')}
    csrwi scounteren, 5
    ${inUser('rdcycle s7\n rdinstret s7\n rdtime s8')}
    # The kernel itself is not kept from any.
    csrwi scounteren, 0
    rdcycle s7
    rdtime s8`)).toBe('c+c');
});

test('trap 31: an exit between load-reserved and store-conditional does not keep a guest from going on, and a store-conditional uses a reservation up', () => {
  expect(printed(`
    li s7, 0
    li s6, 20
  1: lr.d t0, (sp)
    csrr t1, sscratch
    addi t0, t0, 1
    sc.d t1, t0, (sp)
    add s7, s7, t1
    addi s6, s6, -1
    bnez s6, 1b
    ${check('s7', '0')}
    sc.d t1, t0, (sp)
    ${check('t1', '1')}
    lr.d t0, (sp)
    addi t2, sp, -64
    sc.d t1, t0, (t2)
    ${check('t1', '1')}
    lr.d t0, (sp)
    try ebreak
    sc.d t1, t0, (sp)
    ${check('t1', '0')}`)).toBe('+++d+');
});

test('trap 35: ebreak is the guest\'s own', () => {
  expect(printed(`
    ${PROBING}
    la s6, 1f
    la s11, 2f
  1: ebreak
  2: sub s2, s2, s6
    ${check('s2', '0')}
    ${check('s3', '3')}
    sub s4, s4, s6
    ${check('s4', '0')}
    ${LETTERS_AGAIN}
    ${inUser('ebreak')}`)).toBe('+++d');
});

test('trap 36: a kernel begins in S, paging and interrupts off, with its hart\'s number and a device tree', () => {
  // letters.s has used t0 and sp only.
  expect(printed(`
    mv s6, a0
    lw s7, 0(a1)
    csrr s8, satp
    csrr s9, sstatus
    andi s9, s9, 2
    csrr s10, sie
    ${check('s6', '0')}
    li t0, 0xffffffffedfe0dd0
    sub s7, s7, t0
    ${check('s7', '0')}
    ${check('s8', '0')}
    ${check('s9', '0')}
    ${check('s10', '0')}`)).toBe('+++++');
});
