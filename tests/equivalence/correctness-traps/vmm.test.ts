/** The correctness traps of a trap-and-emulate VMM, each with a kernel that would fall into it: the same on the bare machine and in every regime and variant. */
import { expect, test } from 'vitest';
import { check, entry, inUser, LETTERS_AGAIN, PAGING, printed, PROBING } from './same.ts';

const SUM = 'li t0, 1 << 18\n csrs sstatus, t0';
const NO_SUM = 'li t0, 1 << 18\n csrc sstatus, t0';

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

test('trap 12: a true fault has its own cause, its address is that of the part that is not there, and sepc is the instruction', () => {
  expect(printed(`
    ${PAGING}
    ${entry(0, 'page', '0xc7')}
    sfence.vma
    ${PROBING}
    li s8, 0x40000ffc
    la s6, 1f
    la s11, 2f
  1: ld t0, 0(s8)
  2: sub s2, s2, s6
    ${check('s2', '0')}
    ${check('s3', '13')}
    ${check('s4', '0x40001000')}
    la s11, 2f
    sd t0, 2(s8)
  2: ${check('s3', '15')}
    ${check('s4', '0x40001000')}
    # Before it, its own half was not stored.
    lw s6, 0(s8)
    ${check('s6', '0')}
    li s8, 0x40001000
    la s11, 2f
    jr s8
  2: ${check('s3', '12')}
    ${check('s2', '0x40001000')}`)).toBe('++++++++');
});

test('trap 13: where the guest has neither RAM nor a device, and where its table stands there, the access faults as it is', () => {
  expect(printed(`
    ${PAGING}
    ${entry(0, '0x40000000', '0xcf')}
    ${entry(1, '0x40000000', '0x01', 'middle')}
    sfence.vma
    li s8, 0x40000000
    try lw t0, (s8)
    try sw t0, (s8)
    try jr s8
    li s8, 0x40200000
    try lw t0, (s8)
    try sw t0, (s8)
    try amoadd.w t0, t0, (s8)
    try jr s8`)).toBe('fhbfhhb');
});

test('trap 14: the walk looks at an entry in the order of the manual, and at the address before the table', () => {
  const flags = ['0x00', '0xc5', '0xcd', '0x01', '(1 << 54) | 0xcf', '(1 << 63) | 0xcf', '0xdf'];
  expect(printed(`
    ${PAGING}
    ${flags.map((flag, n) => entry(n, 'page', flag)).join('')}
    # A superpage that is not aligned, and a pointer with a reserved bit.
    ${entry(1, 'page', '0xcf', 'middle')}
    ${entry(2, 'last', '0x41', 'middle')}
    sfence.vma
    ${flags.map((_, n) => `li s8, ${String(0x4000_0000 + n * 4096)}\n try lw t0, (s8)`).join('\n')}
    li s8, 0x40200000
    try lw t0, (s8)
    li s8, 0x40400000
    try lw t0, (s8)
    li s8, 1 << 38
    try lw t0, (s8)
    li s8, (1 << 40) | 0x80200000
    try lw t0, (s8)`)).toBe('n'.repeat(11));
});

test('trap 15: with SUM the kernel loads and stores pages of the user and never executes them; MXR is for loads; both count at once', () => {
  expect(printed(`
    ${PAGING}
    ${entry(0, 'page', '0xdf')}
    ${entry(1, 'page', '0xc9')}
    sfence.vma
    li s8, 0x40000000
    li s9, 0x40001000
    try lw t0, (s8)
    ${SUM}
    try lw t0, (s8)
    try sw t0, (s8)
    try jr s8
    ${NO_SUM}
    try sw t0, (s8)
    try lw t0, (s9)
    li t0, 1 << 19
    csrs sstatus, t0
    try lw t0, (s9)
    try sw t0, (s9)
    li t0, 1 << 19
    csrc sstatus, t0
    try lw t0, (s9)`)).toBe('nmpnpn');
});

test('trap 16: A comes with the first access and D with the first store, atomic ones too, and again after they were cleared', () => {
  const flags = (expected: string): string => `
    la t1, last
    ld s6, 0(t1)
    andi s6, s6, 0xc0
    ${check('s6', expected)}`;
  const clear = `
    ${entry(0, 'page', '0x07')}
    sfence.vma`;
  expect(printed(`
    ${PAGING}
    ${clear}
    li s8, 0x40000000
    lw t0, (s8)
    ${flags('0x40')}
    sw t0, (s8)
    ${flags('0xc0')}
    ${clear}
    lw t0, (s8)
    ${flags('0x40')}
    amoadd.w t0, t0, (s8)
    ${flags('0xc0')}
    ${clear}
    lr.w t0, (s8)
    ${flags('0x40')}
    sc.w t0, t0, (s8)
    ${flags('0xc0')}
    # An atomic operation on what may be read only is a store.
    ${entry(0, 'page', '0x03')}
    sfence.vma
    try amoadd.w t0, t0, (s8)
    ${flags('0x0')}`)).toBe('++++++p+');
});

test('trap 17: a page of the guest\'s kernel is not its user\'s though both are user pages for the hardware; no address of the guest is the VMM\'s', () => {
  expect(printed(`
    ${PAGING}
    ${entry(0, 'page', '0xc7')}
    ${entry(1, 'last', '0xd7')}
    # The top of the address space is the guest's, too: the pages of 0x40000000 once more.
    la t1, root
    ld t0, 8(t1)
    li t2, 511 * 8
    add t2, t2, t1
    sd t0, (t2)
    # The user's code, in a page of its own.
    ${entry(2, 'user_page', '0x5b')}
    sfence.vma
    li t1, 0xffffffffc0000000
    li t2, 0x1234
    sd t2, 8(t1)
    li t1, 0x40000008
    ld s6, (t1)
    ${check('s6', '0x1234')}
    la s11, 1f
    li t0, 0x40002000
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
    li t1, 0x40000000
    sret
  1: li t0, 0x40002000
    csrw sepc, t0
    li t0, 0x100
    csrc sstatus, t0
    la s11, 2f
    li t1, 0x40001000
    sret
  2: j over
    .balign 4096
  user_page:
    ld t0, (t1)
    ecall
    .balign 4096
  over:`)).toBe('+ni');
});

