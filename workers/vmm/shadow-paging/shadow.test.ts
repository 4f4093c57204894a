/** Shadow page tables against the real hart's translation, in all rights, modes and levels. */
import { describe, expect, test } from 'vitest';
import { A, D, G, PageTable, R, RWX, U, V, W, X } from '../../../tests/support/page-table.ts';
import { shadowBench, SMALL_GUEST, TABLES } from '../../../tests/support/shadow-bench.ts';
import { createBench, INTERPRETER } from '../../../tests/support/targets.ts';
import { guestPhysical, guestVirtual } from '../../base/address.ts';
import { RAM_BASE } from '../../machine/memory-layout.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualMode } from '../virtual-hart/virtual-hart.ts';
import { neededRoot, type ShadowVariant } from './shadow-roots.ts';
import { tableOf } from './sv39.ts';
import type { Access } from './walk-guest.ts';

const { guestBytes: GUEST_BYTES, hostOffset: HOST_OFFSET, poolPages: POOL_PAGES } = SMALL_GUEST;
const PAGE = RAM_BASE + 0x4000n;
const VA = 0x12_3456_7000n;
const ACCESSES: readonly Access[] = ['load', 'store', 'fetch'];
const PAGE_FAULT = { load: 13, store: 15, fetch: 12 } as const;
const ACCESS_FAULT = { load: 5, store: 7, fetch: 1 } as const;

const guest = (variant?: ShadowVariant) => shadowBench(variant);

/** The same table for a real hart, with the same addresses. */
async function bare() {
  const bench = await createBench(INTERPRETER);
  const table = new PageTable(bench.ram, TABLES);
  return {
    table,
    translate: (mode: VirtualMode, status: bigint, va: bigint, access: Access) => {
      bench.hart.mode = 'M';
      bench.hart.writeCsr('satp', table.satp());
      bench.hart.writeCsr('sstatus', status);
      bench.hart.fenceVma();
      bench.hart.mode = mode;
      return bench.attempt('translate', va, ACCESSES.indexOf(access));
    },
  };
}

const MODES = (['U', 'S'] as const).flatMap((mode) => [0n, SSTATUS.SUM, SSTATUS.MXR, SSTATUS.SUM | SSTATUS.MXR].map((status) => ({ mode, status })));

describe('the walk of the guest\'s table', () => {
  test.each([{ level: 0, misaligned: false }, { level: 1, misaligned: false }, { level: 2, misaligned: false }, { level: 1, misaligned: true }])('S3, S7: is the real hart\'s for all flags of a leaf at level $level (misaligned: $misaligned)', async ({ level, misaligned }) => {
    const [virtual, real] = [await guest(), await bare()];
    const target = level === 0 || misaligned ? PAGE : RAM_BASE & ~((1n << BigInt(12 + 9 * level)) - 1n);
    for (let flags = 0n; flags < 256n; flags += 1n) {
      for (const { mode, status } of MODES) {
        for (const access of ACCESSES) {
          const what = `${access} in ${mode} with flags ${flags.toString(2)} and sstatus ${status.toString(16)}`;
          const [guestAt, realAt] = [virtual.table.entryAt(VA, level), real.table.entryAt(VA, level)];
          for (const { table } of [virtual, real]) table.write(table.entryAt(VA, level), (target >> 2n) | flags);
          virtual.set(mode, status);
          const walk = virtual.walk(VA, access);
          const translated = real.translate(mode, status, VA, access);
          const expected = walk.found === 'page' ? { result: walk.gpa } : { cause: (walk.found === 'page-fault' ? PAGE_FAULT : ACCESS_FAULT)[access], tval: VA };
          if (JSON.stringify(expected, text) !== JSON.stringify(translated, text)) expect(expected, what).toEqual(translated);
          if (virtual.table.flags(guestAt) !== real.table.flags(realAt)) expect(virtual.table.flags(guestAt), `${what}: A and D`).toBe(real.table.flags(realAt));
        }
      }
    }
  });

  test('S7: a table outside the guest\'s RAM is an access fault of the original kind, reserved bits and bad addresses are page faults', async () => {
    const { table, memory, walk } = await guest();
    const root = guestPhysical(table.entryAt(VA, 2));
    for (const pointer of [RAM_BASE + BigInt(GUEST_BYTES), RAM_BASE - 4096n, 0n, RAM_BASE + HOST_OFFSET]) {
      memory.write(root, 8, (pointer >> 2n) | V);
      for (const access of ACCESSES) expect(walk(VA, access)).toEqual({ found: 'access-fault' });
    }
    for (const bad of [A, D, U, 1n << 54n, 1n << 63n, 1n << 61n]) {
      memory.write(root, 8, (RAM_BASE >> 2n) | V | bad);
      expect(walk(VA, 'load')).toEqual({ found: 'page-fault' });
    }
    for (const va of [1n << 39n, 0x40_0000_0000n | (1n << 63n), VA | (1n << 38n) | (1n << 40n)]) expect(walk(va, 'load')).toEqual({ found: 'page-fault' });
  });
});

