import { describe, expect, test } from 'vitest';
import { A, D, G, PageTable, R, U, W, X } from '../../../tests/support/page-table.ts';
import { createBench, TARGETS, type Bench, type Target } from '../../../tests/support/targets.ts';
import type { Mode } from '../../trace/events.ts';
import { ARCHITECTURAL_TLB, FAST_TLB, PAGE_MAP, RAM_BASE } from '../memory-layout.ts';

const LOAD = 0, STORE = 1;
const page = (n: number): bigint => RAM_BASE + BigInt(n) * 4096n;
const FLAGS = [0n, R, R | W, R | W, R | W | D, R | W | G, R | X | U, R | W | U, X, W];
/** Few addresses, some of which share a place in the TLBs. */
const ADDRESSES = [0x4000_0000n, 0x4000_1000n, 0x4020_0000n, 0x4020_1000n, 0x6000_0000n, 0x3f_c000_0000n, page(3), page(4)];
const BANK: Readonly<Record<Mode, number>> = { U: 0, S: 1, M: 2, VU: 3, VS: 4 };

/** xorshift32: the same sequence on every machine. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

class Subject {
  readonly bench: Bench;
  readonly tables: readonly PageTable[];
  readonly #usesFastTlb: boolean;

  constructor(bench: Bench, usesFastTlb: boolean) {
    this.bench = bench;
    this.#usesFastTlb = usesFastTlb;
    this.tables = [new PageTable(bench.ram, page(64)), new PageTable(bench.ram, page(128))];
    for (let n = 0; n < 16; n++) bench.ram.write(page(n), 8, BigInt(n));
  }

  /** An access of 8 bytes, as an engine makes it: by the fast TLB when it knows the page. */
  access(va: bigint, kind: number, value: bigint): unknown {
    const { bench } = this;
    if (this.#usesFastTlb) {
      const entry = FAST_TLB + (BANK[bench.hart.mode] * 3 + kind) * 4096 + (Number((va >> 12n) & 255n)) * 16;
      if (bench.memory.getBigUint64(entry, true) === (va & ~0xfffn)) {
        const host = (bench.memory.getUint32(entry + 8, true) + Number(va & 0xffff_ffffn)) >>> 0;
        if (kind === LOAD) return { result: bench.memory.getBigUint64(host, true) };
        bench.memory.setBigUint64(host, value, true);
        return { result: undefined };
      }
    } else {
      bench.executor.call('flushFastTlb');
    }
    return kind === LOAD ? bench.attempt('loadSlow', va, 8, LOAD) : bench.attempt('storeSlow', va, 8, value);
  }

  get state(): Buffer {
    const { buffer } = this.bench.memory;
    const ram = Number(this.bench.hart.state('ramOffset'));
    return Buffer.concat([Buffer.from(buffer, ARCHITECTURAL_TLB, PAGE_MAP - ARCHITECTURAL_TLB), Buffer.from(buffer, ram, this.bench.ram.size)]);
  }
}

/** One random thing that software may do, done to both; gives what can be seen of it. */
function action(next: (below: number) => number): (subject: Subject) => unknown {
  const pick = <T>(list: readonly T[]): T => list[next(list.length)]!;
  const va = pick(ADDRESSES);
  const [space, level, flags, target, value] = [next(2), next(32) === 0 ? 1 : 0, pick(FLAGS), next(16), BigInt(next(1 << 30))];
  const mode = pick(['U', 'S', 'S', 'M'] as const);
  const status = BigInt(next(16));
  const choice = next(60);
  if (choice < 34) return (subject) => subject.access(va + value % 512n * 8n, choice < 17 ? LOAD : STORE, value);
  if (choice < 54) return ({ tables }) => { tables[space]!.map(va, level === 1 ? 0x8000_0000n : page(target), flags | A, level); };
  switch (choice) {
    case 54: return ({ bench, tables }) => { bench.hart.writeCsr('satp', tables[space]!.satp(BigInt(space))); };
    case 55: return ({ bench }) => bench.attempt('fenceVma', 1n, va, 0n, 0n, 0n);
    case 56: return ({ bench }) => bench.attempt('fenceVma', target < 8 ? 0n : 1n, va, 1n, BigInt(space), 0n);
    case 57: return ({ bench }) => target < 4 && bench.attempt('fenceVma', 0n, 0n, 0n, 0n, 0n);
    case 58: return ({ bench }) => { bench.hart.mode = mode; };
    // SUM, MXR, MPRV and one bit of MPP.
    default: return ({ bench }) => { bench.hart.writeCsr('mstatus', ((status & 7n) << 17n) | ((status >> 3n) << 11n)); };
  }
}

async function subjects(target: Target): Promise<readonly [Subject, Subject]> {
  return [new Subject(await createBench(target), true), new Subject(await createBench(target), false)];
}

describe.each(TARGETS)('fast TLB ($name)', (target) => {
  test.each([1, 2, 3, 4])('an engine that uses it sees and leaves exactly what one without sees and leaves (seed %d)', async (seed) => {
    const [fast, slow] = await subjects(target);
    const next = random(seed);
    let good = 0;
    for (let step = 0; step < 3000; step++) {
      const act = action(next);
      const [seen, expected] = [act(fast), act(slow)];
      if (typeof expected === 'object' && expected && 'result' in expected) good++;
      expect(seen, `seed ${String(seed)}, step ${String(step)}`).toEqual(expected);
    }
    expect(good).toBeGreaterThan(300);
    expect(fast.state.equals(slow.state)).toBe(true);
  });
});
