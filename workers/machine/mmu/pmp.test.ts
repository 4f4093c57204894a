import { beforeEach, describe, expect, test } from 'vitest';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../memory-layout.ts';

const R = 1n, W = 2n, X = 4n, TOR = 8n, NA4 = 16n, NAPOT = 24n, LOCK = 128n;
const PAGE = RAM_BASE + 0x3000n;
const EVERYWHERE = (1n << 54n) - 1n;
/** The address register of a NAPOT region. */
const napot = (base: bigint, bytes: bigint): bigint => (base | (bytes / 2n - 1n)) >> 2n;

describe.each(TARGETS)('physical memory protection ($name)', (target) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench(target);
    bench.hart.writeCsr('pmpcfg0', 0n);
  });
  /** Regions from 0 on: configuration and address register. */
  const regions = (...list: (readonly [config: bigint, address: bigint])[]): void => {
    for (const [n, [, address]] of list.entries()) bench.hart.writeCsr(`pmpaddr${String(n)}`, address);
    bench.hart.writeCsr('pmpcfg0', list.reduce((all, [config], n) => all | (config << BigInt(8 * n)), 0n));
  };
  const outcome = (procedure: string, ...args: (bigint | number)[]): string => {
    const result = bench.attempt(procedure, ...args);
    return 'cause' in result ? String(result.cause) : 'done';
  };
  /** Causes of a load, a store and a fetch at an address, or `done`. */
  const tried = (mode: 'U' | 'S' | 'M', address: bigint, width = 4): string[] => {
    bench.hart.mode = mode;
    const all = [outcome('loadSlow', address, width, 0), outcome('storeSlow', address, width, 0n), outcome('fetchAddress', address)];
    bench.hart.mode = 'M';
    return all;
  };
  const ALL = ['done', 'done', 'done'];
  const NONE = ['5', '7', '1'];

  test('without a region M may do everything, S and U nothing', () => {
    expect(tried('M', PAGE)).toEqual(ALL);
    expect(tried('S', PAGE)).toEqual(NONE);
    expect(tried('U', PAGE)).toEqual(NONE);
  });

  test('each permission is its own bit, for S and U alike; M is not bound', () => {
    regions([NAPOT | R, EVERYWHERE]);
    expect(tried('S', PAGE)).toEqual(['done', '7', '1']);
    regions([NAPOT | R | W, EVERYWHERE]);
    expect(tried('U', PAGE)).toEqual(['done', 'done', '1']);
    regions([NAPOT | X, EVERYWHERE]);
    expect(tried('U', PAGE)).toEqual(['5', '7', 'done']);
    expect(tried('M', PAGE)).toEqual(ALL);
  });

  test('a locked region binds M, and cannot be changed', () => {
    regions([NAPOT | LOCK | R, napot(PAGE, 4096n)]);
    expect(tried('M', PAGE)).toEqual(['done', '7', '1']);
    bench.hart.writeCsr('pmpcfg0', 0n);
    bench.hart.writeCsr('pmpaddr0', 0n);
    expect([bench.hart.readCsr('pmpcfg0'), bench.hart.readCsr('pmpaddr0')]).toEqual([NAPOT | LOCK | R, napot(PAGE, 4096n)]);
    expect(tried('M', PAGE + 0x1000n)).toEqual(ALL);
  });

  test('the address below a locked TOR region is locked, too', () => {
    regions([0n, PAGE >> 2n], [TOR | LOCK, (PAGE + 0x1000n) >> 2n]);
    bench.hart.writeCsr('pmpaddr0', 0n);
    expect(bench.hart.readCsr('pmpaddr0')).toBe(PAGE >> 2n);
  });

  test('the lowest-numbered region that holds a byte of the access decides', () => {
    regions([NAPOT, napot(PAGE, 4096n)], [NAPOT | R | W | X, EVERYWHERE]);
    expect(tried('S', PAGE)).toEqual(NONE);
    expect(tried('S', PAGE - 0x1000n)).toEqual(ALL);
    expect(tried('S', PAGE + 0x1000n)).toEqual(ALL);
  });

  test('TOR reaches from the address before to its own; an empty one matches nothing', () => {
    regions([0n, PAGE >> 2n], [TOR | R, (PAGE + 0x20n) >> 2n], [TOR | W | R, PAGE >> 2n]);
    expect(tried('S', PAGE - 4n)).toEqual(NONE);
    expect(tried('S', PAGE)).toEqual(['done', '7', '1']);
    expect(tried('S', PAGE + 0x1cn)).toEqual(['done', '7', '1']);
    expect(tried('S', PAGE + 0x20n)).toEqual(NONE);
  });

  test('NA4 is four bytes; an access that it holds only in part fails, in M as well', () => {
    regions([NA4 | R | W | X, PAGE >> 2n]);
    expect(tried('S', PAGE)).toEqual(ALL);
    expect(tried('S', PAGE + 4n)).toEqual(NONE);
    expect(tried('S', PAGE, 8).slice(0, 2)).toEqual(['5', '7']);
    expect(tried('M', PAGE, 8).slice(0, 2)).toEqual(['5', '7']);
    // In the middle of an access that all of memory is open for.
    regions([NA4 | R | W | X, (PAGE + 0x10n) >> 2n], [NAPOT | R | W | X, EVERYWHERE]);
    expect([tried('S', PAGE + 0xen, 8), tried('S', PAGE + 0x18n, 8)].map((causes) => causes.slice(0, 2))).toEqual([['5', '7'], ['done', 'done']]);
  });

  test('an access across pages is checked on both sides, and the fault names the side', () => {
    regions([NAPOT | R | W, napot(PAGE, 4096n)]);
    bench.hart.mode = 'S';
    expect(bench.attempt('loadSlow', PAGE + 0xffcn, 8, 0)).toEqual({ cause: 5, tval: PAGE + 0x1000n });
    expect(bench.attempt('loadSlow', PAGE - 4n, 8, 0)).toEqual({ cause: 5, tval: PAGE - 4n });
  });

  test('page tables are read, and A is written, with the rights of S', () => {
    const root = RAM_BASE + 0x8000n;
    bench.ram.write(root + 16n, 8, (((RAM_BASE >> 12n) << 10n) | 0xfn));
    bench.hart.writeCsr('satp', (8n << 60n) | (root >> 12n));
    const attempt = (): unknown => { bench.hart.mode = 'S'; const result = bench.attempt('translate', PAGE, 0); bench.hart.mode = 'M'; return result; };
    regions([NAPOT, napot(root, 4096n)], [NAPOT | R | W | X, EVERYWHERE]);
    expect(attempt()).toEqual({ cause: 5, tval: PAGE });
    regions([NAPOT | R, napot(root, 4096n)], [NAPOT | R | W | X, EVERYWHERE]);
    expect(attempt(), 'A must be written').toEqual({ cause: 5, tval: PAGE });
    regions([NAPOT | R | W, napot(root, 4096n)], [NAPOT | R | W | X, EVERYWHERE]);
    expect(attempt()).toEqual({ result: PAGE });
  });

  test('R = 0 with W = 1 is reserved: such a byte stays as it was', () => {
    regions([NAPOT | R, EVERYWHERE]);
    bench.hart.writeCsr('pmpcfg0', NAPOT | W);
    expect(bench.hart.readCsr('pmpcfg0')).toBe(NAPOT | R);
  });

  test('code that PMP divides inside a page is checked instruction by instruction', () => {
    // Three instructions of S mode: the region ends before the third.
    bench.ram.write(PAGE, 4, 0x0010_0293n); // li t0, 1
    bench.ram.write(PAGE + 4n, 4, 0x0020_0293n); // li t0, 2
    bench.ram.write(PAGE + 8n, 4, 0x0030_0293n); // li t0, 3
    bench.hart.writeCsr('mtvec', RAM_BASE);
    regions([NAPOT | R | X, napot(PAGE, 8n)]);
    bench.hart.pc = PAGE;
    bench.hart.mode = 'S';
    bench.executor.run(3);
    expect([bench.hart.x(5), bench.hart.mode, bench.hart.readCsr('mcause'), bench.hart.readCsr('mepc')]).toEqual([2n, 'M', 1n, PAGE + 8n]);
  });

  test('code in M is checked so, too, where regions are locked after it has run', () => {
    // Two rounds: the first runs both instructions and then locks a region without X over the second.
    const words = [
      0x0010_0293, // li t0, 1
      0x0012_8293, // addi t0, t0, 1
      0x3a03_1073, // csrw pmpcfg0, t1
      0xff5f_f06f, // j -12
    ];
    for (const [n, word] of words.entries()) bench.ram.write(PAGE + BigInt(4 * n), 4, BigInt(word >>> 0));
    bench.hart.writeCsr('mtvec', RAM_BASE);
    bench.hart.writeCsr('pmpaddr0', (PAGE + 4n) >> 2n);
    bench.hart.setX(6, NA4 | LOCK | R | W);
    bench.hart.pc = PAGE;
    bench.hart.mode = 'M';
    bench.executor.run(6);
    expect([bench.hart.x(5), bench.hart.readCsr('mcause'), bench.hart.readCsr('mepc')]).toEqual([1n, 1n, PAGE + 4n]);
  });
});
