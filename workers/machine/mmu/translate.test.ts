import { beforeEach, describe, expect, test } from 'vitest';
import { A, D, G, PageTable, R, RWX, U, V, W, X } from '../../../tests/support/page-table.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../memory-layout.ts';

const LOAD = 0, STORE = 1, FETCH = 2;
const PAGE_FAULT = [13, 15, 12];
const ACCESS_FAULT = [5, 7, 1];
const SUM = 1n << 18n;
const MXR = 1n << 19n;
const MPRV = 1n << 17n;
const MPP_S = 1n << 11n;
const KINDS = [LOAD, STORE, FETCH];
const page = (n: number): bigint => RAM_BASE + BigInt(n) * 4096n;
const VA = 0x12_3456_7000n;

describe.each(TARGETS)('Sv39 ($name)', (target) => {
  let bench: Bench;
  let table: PageTable;
  beforeEach(async () => {
    bench = await createBench(target);
    table = new PageTable(bench.ram, page(64));
    bench.hart.writeCsr('satp', table.satp());
    bench.hart.mode = 'S';
  });
  const translate = (va: bigint, kind: number) => bench.attempt('translate', va, kind);
  /** Which of load, store, fetch are allowed. */
  const allowed = (va: bigint): string => KINDS.map((kind) => {
    const outcome = translate(va, kind);
    if ('result' in outcome) return 'rwx'[kind];
    expect(outcome).toEqual({ cause: PAGE_FAULT[kind], tval: va });
    return '-';
  }).join('');
  const expectPageFaults = (va: bigint) => {
    for (const kind of KINDS) expect(translate(va, kind)).toEqual({ cause: PAGE_FAULT[kind], tval: va });
  };

  test('without translation and in M mode the address is physical', () => {
    bench.hart.writeCsr('satp', 0n);
    expect(translate(0xdead_beefn, LOAD)).toEqual({ result: 0xdead_beefn });
    bench.hart.writeCsr('satp', table.satp());
    bench.hart.mode = 'M';
    expect(translate(0xdead_beefn, FETCH)).toEqual({ result: 0xdead_beefn });
  });

  test('a 4 KiB page translates the upper bits and keeps the offset', () => {
    table.map(VA, page(3), RWX | A | D);
    for (const kind of KINDS) expect(translate(VA + 0x123n, kind)).toEqual({ result: page(3) + 0x123n });
    expectPageFaults(VA + 0x1000n);
  });

  test.each([[1, 0x20_0000n], [2, 0x4000_0000n]])('a superpage of level %d covers %#x bytes, and must be aligned to them', (level, size) => {
    const base = 0x40_0000_0000n - size;
    table.map(base, 0x8000_0000n, RWX | A | D, level);
    bench.hart.fenceVma();
    if (level < 2) expect(translate(base + size - 1n, LOAD)).toEqual({ result: 0x8000_0000n + size - 1n });
    expect(translate(base + 0x1_2345n, STORE)).toEqual({ result: 0x8001_2345n });
    table.map(base, 0x8000_1000n, RWX | A | D, level);
    bench.hart.fenceVma();
    expectPageFaults(base + 0x1_2345n);
  });

  test('an address whose upper bits are not copies of bit 38 is a page fault', () => {
    table.map(0x3f_ffff_f000n, page(3), RWX | A | D);
    table.map(0x7f_ffff_f000n, page(4), RWX | A | D);
    expect(translate(0x3f_ffff_f008n, LOAD)).toEqual({ result: page(3) + 8n });
    expect(translate(0xffff_ffff_ffff_f008n, LOAD)).toEqual({ result: page(4) + 8n });
    for (const va of [0x7f_ffff_f008n, 0x1_0000_0000_0000n, 0x8000_003f_ffff_f000n]) expectPageFaults(va);
  });

  test.each([[R, 'r--'], [R | W, 'rw-'], [X, '--x'], [R | X, 'r-x'], [RWX, 'rwx'], [W, '---'], [W | X, '---']])('permissions %#x allow %s', (flags, expected) => {
    table.map(VA, page(3), flags | A | D);
    expect(allowed(VA)).toBe(expected);
  });

  test('entries that are not valid, or use what is reserved, are page faults', () => {
    const at = table.map(VA, page(3), RWX | A | D);
    const good = bench.ram.read(at, 8);
    for (const bad of [good & ~V, good | (1n << 54n), good | (1n << 63n), good | (1n << 61n), (good & ~0x3ffn) | V]) {
      bench.ram.write(at, 8, bad);
      expectPageFaults(VA);
    }
    bench.ram.write(at, 8, good);
    expect(allowed(VA)).toBe('rwx');
    bench.hart.fenceVma();
    const pointer = table.entryAt(VA, 1);
    const entry = bench.ram.read(pointer, 8);
    for (const bit of [A, D, U]) {
      bench.ram.write(pointer, 8, entry | bit);
      expectPageFaults(VA);
    }
  });

  test('a table outside RAM is the access fault of the access', () => {
    bench.hart.writeCsr('satp', (8n << 60n) | 0x1000n);
    for (const kind of KINDS) expect(translate(VA, kind)).toEqual({ cause: ACCESS_FAULT[kind], tval: VA });
  });

  test('U mode needs U pages; S mode may use them for data with SUM, and never executes them', () => {
    table.map(VA, page(3), RWX | A | D);
    table.map(VA + 0x1000n, page(4), RWX | U | A | D);
    expect([allowed(VA), allowed(VA + 0x1000n)]).toEqual(['rwx', '---']);
    bench.hart.writeCsr('mstatus', SUM);
    expect([allowed(VA), allowed(VA + 0x1000n)]).toEqual(['rwx', 'rw-']);
    bench.hart.mode = 'U';
    expect([allowed(VA), allowed(VA + 0x1000n)]).toEqual(['---', 'rwx']);
  });

  test('MXR lets loads read what is only executable', () => {
    table.map(VA, page(3), X | A | D);
    expect(allowed(VA)).toBe('--x');
    bench.hart.writeCsr('mstatus', MXR);
    expect(allowed(VA)).toBe('r-x');
  });

  test('MPRV gives loads and stores of M mode the view of MPP; fetches stay physical', () => {
    table.map(VA, page(3), R | W | A | D);
    bench.hart.mode = 'M';
    bench.hart.writeCsr('mstatus', MPRV | MPP_S);
    expect(translate(VA, LOAD)).toEqual({ result: page(3) });
    expect(translate(VA + 0x1000n, STORE)).toEqual({ cause: 15, tval: VA + 0x1000n });
    expect(translate(VA, FETCH)).toEqual({ result: VA });
    bench.hart.writeCsr('mstatus', MPRV);
    expect(allowed(VA)).toBe('--x');
  });

  test('the hardware sets A on any access and D on a store, and neither when it refuses', () => {
    const at = table.map(VA, page(3), R | W);
    translate(VA, FETCH);
    expect(table.flags(at)).toBe(V | R | W);
    translate(VA, LOAD);
    expect(table.flags(at)).toBe(V | R | W | A);
    translate(VA, STORE);
    expect(table.flags(at)).toBe(V | R | W | A | D);
  });

  test('a changed entry is not seen before sfence.vma, except that it allows more', () => {
    const at = table.map(VA, page(3), R | A);
    expect(allowed(VA)).toBe('r--');
    table.map(VA, page(4), R | A | D);
    expect(translate(VA, LOAD)).toEqual({ result: page(3) });
    bench.hart.fenceVma();
    expect(translate(VA, LOAD)).toEqual({ result: page(4) });
    bench.ram.write(at, 8, 0n);
    expect(allowed(VA)).toBe('r--');
    bench.hart.fenceVma(VA);
    expect(allowed(VA)).toBe('---');
    table.map(VA, page(5), R | W | A | D);
    expect(allowed(VA)).toBe('rw-');
  });

  test('a fence of an address leaves the other pages, and takes a superpage that covers it', () => {
    table.map(VA, page(3), R | A);
    table.map(VA + 0x1000n, page(4), R | A);
    table.map(0x4000_0000n, 0x8000_0000n, R | A, 1);
    const loads = () => [VA, VA + 0x1000n, 0x4000_0000n, 0x400f_f000n].map((va) => 'result' in translate(va, LOAD));
    expect(loads()).toEqual([true, true, true, true]);
    for (const [va, level] of [[VA, 0], [VA + 0x1000n, 0], [0x4000_0000n, 1]] as const) bench.ram.write(table.entryAt(va, level), 8, 0n);
    bench.hart.fenceVma(VA + 0xfffn);
    expect(loads()).toEqual([false, true, true, true]);
    bench.hart.fenceVma(0x4012_3456n);
    expect(loads()).toEqual([false, true, false, false]);
  });

  test('address spaces have their own translations and share global ones; fences of a space keep those', () => {
    const other = new PageTable(bench.ram, page(128));
    const spaces = [table.satp(1n), other.satp(2n)];
    table.map(VA, page(3), R | A);
    other.map(VA, page(4), R | A);
    table.map(VA + 0x1000n, page(5), R | A | G);
    const load = (space: number, va: bigint) => {
      bench.hart.writeCsr('satp', spaces[space]!);
      const outcome = translate(va, LOAD);
      return 'result' in outcome ? outcome.result : 'fault';
    };
    expect([load(0, VA), load(1, VA), load(0, VA + 0x1000n)]).toEqual([page(3), page(4), page(5)]);
    expect(load(1, VA + 0x1000n)).toBe(page(5));
    bench.ram.write(table.entryAt(VA), 8, 0n);
    bench.ram.write(other.entryAt(VA), 8, 0n);
    bench.ram.write(table.entryAt(VA + 0x1000n), 8, 0n);
    // Each space has its own place in the TLB for this page.
    expect([load(1, VA), load(0, VA)]).toEqual([page(4), page(3)]);
    bench.hart.fenceVma(undefined, 1n);
    expect([load(1, VA), load(0, VA)]).toEqual([page(4), 'fault']);
    bench.hart.fenceVma(VA, 2n);
    expect(load(1, VA)).toBe('fault');
    bench.hart.fenceVma(VA + 0x1000n, 1n);
    bench.hart.fenceVma(undefined, 1n);
    expect(load(0, VA + 0x1000n)).toBe(page(5));
    bench.hart.fenceVma(VA + 0x1000n);
    expect(load(0, VA + 0x1000n)).toBe('fault');
  });

  test('a fence of an address finds it in every address space, and a page that becomes global takes the place of all', () => {
    const load = (space: bigint, va: bigint) => {
      bench.hart.writeCsr('satp', table.satp(space));
      const outcome = translate(va, LOAD);
      return 'result' in outcome ? outcome.result : 'fault';
    };
    const SPACES = [0n, 1n, 2n, 3n, 4n, 0xffffn];
    const all = (va: bigint) => SPACES.map((space) => load(space, va));
    const inEach = <T>(value: T): readonly T[] => SPACES.map(() => value);
    table.map(VA, page(3), R | A);
    table.map(VA + 0x1000n, page(5), R | A);
    expect(all(VA)).toEqual(inEach(page(3)));
    bench.ram.write(table.entryAt(VA), 8, 0n);
    // Of the four that were there last each still knows the page.
    expect([1n, 2n, 4n].map((space) => load(space, VA))).toEqual([page(3), page(3), page(3)]);
    bench.hart.fenceVma(VA);
    expect(all(VA)).toEqual(inEach('fault'));

    expect(all(VA + 0x1000n)).toEqual(inEach(page(5)));
    table.map(VA + 0x1000n, page(6), R | A | G);
    bench.hart.fenceVma(VA + 0x1000n, 2n);
    expect(load(2n, VA + 0x1000n)).toBe(page(6));
    // Now global: no other space's own entry is left beside it.
    expect(all(VA + 0x1000n)).toEqual(inEach(page(6)));
  });
});
