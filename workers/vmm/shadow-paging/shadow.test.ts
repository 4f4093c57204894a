/** Shadow page tables against the real hart's translation, in all rights, modes and levels. */
import { describe, expect, test } from 'vitest';
import { runToEnd, virtualComputer } from '../../../tests/support/computers.ts';
import { letterKernel } from '../../../tests/support/guest-image.ts';
import { A, D, PageTable, R, RWX, U, V, W, X } from '../../../tests/support/page-table.ts';
import { createBench, INTERPRETER } from '../../../tests/support/targets.ts';
import { guestPhysical, guestVirtual, hostPhysical } from '../../base/address.ts';
import { RAM_BASE } from '../../machine/memory-layout.ts';
import { silentProbe } from '../../trace/probe.ts';
import { GuestMemory } from '../guest-memory.ts';
import { RealHart } from '../real-hart.ts';
import { StepLog } from '../step-log.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import { VirtualHart, type VirtualMode } from '../virtual-hart/virtual-hart.ts';
import { fillShadow } from './fill.ts';
import { PagePool } from './page-pool.ts';
import { neededRoot, ShadowRoots, type ShadowRoot } from './shadow-roots.ts';
import { tableOf } from './sv39.ts';
import { walkGuest, type Access } from './walk-guest.ts';

const KIB = 1024;
const GUEST_BYTES = 256 * KIB;
const HOST_OFFSET = 512n * 1024n;
const POOL_PAGES = 64;
const TABLES = RAM_BASE + 0x1_0000n;
const PAGE = RAM_BASE + 0x4000n;
const VA = 0x12_3456_7000n;
const ACCESSES: readonly Access[] = ['load', 'store', 'fetch'];
const PAGE_FAULT = { load: 13, store: 15, fetch: 12 } as const;
const ACCESS_FAULT = { load: 5, store: 7, fetch: 1 } as const;

/** The VMM's half: a guest with paging on, whose tables stand in real memory HOST_OFFSET further up. */
async function guest() {
  const { ram, hart: realHart } = await createBench(INTERPRETER);
  realHart.mode = 'S';
  const log = new StepLog(silentProbe);
  const real = new RealHart(realHart, log);
  const hart = new VirtualHart(real, log);
  const memory = new GuestMemory(ram, GUEST_BYTES, HOST_OFFSET);
  const pool = new PagePool(ram, hostPhysical(RAM_BASE), POOL_PAGES);
  const shadow = new ShadowRoots(ram, pool, real, log, () => hart.csrs.get('satp'));
  const table = new PageTable({
    read: (address, size) => memory.read(guestPhysical(address), size),
    write: (address, size, value) => { memory.write(guestPhysical(address), size, value); },
  }, TABLES);
  hart.csrs.write('satp', table.satp());

  /** The shadow entry for an address; undefined where there is none. */
  const entry = (root: ShadowRoot, va: bigint): bigint | undefined => {
    let at: bigint = shadow.table(root);
    for (let level = 2; ; level -= 1) {
      const found = ram.read(at + ((va >> BigInt(12 + 9 * level)) & 511n) * 8n, 8);
      if ((found & V) === 0n) return undefined;
      if (level === 0) return found;
      at = tableOf(found);
    }
  };
  return {
    hart, memory, shadow, table, pool, entry,
    set: (mode: VirtualMode, status: bigint) => {
      hart.mode = mode;
      hart.csrs.write('sstatus', status);
    },
    walk: (va: bigint, access: Access) => walkGuest(hart, memory, log, guestVirtual(va), access),
    /** As a hidden fault: walks and fills; whether the guest's table allows it. */
    touch: (va: bigint, access: Access): boolean => {
      const walk = walkGuest(hart, memory, log, guestVirtual(va), access);
      if (walk.found !== 'page') return false;
      fillShadow(hart, memory, shadow, log, { va: guestVirtual(va), gpa: walk.gpa, leaf: walk.leaf, level: walk.level });
      return true;
    },
  };
}

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
    shadow.drop(guestVirtual(large + 0x1_5678n));
    for (const va of pieces) expect(present(va)).toEqual([false, false]);
    shadow.drop(guestVirtual(VA + 0xfffn));
    expect([present(VA), present(VA + 4096n)]).toEqual([[false, false], [true, true]]);
    shadow.drop(guestVirtual(0x7f_0000_0000n));
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

test('S5: a new satp and another MXR drop all of them, another SUM does not', () => {
  const drops = (line: string): number => {
    const computer = virtualComputer(letterKernel('a kernel that changes a register', `kernel:\n li t0, 0x80000\n csrs sstatus, t0\n li s0, 8 << 60\n ${line}\n end`));
    computer.watch = true;
    runToEnd(computer, 10_000n);
    return computer.steps.filter(({ id }) => id === 'shadow.drop-all').length;
  };
  const before = drops('nop');
  expect(before, 'MXR was set').toBe(1);
  expect(drops('li t0, 0x40000\n csrs sstatus, t0')).toBe(before);
  expect(drops('li t0, 0x80000\n csrs sstatus, t0')).toBe(before);
  expect(drops('li t0, 0x80000\n csrc sstatus, t0')).toBe(before + 1);
  expect(drops('csrw satp, s0')).toBe(before + 1);
  expect(drops('sfence.vma')).toBe(before + 1);
});
