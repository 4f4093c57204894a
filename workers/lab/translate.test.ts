/** What the page shows of paging, on a real guest: each verdict and each reason, checked against what the machine then does. */
import { describe, expect, test } from 'vitest';
import { guestRequest } from '../../tests/support/lab-guests.ts';
import type { ShadowVariant } from '../protocol/lab-api.ts';
import type { AccessKind } from '../protocol/translation.ts';
import { Lab } from './lab.ts';

/**
 * A kernel with Sv39 or Sv48: RAM where it is by a gigapage, and at 0x4000_0000 one page with the given flags, which it uses once more and more:
 * a load, a store, then the end. `MODE` is satp.MODE.
 */
const kernel = (mode: 8 | 9, flags: string): string => `
_start:
  la t0, root
  la t1, table2
  ${mode === 9 ? 'srli t2, t1, 2\n  ori t2, t2, 1\n  sd t2, 0(t0)' : 'mv t1, t0'}
  li t2, (0x80000000 >> 2) | 0xcf
  sd t2, 16(t1)
  la t2, middle
  srli t3, t2, 2
  ori t3, t3, 1
  sd t3, 8(t1)
  la t3, last
  srli t4, t3, 2
  ori t4, t4, 1
  sd t4, 0(t2)
  la t4, page
  srli t4, t4, 2
  ori t4, t4, ${flags}
  sd t4, 0(t3)
  li t4, (0x10000000 >> 2) | 0xc7
  sd t4, 8(t3)
  li t4, (0x70000000 >> 2) | 0xc7
  sd t4, 16(t3)
  srli t0, t0, 12
  li t1, ${String(mode)} << 60
  or t0, t0, t1
  csrw satp, t0
  sfence.vma
  li s1, 0x40000000
paging_on: nop
  ld a0, 0(s1)
loaded: nop
  sd a0, 0(s1)
stored: nop
1: j 1b
.balign 4096
root: .zero 4096
table2: .zero 4096
middle: .zero 4096
last: .zero 4096
page: .zero 4096
`;
const PAGE = 0x4000_0000n;

async function labAt(symbol: string, text: string, shadow: ShadowVariant = 'lazy', regime: 'bare' | 'trap-and-emulate' = 'trap-and-emulate'): Promise<Lab> {
  const lab = new Lab();
  expect(await lab.load({ program: { kind: 'assembly', name: 'paging.s', text }, regime, ...(regime !== 'bare' && { shadow }) })).toMatchObject({ ok: true });
  expect((await lab.goTo({ at: 'symbol', name: symbol, n: 1 })).reached).toBe(true);
  return lab;
}

const verdictOf = async (lab: Lab, va: bigint, access: AccessKind): Promise<string> => (await lab.translate(va, access)).verdict;
const reasonsOf = async (lab: Lab, va: bigint, access: AccessKind): Promise<readonly string[]> => (await lab.translate(va, access)).reasons;

describe.each([8, 9] as const)('satp.MODE %i', (mode) => {
  test('a page that was never used is a hidden fault; loaded from, it lacks W until it is dirty; stored to, all decide the same', async () => {
    const fresh = await labAt('paging_on', kernel(mode, '0x07'));
    const { guest, shadow, place } = await fresh.translate(PAGE, 'load');
    expect(guest.levels.map(({ level }) => level)).toEqual(mode === 8 ? [2, 1, 0] : [3, 2, 1, 0]);
    expect(place).toMatchObject({ is: 'memory' });
    expect(shadow?.result.ok).toBe(false);
    expect(await verdictOf(fresh, PAGE, 'load')).toBe('hidden-fault');
    expect(await reasonsOf(fresh, PAGE, 'load')).toEqual(['not-filled']);

    const loaded = await labAt('loaded', kernel(mode, '0x07'));
    expect(await verdictOf(loaded, PAGE, 'load')).toBe('through');
    expect(await verdictOf(loaded, PAGE, 'store')).toBe('hidden-fault');
    expect(await reasonsOf(loaded, PAGE, 'store')).toEqual(['dirty-first', 'user-inverted', 'marks-set']);

    const stored = await labAt('stored', kernel(mode, '0x07'));
    expect(await verdictOf(stored, PAGE, 'store')).toBe('through');
    expect(await verdictOf(stored, PAGE, 'fetch'), 'the guest’s table has no X').toBe('guest-fault');
    expect((await stored.translate(PAGE, 'store')).shadow?.result).toMatchObject({ ok: true, pa: (place as { hpa: bigint }).hpa });
  });
});