test('trap 18: a fence for an address drops all pieces of its superpage, in all roots; one for an address that cannot be does nothing', () => {
  expect(printed(`
    ${PAGING}
    # Two megabytes of the guest at 0x40200000: first those that the kernel is in, then those before.
    ${entry(1, '0x80200000', '0xd7', 'middle')}
    sfence.vma
    li t1, 0x80111000
    li t0, 11
    sd t0, (t1)
    li t1, 0x80121000
    li t0, 12
    sd t0, (t1)
    li t1, 0x80311000
    li t0, 1
    sd t0, (t1)
    li t1, 0x80321000
    li t0, 2
    sd t0, (t1)
    ${SUM}
    li s8, 0x40311000
    li s9, 0x40321000
    ld s6, (s8)
    ld s7, (s9)
    ${check('s6', '1')}
    ${check('s7', '2')}
    ${entry(1, '0x80000000', '0xd7', 'middle')}
    li t0, 1 << 50
    sfence.vma t0
    # An address of the superpage that was never used.
    li t0, 0x40300000
    sfence.vma t0
    ld s6, (s8)
    ld s7, (s9)
    ${check('s6', '11')}
    ${check('s7', '12')}
    # With an address space named, global pages may stay, and others go.
    ${entry(1, '0x80200000', '0xd7', 'middle')}
    sfence.vma zero, zero
    ld s6, (s8)
    ${check('s6', '1')}
    ${entry(1, '0x80000000', '0xd7', 'middle')}
    li t0, 0
    li t1, 0x40300000
    sfence.vma t1, t0
    ld s6, (s8)
    ${NO_SUM}
    ${check('s6', '11')}`)).toBe('++++++');
});

test('trap 19: what the guest has changed counts after its fence, for a page that was there and for one that was not', () => {
  expect(printed(`
    ${PAGING}
    sfence.vma
    li s8, 0x40000000
    try ld t0, (s8)
    ${entry(0, 'page', '0xc7')}
    sfence.vma s8
    li t0, 7
    sd t0, (s8)
    ${entry(0, 'last', '0xc7')}
    sfence.vma
    ld s6, (s8)
    la t1, last
    ld s7, (t1)
    sub s6, s6, s7
    ${check('s6', '0')}
    la t1, last
    sd zero, 0(t1)
    sfence.vma s8, zero
    try sd t0, (s8)`)).toBe('n+p');
});

test('trap 20: a page that was a table and becomes another one under the same satp, or plain memory, is what it is now', () => {
  expect(printed(`
    ${PAGING}
    ${entry(0, 'page', '0xc7')}
    sfence.vma
    li s8, 0x40000000
    li t0, 3
    sd t0, (s8)
    # Data now: the entry that was there is gone.
    li t0, 2
    la t1, last
    sd t0, (t1)
    sfence.vma
    try ld s6, (s8)
    # A table again, by way of its own mapping.
    ${entry(1, 'last', '0xc7')}
    sfence.vma
    li s9, 0x40001000
    la t0, page
    srli t0, t0, 2
    ori t0, t0, 0xc7
    sd t0, 0(s9)
    sfence.vma
    ld s6, (s8)
    ${check('s6', '3')}`)).toBe('n+');
});

test('trap 21: code that was written or mapped anew is run as it is now, and one that may only be executed can be emulated', () => {
  expect(printed(`
    ${PAGING}
    li t0, 33
    csrw sscratch, t0
    la t1, page
    # csrr a4, sscratch; ret
    li t0, 0x14002773
    sw t0, 0(t1)
    li t0, 0x00008067
    sw t0, 4(t1)
    ${entry(0, 'page', '0x49')}
    sfence.vma
    fence.i
    li s8, 0x40000000
    jalr s8
    ${check('a4', '33')}
    # csrr a4, sepc: written over it.
    li t0, 0x14102773
    la t1, page
    sw t0, 0(t1)
    fence.i
    li t0, 0x44
    csrw sepc, t0
    jalr s8
    ${check('a4', '0x44')}
    # Another page at the same address: li a4, 5; ret
    la t1, other
    li t0, 0x00500713
    sw t0, 0(t1)
    li t0, 0x00008067
    sw t0, 4(t1)
    ${entry(0, 'other', '0x49')}
    sfence.vma
    fence.i
    jalr s8
    ${check('a4', '5')}
    try lw t0, (s8)
    j over
    .balign 4096
  other: .zero 4096
  over:`)).toBe('+++n');
});

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

test('trap 34: a load or store that is not aligned is done, across two pages that the shadow table does not have yet, too', () => {
  expect(printed(`
    ${PAGING}
    ${entry(0, 'page', '0xc7')}
    ${entry(1, 'other', '0xc7')}
    sfence.vma
    li s8, 0x40000ffd
    li t0, 0x1122334455667788
    sd t0, (s8)
    sfence.vma
    ld s6, (s8)
    ${check('s6', '0x1122334455667788')}
    lw s6, 3(s8)
    ${check('s6', '0x22334455')}
    j over
    .balign 4096
  other: .zero 4096
  over:`)).toBe('++');
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