const text = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);

describe('a shadow entry', () => {
  test('S1, V6: stands in the root that satp, the virtual mode and SUM say', async () => {
    const { hart, set } = await guest();
    const roots = MODES.map(({ mode, status }) => { set(mode, status); return neededRoot(hart); });
    expect(roots).toEqual(['user', 'user', 'user', 'user', 'kernel', 'kernel-sum', 'kernel', 'kernel-sum']);
    hart.csrs.write('satp', 0n);
    for (const { mode, status } of MODES) { set(mode, status); expect(neededRoot(hart)).toBe('bare'); }
  });

  test('S2, S3: has no right that the guest\'s leaf does not have, and is writable only when that is dirty', async () => {
    const { table, set, touch, hart, entry, shadow } = await guest();
    for (let flags = 1n; flags < 256n; flags += 2n) {
      for (const { mode, status } of MODES) {
        for (const access of ACCESSES) {
          const at = table.map(VA, PAGE, flags);
          set(mode, status);
          if (!touch(VA, access)) continue;
          const shadowed = entry(neededRoot(hart), VA)!;
          const after = table.flags(at);
          const mayRead = (after & ((status & SSTATUS.MXR) === 0n ? R : R | X)) !== 0n;
          const what = `${access} in ${mode} with flags ${flags.toString(2)} and sstatus ${status.toString(16)}`;
          expect(tableOf(shadowed), what).toBe(PAGE + HOST_OFFSET);
          expect((shadowed & U) !== 0n && (!(shadowed & R) || mayRead), what).toBe(true);
          expect((shadowed & W) !== 0n, what).toBe((after & (W | D)) === (W | D));
          expect((shadowed & X) !== 0n, what).toBe((after & X) !== 0n && !(mode === 'S' && (after & U) !== 0n));
          shadow.dropAll();
        }
      }
    }
  });

  test('S4: is dropped by a fence for its address in all roots, with all pieces of its superpage and nothing else', async () => {
    const { table, set, touch, entry, shadow } = await guest();
    const large = 0x4000_0000n;
    table.map(large, RAM_BASE & ~0x1f_ffffn, RWX | A | D, 1);
    table.map(VA, PAGE, R | W | A | D);
    table.map(VA + 4096n, PAGE, R | W | A | D);
    const pieces = [large, large + 0x3000n, large + 0x2_0000n];
    for (const status of [0n, SSTATUS.SUM]) {
      set('S', status);
      for (const va of [...pieces, VA, VA + 4096n]) expect(touch(va, 'load')).toBe(true);
    }
    const present = (va: bigint): boolean[] => (['kernel', 'kernel-sum'] as const).map((root) => entry(root, va) !== undefined);
    for (const va of [...pieces, VA, VA + 4096n]) expect(present(va)).toEqual([true, true]);
    shadow.fence(guestVirtual(large + 0x1_5678n));
    for (const va of pieces) expect(present(va)).toEqual([false, false]);
    shadow.fence(guestVirtual(VA + 0xfffn));
    expect([present(VA), present(VA + 4096n)]).toEqual([[false, false], [true, true]]);
    shadow.fence(guestVirtual(0x7f_0000_0000n));
    expect(present(VA + 4096n)).toEqual([true, true]);
  });

  test('S6: is made again when the pool was empty and everything was dropped', async () => {
    const { table, set, touch, entry, pool } = await guest();
    set('S', 0n);
    table.map(0n, RAM_BASE & ~0x3fff_ffffn, RWX | A | D, 2);
    const first = PAGE - (RAM_BASE & ~0x3fff_ffffn);
    // A gigapage each: two tables for each of them, more than the pool has.
    for (let n = 0n; n < BigInt(POOL_PAGES); n += 1n) {
      table.map(n << 30n, RAM_BASE & ~0x3fff_ffffn, RWX | A | D, 2);
      expect(touch((n << 30n) + first, 'load')).toBe(true);
      expect(tableOf(entry('kernel', (n << 30n) + first)!)).toBe(PAGE + HOST_OFFSET);
    }
    expect(entry('kernel', first), 'the oldest is gone').toBeUndefined();
    expect(pool.free).toBeLessThan(POOL_PAGES);
  });
});

