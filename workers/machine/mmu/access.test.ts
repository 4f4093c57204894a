import { beforeEach, describe, expect, test } from 'vitest';
import { A, D, PageTable, R, RWX, W } from '../../../tests/support/page-table.ts';
import { createBench, TARGETS, type Bench } from '../../../tests/support/targets.ts';
import type { DeviceAccess } from '../executor.ts';
import { FAST_TLB, PAGE_MAP, RAM_BASE } from '../memory-layout.ts';

const LOAD = 0, STORE = 1;
const UART = 0x1000_0000n;
const page = (n: number): bigint => RAM_BASE + BigInt(n) * 4096n;
const VA = 0x12_3456_7000n;

/** Eight bytes that answer, and a record of what was asked. */
class Register implements DeviceAccess {
  readonly asked: string[] = [];
  readDevice(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined {
    this.asked.push(`r${String(size)} ${address.toString(16)}`);
    return address >= UART && address < UART + 8n ? 0x5an : undefined;
  }
  writeDevice(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): boolean {
    this.asked.push(`w${String(size)} ${address.toString(16)} ${value.toString(16)}`);
    return address >= UART && address < UART + 8n;
  }
}

describe.each(TARGETS)('loads and stores ($name)', (target) => {
  let bench: Bench;
  let device: Register;
  beforeEach(async () => {
    device = new Register();
    bench = await createBench(target, { devices: device });
  });
  const load = (va: bigint, width: number, kind = LOAD) => bench.attempt('loadSlow', va, width, kind);
  const store = (va: bigint, width: number, value: bigint) => bench.attempt('storeSlow', va, width, value);
  const translated = () => {
    const table = new PageTable(bench.ram, page(64));
    bench.hart.writeCsr('satp', table.satp());
    bench.hart.mode = 'S';
    return table;
  };
  const validEntries = (): number[] => {
    const found: number[] = [];
    for (let n = 0; n < 9 * 256; n++) if (bench.memory.getBigUint64(FAST_TLB + n * 16, true) !== 0xffff_ffff_ffff_ffffn) found.push(n);
    return found;
  };

  test('RAM is little-endian, loads are zero-extended, stores take the low bytes; misaligned ones work', () => {
    expect(store(page(1) + 3n, 8, 0x1122_3344_5566_7788n)).toEqual({ result: undefined });
    expect([1, 2, 4, 8].map((width) => load(page(1) + 3n, width))).toEqual([0x88n, 0x7788n, 0x5566_7788n, 0x1122_3344_5566_7788n].map((result) => ({ result })));
    store(page(1) + 4n, 2, 0xffff_abcdn);
    expect(load(page(1) + 3n, 8)).toEqual({ result: 0x1122_3344_55ab_cd88n });
  });

  test('an access that crosses a page uses both translations', () => {
    const table = translated();
    table.map(VA, page(5), R | W);
    table.map(VA + 0x1000n, page(3), R | W);
    expect(store(VA + 0xffdn, 8, 0x1122_3344_5566_7788n)).toEqual({ result: undefined });
    expect(bench.ram.read(page(5) + 0xffcn, 4)).toBe(0x6677_8800n);
    expect(bench.ram.read(page(3), 8)).toBe(0x11_2233_4455n);
    expect(load(VA + 0xffdn, 8)).toEqual({ result: 0x1122_3344_5566_7788n });
  });

  test('a fault in the second page has that page as trap value, and nothing is stored', () => {
    const table = translated();
    table.map(VA, page(5), R | W);
    expect(store(VA + 0xffdn, 4, 0xffff_ffffn)).toEqual({ cause: 15, tval: VA + 0x1000n });
    expect(load(VA + 0xfffn, 2)).toEqual({ cause: 13, tval: VA + 0x1000n });
    expect(bench.ram.read(page(5) + 0xff8n, 8)).toBe(0n);
  });

  test('past the end of RAM nothing answers: an access fault with the virtual address', () => {
    const end = RAM_BASE + BigInt(bench.ram.size);
    expect(load(end - 8n, 8)).toEqual({ result: 0n });
    expect(load(end, 1)).toEqual({ cause: 5, tval: end });
    expect(store(end - 1n, 2, 0n)).toEqual({ cause: 7, tval: end });
    expect(load(RAM_BASE - 1n, 2)).toEqual({ cause: 5, tval: RAM_BASE - 1n });
    expect(load(0xffff_ffff_ffff_ffffn, 2)).toEqual({ cause: 5, tval: 0xffff_ffff_ffff_ffffn });
    expect(bench.attempt('fetchAddress', UART)).toEqual({ cause: 1, tval: UART });
  });

  test('a device gets aligned accesses by physical address; others, and absent devices, are access faults', () => {
    const table = translated();
    table.map(VA, UART, R | W);
    table.map(VA + 0x2000n, 0x2000_0000n, R | W);
    expect(load(VA + 1n, 1)).toEqual({ result: 0x5an });
    expect(store(VA + 4n, 4, 7n)).toEqual({ result: undefined });
    expect(load(VA + 1n, 2)).toEqual({ cause: 5, tval: VA + 1n });
    expect(load(VA + 0x2008n, 8)).toEqual({ cause: 5, tval: VA + 0x2008n });
    expect(store(VA + 0x2000n, 1, 1n)).toEqual({ cause: 7, tval: VA + 0x2000n });
    expect(load(VA, 1)).toEqual({ result: 0x5an });
    expect(device.asked).toEqual(['r1 10000001', 'w4 10000004 7', 'r8 20000008', 'w1 20000000 1', 'r1 10000000']);
  });

  test('atomics need what a store needs, and alignment', () => {
    const table = translated();
    table.map(VA, page(5), R);
    expect(load(VA, 8, STORE)).toEqual({ cause: 15, tval: VA });
    expect(load(VA + 4n, 8, STORE)).toEqual({ cause: 6, tval: VA + 4n });
  });

  test('a store-conditional succeeds once, at the place that was reserved, by physical address', () => {
    const table = translated();
    table.map(VA, page(5), R | W);
    table.map(VA + 0x1000n, page(5), R | W);
    const attempt = (va: bigint) => bench.attempt('tryReservation', va, 8n);
    bench.executor.call('reserve', VA + 8n, 8n);
    expect(attempt(VA + 0x1008n)).toEqual({ result: 1 });
    expect(attempt(VA + 8n)).toEqual({ result: 0 });
    bench.executor.call('reserve', VA + 8n, 8n);
    expect(attempt(VA)).toEqual({ result: 0 });
    expect(attempt(VA + 8n)).toEqual({ result: 0 });
    expect(attempt(VA + 4n)).toEqual({ cause: 6, tval: VA + 4n });
  });

  test('the fast TLB gets the page of an access to RAM for that kind only, and no device', () => {
    bench.executor.call('flushFastTlb');
    load(UART, 1);
    expect(validEntries()).toEqual([]);
    load(page(9) + 0x18n, 8);
    const entry = 2 * 768 + (0x8_0009 & 0xff);
    expect(validEntries()).toEqual([entry]);
    expect(bench.memory.getBigUint64(FAST_TLB + entry * 16, true)).toBe(page(9));
    const host = (bench.memory.getUint32(FAST_TLB + entry * 16 + 8, true) + Number(page(9) & 0xffff_ffffn)) >>> 0;
    expect(host).toBe(Number(bench.hart.state('ramOffset')) + 9 * 4096);
  });

  test('the fast TLB gets no stores to a page with decoded code', () => {
    bench.executor.call('flushFastTlb');
    bench.memory.setUint32(PAGE_MAP + 9 * 4, 1, true);
    store(page(9), 8, 1n);
    expect(validEntries()).toEqual([]);
    bench.memory.setUint32(PAGE_MAP + 9 * 4, 0, true);
    store(page(9), 8, 2n);
    // What may be stored to may be loaded from.
    expect(validEntries()).toEqual([2 * 768 + 9, 2 * 768 + 256 + 9]);
    expect(bench.ram.read(page(9), 8)).toBe(2n);
  });

  test('the fast TLB forgets what the architectural TLB forgets, and what status bits decide', () => {
    const table = translated();
    const fill = () => {
      load(VA, 1);
      store(VA + 0x1000n, 1, 0n);
      return validEntries().length;
    };
    table.map(VA, page(5), RWX | A | D);
    table.map(VA + 0x1000n, page(6), RWX | A | D);
    table.map(VA + 0x2000n, page(8), RWX | A | D);
    bench.hart.fenceVma();
    expect(fill()).toBe(3);
    bench.hart.fenceVma(VA);
    expect(validEntries()).toHaveLength(2);
    expect(fill()).toBe(3);
    // Another page takes the place of VA in the architectural TLB.
    table.map(VA + 0x20_0000n, page(7), R);
    load(VA + 0x20_0000n, 1);
    expect(validEntries()).toHaveLength(3);
    // With SUM more is allowed than before, so nothing goes; without it again, what came to be known meanwhile goes, and nothing else.
    bench.hart.writeCsr('sstatus', 1n << 18n);
    expect(validEntries()).toHaveLength(3);
    load(VA + 0x2000n, 1);
    expect(validEntries()).toHaveLength(4);
    bench.hart.writeCsr('sstatus', 0n);
    expect(validEntries()).toHaveLength(3);
    fill();
    bench.hart.writeCsr('satp', bench.hart.readCsr('satp'));
    expect(validEntries()).toEqual([]);
  });
});