test('devices, holes, a superpage and an address without a page', async () => {
  const lab = await labAt('stored', kernel(8, '0x07'));
  expect(await lab.translate(PAGE + 0x1000n, 'store')).toMatchObject({ verdict: 'device', place: { is: 'device', name: 'virtual-uart' }, reasons: ['device'] });
  expect(await lab.translate(PAGE + 0x2000n, 'load')).toMatchObject({ verdict: 'nothing', place: { is: 'nothing' }, reasons: ['nothing'] });
  expect(await lab.translate(PAGE + 0x3000n, 'load')).toMatchObject({ verdict: 'guest-fault', place: undefined, guest: { result: { ok: false, why: 'invalid' } } });
  expect(await lab.translate(1n << 40n, 'load')).toMatchObject({ verdict: 'guest-fault', guest: { result: { ok: false, why: 'address' } } });
  expect(await reasonsOf(lab, 0x8020_0000n, 'fetch')).toContain('pieces');
});

test('a user page is not in the kernel’s shadow table', async () => {
  const lab = await labAt('paging_on', kernel(8, '0x17'));
  expect(await lab.translate(PAGE, 'load')).toMatchObject({ verdict: 'guest-fault', root: 'kernel', reasons: ['not-for-this-root'] });
});

test('write-protect: the guest’s own table may not be written through the shadow', async () => {
  const text = kernel(8, '0x07');
  const lab = await labAt('stored', text, 'write-protect');
  // The last table is a page like any other in the gigapage; the guest reads it, so that the shadow has it.
  const last = (await lab.translate(PAGE, 'load')).guest.levels[2]!.entryAt;
  expect(await verdictOf(lab, last, 'store')).toBe('hidden-fault');
});

test('bare: there is one table, and it decides', async () => {
  const before = await labAt('_start', kernel(8, '0x07'), 'lazy', 'bare');
  expect(await before.translate(0x8020_0000n, 'fetch')).toMatchObject({ verdict: 'bare-off', place: undefined, shadow: undefined });
  const lab = await labAt('paging_on', kernel(8, '0x07'), 'lazy', 'bare');
  expect(await verdictOf(lab, PAGE, 'store')).toBe('bare-through');
  expect(await verdictOf(lab, PAGE, 'fetch')).toBe('bare-fault');
});

test('before the micro-steps of a hidden fault the shadow has no page, after them it has', async () => {
  const lab = new Lab();
  await lab.load(guestRequest('processes.s'));
  await lab.goTo({ at: 'trap', cause: 'load-page-fault', n: 1 });
  // The hardware's entry, which writes stval.
  const view = await lab.step('micro-step', 1, 'forward');
  const va = view.real.find(({ name }) => name === 'stval')!.value;
  expect(await verdictOf(lab, va, 'load')).toBe('hidden-fault');
  const hash = await lab.stateHash();
  await lab.translate(va, 'load');
  expect(await lab.stateHash(), 'looking changes nothing').toBe(hash);
  await lab.step('micro-step', view.micro!.count, 'forward');
  expect(await verdictOf(lab, va, 'load')).toBe('through');
});

test('mappings: neighbours are one run, the memory map says where RAM stands, and shadow tables are counted', async () => {
  const lab = await labAt('stored', kernel(8, '0x07'));
  const guest = await lab.mappings('guest');
  expect(guest.runs.map(({ from, bytes, page }) => ({ from, bytes, page }))).toEqual([
    { from: PAGE, bytes: 4096n, page: 4096n }, { from: PAGE + 0x1000n, bytes: 4096n, page: 4096n }, { from: PAGE + 0x2000n, bytes: 4096n, page: 4096n },
    { from: 0x8000_0000n, bytes: 1n << 30n, page: 1n << 30n },
  ]);
  expect(guest).toMatchObject({ cut: false, tables: 3 });
  // Of its 16 MiB the guest has used two pieces: its program's, and the device tree's at the end.
  expect((await lab.mappings('memory')).runs).toMatchObject([{ from: 0x8020_0000n, bytes: 2n << 20n, to: 0x8120_0000n }, { from: 0x80e0_0000n, bytes: 2n << 20n, to: 0x81e0_0000n }]);
  const shadow = await lab.mappings('shadow');
  // The kernel's gigapage comes in pieces of 2 MiB, what the guest has mapped by pages in pages.
  expect(shadow.runs.every(({ from, to, page }) => (from >= 0x8000_0000n ? page === 2n << 20n && to - from === 0x100_0000n : page === 4096n))).toBe(true);
  const use = (await lab.shadowUse())!;
  expect(use.tables.find(({ current }) => current)).toMatchObject({ root: 'kernel', pages: Number(shadow.runs.reduce((sum, { bytes, page }) => sum + bytes / page, 0n)) });
  expect(use.used).toBeLessThanOrEqual(use.most);
});