describe('the tables that are kept', () => {
  const OTHER = RAM_BASE + 0x2_0000n;
  const space = (satp: bigint, asid: bigint): bigint => satp | asid << 44n;

  test('S5: a new satp, another MXR and another SUM find their own tables again, and none is dropped', async () => {
    const { table, set, touch, entry, hart, shadow } = await guest();
    table.map(VA, PAGE, R | X | A);
    const [one, two] = [space(table.satp(), 1n), space(table.satp(), 2n)];
    for (const satp of [one, two]) {
      hart.csrs.write('satp', satp);
      for (const status of [0n, SSTATUS.MXR, SSTATUS.SUM]) {
        set('S', status);
        expect(entry(neededRoot(hart), VA)).toBeUndefined();
        touch(VA, 'load');
        expect(shadow.install()).toBe(neededRoot(hart));
        expect(shadow.install(), 'it is there already').toBeUndefined();
      }
    }
    const asids = shadow.tables.map(({ asid }) => asid);
    expect(new Set(asids).size, 'each has an address space of the real hart').toBe(7);
    hart.csrs.write('satp', one);
    set('S', SSTATUS.SUM);
    expect(entry('kernel-sum', VA)).toBeDefined();
  });

  test('S4: the four forms of sfence.vma drop what they name', async () => {
    const { table, set, touch, entry, hart, shadow } = await guest();
    table.map(VA, PAGE, R | A);
    table.map(VA + 4096n, PAGE, R | A | G);
    const [one, two] = [space(table.satp(), 1n), space(table.satp(), 2n)];
    const fillBoth = (): void => {
      for (const satp of [one, two]) {
        hart.csrs.write('satp', satp);
        for (const va of [VA, VA + 4096n]) expect(touch(va, 'load')).toBe(true);
      }
    };
    const present = (): string => [one, two].map((satp) => {
      hart.csrs.write('satp', satp);
      return [VA, VA + 4096n].map((va) => (entry('kernel', va) === undefined ? '-' : 'x')).join('');
    }).join(' ');
    set('S', 0n);
    for (const [va, asid, left] of [
      [undefined, undefined, '-- --'], [VA, undefined, '-x -x'], [VA + 4096n, undefined, 'x- x-'], [undefined, 2n, 'xx -x'], [VA, 2n, 'xx -x'], [VA + 4096n, 2n, 'xx xx'], [undefined, 3n, 'xx xx'],
    ] as const) {
      fillBoth();
      expect(present()).toBe('xx xx');
      const before = shadow.tables.map(({ asid: real }) => real);
      shadow.fence(va === undefined ? undefined : guestVirtual(va), asid);
      expect(present(), `sfence.vma ${String(va)}, ${String(asid)}`).toBe(left);
      if (va === undefined && asid === 2n) expect(shadow.tables.map(({ asid: real }) => real), 'the hardware forgets it, too').not.toEqual(before);
    }
  });

  test('S6: the table that was not used for longest goes when the pool is empty', async () => {
    const { table, set, touch, entry, hart, shadow, pool } = await guest();
    set('S', 0n);
    table.map(VA, PAGE, R | A);
    for (let asid = 0n; asid < 40n; asid += 1n) {
      hart.csrs.write('satp', space(table.satp(), asid));
      touch(VA, 'load');
      shadow.install();
      expect(entry('kernel', VA), `address space ${String(asid)}`).toBeDefined();
    }
    expect(shadow.tables.length).toBe(21);
    expect(pool.free).toBeLessThan(3);
    hart.csrs.write('satp', space(table.satp(), 1n));
    expect(entry('kernel', VA), 'an old one').toBeUndefined();
    hart.csrs.write('satp', space(table.satp(), 38n));
    expect(entry('kernel', VA), 'a young one').toBeDefined();
  });

  test('E3: what is saved and restored is the same again', async () => {
    const { table, set, touch, entry, shadow } = await guest('write-protect');
    set('S', 0n);
    table.map(VA, PAGE, R | W | A | D);
    touch(VA, 'load');
    shadow.install();
    const saved = shadow.save();
    const found = entry('kernel', VA);
    shadow.dropAll();
    shadow.restore(structuredClone(saved));
    expect(shadow.save()).toEqual(saved);
    expect(found).toBeDefined();
  });

  test('S8: eager copies what the guest\'s table has, but for what an access would change, when the table is used', async () => {
    const { table, set, entry, shadow, touch } = await guest('eager');
    table.map(VA, PAGE, R | W | A);
    table.map(VA + 4096n, PAGE, R | W | A | D);
    table.map(VA + 8192n, PAGE, R | W);
    table.map(VA + 0x3000n, PAGE, R | W | U | A | D);
    table.map(0x4000_0000n, RAM_BASE & ~0x1f_ffffn, RWX | A | D | G, 1);
    table.map(OTHER, RAM_BASE + BigInt(GUEST_BYTES), R | A);
    set('S', 0n);
    shadow.install();
    const rights = (va: bigint): string => ['R', 'W', 'X'].filter((_, n) => ((entry('kernel', va) ?? 0n) >> BigInt(n + 1) & 1n) === 1n).join('');
    expect([VA, VA + 4096n, VA + 8192n, VA + 0x3000n, 0x4000_0000n, 0x4000_5000n, 0x4004_0000n, OTHER].map(rights)).toEqual(['R', 'RW', '', '', 'RWX', 'RWX', '', '']);
    expect(tableOf(entry('kernel', 0x4000_5000n)!)).toBe(RAM_BASE + 0x5000n + HOST_OFFSET);
    set('S', SSTATUS.SUM);
    shadow.install();
    expect(entry('kernel-sum', VA + 0x3000n)).toBeDefined();
    expect(touch(VA + 8192n, 'load'), 'the rest comes when it is used').toBe(true);
    table.map(VA + 4096n, PAGE, R | A);
    shadow.fence(guestVirtual(VA + 4096n));
    set('S', 0n);
    shadow.install();
    expect(rights(VA + 4096n)).toBe('R');
  });

  test.each(['lazy', 'eager'] as const)('S9: %s shows what the guest has changed after its fence, and until then the old page or the new one', async (variant) => {
    const { table, set, entry, shadow, touch } = await guest(variant);
    const leadsTo = (): bigint => tableOf(entry('kernel', VA)!);
    const [old, changed] = [PAGE + HOST_OFFSET, PAGE + 4096n + HOST_OFFSET];
    table.map(VA, PAGE, R | W | A | D);
    set('S', 0n);
    shadow.install();
    touch(VA, 'load');
    expect(leadsTo()).toBe(old);
    table.map(VA, PAGE + 4096n, R | W | A | D);
    expect([old, changed]).toContain(leadsTo());
    shadow.fence(guestVirtual(VA));
    shadow.install();
    if (entry('kernel', VA) !== undefined) expect(leadsTo(), 'the old page is gone before it is used again').toBe(changed);
    touch(VA, 'load');
    expect(leadsTo()).toBe(changed);
  });

  test('S10: with write-protect a table cannot be written before what was made of it is gone, and then is a page again', async () => {
    const { table, set, entry, shadow, touch } = await guest('write-protect');
    const leaves = table.map(VA, PAGE, R | W | A | D) & ~0xfffn;
    table.map(OTHER, leaves, R | W | A | D);
    table.map(OTHER + 4096n, PAGE, R | W | A | D);
    set('S', 0n);
    expect([touch(OTHER, 'store'), touch(OTHER + 4096n, 'store')]).toEqual([true, true]);
    const mayWrite = (va: bigint): boolean | undefined => { const found = entry('kernel', va); return found === undefined ? undefined : (found & W) !== 0n; };
    expect([mayWrite(OTHER), mayWrite(OTHER + 4096n)], 'two pages').toEqual([true, true]);
    touch(VA, 'load');
    expect([mayWrite(OTHER), mayWrite(OTHER + 4096n), mayWrite(VA)], 'one has become a table').toEqual([false, true, true]);
    shadow.fence();
    expect(mayWrite(VA), 'a fence changes nothing').toBe(true);
    shadow.storeTo(leaves + 8n);
    touch(OTHER, 'store');
    expect([mayWrite(OTHER), mayWrite(VA)], 'and is a page again').toEqual([true, undefined]);
  });
});
