/** A superpage of the guest in the shadow tables: one entry of 2 MiB where memory allows, and smaller ones where it does not. */
import { describe, expect, test } from 'vitest';
import { A, D, R, RWX, W } from '../../../tests/support/page-table.ts';
import { shadowBench, type GuestSize } from '../../../tests/support/shadow-bench.ts';
import { guestVirtual } from '../../base/address.ts';
import { RAM_BASE } from '../../machine/memory-layout.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import type { ShadowRoot, ShadowVariant } from './shadow-roots.ts';
import { SUPERPAGE } from '../guest-memory.ts';
import { tableOf } from './sv39.ts';

const LARGE_GUEST: GuestSize = { ramBytes: 12 << 20, guestBytes: 6 << 20, hostOffset: 4n << 20n, poolPages: 64, pieces: true };
/** A superpage of the guest at this address leads to its second 2 MiB. */
const VA = 0x5_4000_0000n;
const SECOND = RAM_BASE + SUPERPAGE;
const [LOAD, STORE] = [0, 1] as const;

async function guest(variant?: ShadowVariant, size: Partial<GuestSize> = {}) {
  const bench = await shadowBench(variant, { ...LARGE_GUEST, ...size });
  bench.set('S', 0n);
  return {
    ...bench,
    /** Where an entry stands: pages of one superpage share it. */
    place: (va: bigint, root: ShadowRoot = 'kernel') => bench.shadow.table(root)?.leaf(va)?.at,
    real: (gpa: bigint) => gpa + LARGE_GUEST.hostOffset,
  };
}

