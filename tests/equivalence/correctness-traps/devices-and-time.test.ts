/** The correctness traps of a trap-and-emulate VMM, each with a kernel that would fall into it: devices, waiting and timers. The same on the bare machine and in every regime and variant. */
import { expect, test } from 'vitest';
import { check, inUser, LETTERS_AGAIN, PAGING, printed } from './same.ts';

test('trap 22: every form of load and store reaches a device: short ones, signs, x0, eight bytes, atomic and floating-point ones; misaligned ones fault', () => {
  expect(printed(`
    li s0, 0x10000000
    li t0, 0xff
    sb t0, 7(s0)
    lb s6, 7(s0)
    ${check('s6', '-1')}
    lbu s6, 7(s0)
    ${check('s6', '255')}
    lb zero, 7(s0)
    li a5, 0xc000028
    li a4, 6
    c.sw a4, 0(a5)
    c.lw a3, 0(a5)
    ${check('a3', '6')}
    mv s9, sp
    li sp, 0xc000000
    c.swsp a4, 44(sp)
    c.lwsp a3, 44(sp)
    mv sp, s9
    ${check('a3', '6')}
    li a5, 0x2004000
    li a4, -2
    c.sd a4, 0(a5)
    c.ld a3, 0(a5)
    ${check('a3', '-2')}
    amoswap.d s6, zero, (a5)
    ${check('s6', '-2')}
    li t0, 0x2000
    csrs sstatus, t0
    fld fa0, (a5)
    fmv.x.d s6, fa0
    ${check('s6', '0')}
    li a4, -1
    sd a4, 0(a5)
    try lw t0, 2(a5)
    try sd t0, 4(a5)
    try lh t0, 7(s0)`)).toBe('+++++++fhf');
});

test('trap 28: wfi goes on with what is pending and enabled, whatever SIE says; a user\'s is illegal; where all wait, time goes on', () => {
  expect(printed(`
    ${inUser('wfi')}
    csrwi sie, 2
    csrwi sip, 2
    wfi
    csrwi sip, 0
    li t0, 0x20
    csrw sie, t0
    rdtime s6
    li t0, 20000
    add a0, s6, t0
    li a7, 0
    ecall
    wfi
    rdtime s7
    sub s7, s7, s6
    li t0, 20000
    sltu s7, s7, t0
    ${check('s7', '0')}
    csrr s7, sip
    ${check('s7', '0x20')}`)).toBe('c++');
});

test('trap 29: a time in the past is pending at once, and only another time takes it back', () => {
  expect(printed(`
    li a0, 0
    li a7, 0
    ecall
    csrr s6, sip
    ${check('s6', '0x20')}
    li t0, 0x20
    csrc sip, t0
    csrr s6, sip
    ${check('s6', '0x20')}
    li a0, -1
    li a7, 0
    ecall
    csrr s6, sip
    ${check('s6', '0')}
    csrw stimecmp, zero
    csrr s6, sip
    ${check('s6', '0x20')}
    li t0, -1
    csrw stimecmp, t0
    csrr s6, sip
    ${check('s6', '0')}`)).toBe('+++++');
});

test('trap 32: the interrupt controller gives 0 where nothing is, forgets a completion of what was not claimed, and its line follows its source', () => {
  const pending = (expected: string): string => `
    csrr s6, sip
    ${check('s6', expected)}`;
  const claim = (expected: string): string => `
    lw s6, 4(s9)
    ${check('s6', expected)}`;
  expect(printed(`
    li s9, 0xc201000
    ${claim('0')}
    li t0, 10
    sw t0, 4(s9)
    # A priority of 0 never interrupts, nor does one that is not above the threshold.
    li t1, 0xc002080
    li t0, 1 << 10
    sw t0, 0(t1)
    li s8, 0x10000000
    li t0, 2
    sb t0, 1(s8)
    ${pending('0')}
    li s10, 0xc000028
    li t0, 3
    sw t0, 0(s10)
    ${pending('0x200')}
    sw t0, 0(s9)
    ${pending('0')}
    sw zero, 0(s9)
    ${claim('10')}
    ${pending('0')}
    ${claim('0')}
    # Completed while the source still asks: it is pending again.
    li t0, 0
    sb t0, 1(s8)
    li t0, 2
    sb t0, 1(s8)
    li t0, 10
    sw t0, 4(s9)
    ${pending('0x200')}
    sb zero, 1(s8)`)).toBe('++++++++');
});

