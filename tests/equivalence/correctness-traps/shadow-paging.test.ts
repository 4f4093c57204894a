/** The correctness traps of a trap-and-emulate VMM, each with a kernel that would fall into it: faults and page tables. The same on the bare machine and in every regime and variant. */
import { expect, test } from 'vitest';
import { check, entry, PAGING, printed, PROBING } from './same.ts';

const SUM = 'li t0, 1 << 18\n csrs sstatus, t0';
const NO_SUM = 'li t0, 1 << 18\n csrc sstatus, t0';

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