describe('a superpage of the guest', () => {
  test('S4: comes as one entry, with its rights, and every page of it is there at once', async () => {
    const { table, touch, entry, place, onRealHart, real } = await guest();
    table.map(VA, SECOND, RWX | A | D, 1);
    expect(touch(VA + 0x12_3000n, 'load')).toBe(true);
    expect([tableOf(entry('kernel', VA)!), entry('kernel', VA)! & (RWX | D)]).toEqual([real(SECOND), RWX | D]);
    expect(place(VA + 0x1f_f000n)).toBe(place(VA));
    expect([onRealHart(VA + 0x678n, LOAD), onRealHart(VA + 0x1f_f008n, STORE)]).toEqual([real(SECOND) + 0x678n, real(SECOND) + 0x1f_f008n]);
  });

  test('S3: is not writable before it is dirty, and then is, all of it', async () => {
    const { table, touch, onRealHart, real } = await guest();
    const at = table.map(VA, SECOND, RWX | A, 1);
    touch(VA, 'load');
    expect(onRealHart(VA + 0x3000n, STORE)).toBe(15);
    touch(VA + 0x3000n, 'store');
    expect(table.flags(at) & D).toBe(D);
    expect(onRealHart(VA + 0x10_0000n, STORE)).toBe(real(SECOND) + 0x10_0000n);
  });

  test('S4: goes with a fence of any address in it, in every root, and its neighbours stay', async () => {
    const { table, touch, set, place, onRealHart, shadow } = await guest();
    table.map(VA, SECOND, RWX | A | D, 1);
    table.map(VA + SUPERPAGE, SECOND, RWX | A | D, 1);
    for (const status of [SSTATUS.SUM, 0n]) {
      set('S', status);
      for (const va of [VA, VA + SUPERPAGE]) touch(va, 'load');
    }
    expect(onRealHart(VA + 0x5000n, LOAD)).toBeTypeOf('bigint');
    shadow.fence(guestVirtual(VA + 0x1a_b000n));
    expect((['kernel', 'kernel-sum'] as const).flatMap((root) => [place(VA, root), place(VA + SUPERPAGE, root) !== undefined])).toEqual([undefined, true, undefined, true]);
    expect([onRealHart(VA + 0x5000n, LOAD), onRealHart(VA + SUPERPAGE, LOAD)]).toEqual([13, expect.any(BigInt)]);
  });

  test('S4: of 1 GiB comes in pieces of 2 MiB, which a fence of any address in it drops together', async () => {
    const { table, touch, place, entry, shadow, onRealHart, real } = await guest();
    const giga = 0x6_0000_0000n;
    table.map(giga, RAM_BASE & ~0x3fff_ffffn, RWX | A | D, 2);
    const first = giga + (RAM_BASE & 0x3fff_ffffn);
    for (const va of [first, first + SUPERPAGE + 0x4000n]) touch(va, 'load');
    expect([tableOf(entry('kernel', first)!), tableOf(entry('kernel', first + SUPERPAGE)!)]).toEqual([real(RAM_BASE), real(SECOND)]);
    expect(onRealHart(first + SUPERPAGE, LOAD)).toBe(real(SECOND));
    shadow.fence(guestVirtual(giga + 0x3456_7000n));
    expect([place(first), place(first + SUPERPAGE)]).toEqual([undefined, undefined]);
    expect(onRealHart(first + SUPERPAGE, LOAD)).toBe(13);
  });

  test('S9: gives way to pages where the guest has divided it, and the hardware forgets the whole of it', async () => {
    const { table, touch, onRealHart, shadow, real, place } = await guest();
    table.map(VA, SECOND, RWX | A | D, 1);
    touch(VA, 'load');
    expect(onRealHart(VA + 0x7000n, LOAD)).toBe(real(SECOND) + 0x7000n);
    // A table of pages, of which two lead elsewhere; no fence yet. One of them may only be loaded from.
    table.write(table.entryAt(VA, 1), 0n);
    table.map(VA, RAM_BASE + 0x3000n, RWX | A | D);
    table.map(VA + 0x7000n, RAM_BASE + 0x4000n, R | A);
    touch(VA, 'store');
    expect(onRealHart(VA, STORE)).toBe(real(RAM_BASE) + 0x3000n);
    expect(onRealHart(VA + 0x7000n, LOAD), 'nothing of the superpage is left').toBe(13);
    shadow.fence(guestVirtual(VA + 0x7000n));
    touch(VA + 0x7000n, 'load');
    expect([onRealHart(VA + 0x7000n, LOAD), onRealHart(VA + 0x7000n, STORE)]).toEqual([real(RAM_BASE) + 0x4000n, 15]);
    expect(place(VA)).not.toBe(place(VA + 0x7000n));
  });

  test.each([
    ['where the guest\'s regions divide memory', 'lazy', {}, true],
    ['where its tables are kept from being written', 'write-protect', {}, false],
    ['where its memory was given page by page', 'lazy', { pieces: false }, false],
  ] as const)('S2: comes page by page %s', async (_, variant, size, divided) => {
    const { table, touch, entry, place, hart, shadow, onRealHart, memory } = await guest(variant, size);
    if (divided) {
      hart.csrs.write('pmpaddr1', (1n << 54n) - 1n);
      hart.csrs.write('pmpaddr0', (SECOND + 0x9000n) >> 2n);
      // Up to there nothing may be stored; above all is open.
      hart.csrs.write('pmpcfg0', 0x1f_0dn);
      shadow.regionsChanged();
    }
    table.map(VA, SECOND, RWX | A | D, 1);
    for (const va of [VA + 0x8000n, VA + 0x9000n]) touch(va, 'load');
    expect(place(VA + 0x8000n)).not.toBe(place(VA + 0x9000n));
    expect(place(VA), 'and no page that was not used').toBeUndefined();
    expect(tableOf(entry('kernel', VA + 0x9000n)!)).toBe(memory.placeOf(SECOND + 0x9000n));
    expect([entry('kernel', VA + 0x8000n)! & W, entry('kernel', VA + 0x9000n)! & W]).toEqual([divided ? 0n : W, W]);
    shadow.fence(guestVirtual(VA + 0x9000n));
    if (variant === 'lazy') expect(onRealHart(VA + 0x8000n, LOAD), 'all pieces go').toBe(13);
  });
});