test('trap 33: a descriptor that leads out of the guest\'s memory, or a chain without an end, reaches nothing and hangs nothing', () => {
  // Entropy in the third slot: one queue, one buffer; then a buffer that is not RAM, then a chain that bites its tail.
  const offer = (address: string, flags: number): string => `
    la t1, descriptors
    ${address.startsWith('0x') ? `li t0, ${address}` : `la t0, ${address}`}
    sd t0, 0(t1)
    li t0, 8 | (${String(flags)} << 32)
    sd t0, 8(t1)
    la t1, available
    lhu t0, 2(t1)
    addi t0, t0, 1
    sh t0, 2(t1)
    sw zero, 0x50(s8)
    la t1, used
    lhu s6, 2(t1)`;
  const reset = `
    sw zero, 0x70(s8)
    la t1, available
    sd zero, 0(t1)
    la t1, used
    sd zero, 0(t1)
    li t0, 3
    sw t0, 0x70(s8)
    sw zero, 0x24(s8)
    li t0, 1
    sw t0, 0x24(s8)
    sw t0, 0x20(s8)
    sw zero, 0x24(s8)
    sw zero, 0x20(s8)
    li t0, 11
    sw t0, 0x70(s8)
    sw zero, 0x30(s8)
    li t0, 4
    sw t0, 0x38(s8)
    ${(['descriptors 0x80', 'available 0x90', 'used 0xa0'] as const).map((pair) => `la t0, ${pair.split(' ')[0]!}\n sw t0, ${pair.split(' ')[1]!}(s8)\n srli t0, t0, 32\n sw t0, ${String(Number(pair.split(' ')[1]) + 4)}(s8)`).join('\n')}
    li t0, 1
    sw t0, 0x44(s8)
    li t0, 15
    sw t0, 0x70(s8)`;
  expect(printed(`
    li s8, 0x10003000
    ${reset}
    ${offer('buffer', 2)}
    ${check('s6', '1')}
    la t1, buffer
    ld s7, (t1)
    snez s7, s7
    ${check('s7', '1')}
    lw s6, 0x60(s8)
    ${check('s6', '1')}
    sw s6, 0x64(s8)
    lw s6, 0x60(s8)
    ${check('s6', '0')}
    ${reset}
    ${offer('0x7ffffffc', 2)}
    li s7, 0x803ffff8
    ld s7, (s7)
    ${check('s7', '0')}
    ${reset}
    ${offer('0x80400000', 2)}
    ${reset}
    ${offer('buffer', 3)}
    j over
    .balign 16
  descriptors: .zero 64
    .balign 16
  available: .zero 64
    .balign 16
  used: .zero 64
  buffer: .zero 64
  over:`)).toBe('+++++');
});

test('trap 37: a timer that comes at any instruction, across changes of root, is neither lost nor seen twice', () => {
  expect(printed(`
    ${PAGING}
    la t0, ticker
    csrw stvec, t0
    li s6, 0
    li s7, 40
    csrr s8, satp
    li t0, 0x20
    csrw sie, t0
    rdtime t0
    addi t0, t0, 37
    csrw stimecmp, t0
    csrsi sstatus, 2
  1: csrw satp, zero
    csrw satp, s8
    li t0, 1 << 18
    csrs sstatus, t0
    csrc sstatus, t0
    sfence.vma
    bltu s6, s7, 1b
    csrci sstatus, 2
    ${check('s6', '40')}
    ${LETTERS_AGAIN}
    j over
    .balign 4
  ticker:
    csrw sscratch, t0
    addi s6, s6, 1
    rdtime t0
    addi t0, t0, 41
    csrw stimecmp, t0
    csrr t0, sscratch
    sret
  over:`)).toBe('+');
});
