/** The IOMMU and the slices behind it, by their registers and by what they do to memory. */
import { beforeEach, describe, expect, test } from 'vitest';
import { createBench, REFERENCE, type Bench } from '../../../tests/support/targets.ts';
import { RAM_BASE } from '../memory-layout.ts';
import { Iommu, IOMMU_REGISTER, type Transfer } from './iommu.ts';
import { Slice, SLICE_IDENTITY, SLICE_REGISTER } from './sliced-dma.ts';

const SV39 = 8n << 60n;
const ROOT = RAM_BASE + 0x1_0000n;
const MIDDLE = RAM_BASE + 0x1_1000n;
const LAST = RAM_BASE + 0x1_2000n;
const PAGE = RAM_BASE + 0x1_3000n;
const READ_WRITE = 0xd7n;

let bench: Bench;
let iommu: Iommu;
let slice: Slice;
let printed = '';
let line = false;
let reached: Transfer[] = [];

const entry = (page: bigint, flags: bigint): bigint => ((page >> 12n) << 10n) | flags;
const set = (register: number, value: bigint): boolean => iommu.write(register, 8, value);
const map = (flags: bigint): void => {
  bench.ram.write(ROOT, 8, entry(MIDDLE, 1n));
  bench.ram.write(MIDDLE, 8, entry(LAST, 1n));
  bench.ram.write(LAST + 8n, 8, entry(PAGE, flags));
  set(IOMMU_REGISTER.tables + 8, SV39 | (ROOT >> 12n));
  set(IOMMU_REGISTER.control, 1n);
};
const ask = (request: number, source: bigint, length: number, destination = 0n): bigint => {
  slice.write(SLICE_REGISTER.source, 8, source);
  slice.write(SLICE_REGISTER.destination, 8, destination);
  slice.write(SLICE_REGISTER.length, 8, BigInt(length));
  slice.write(SLICE_REGISTER.doorbell, 4, BigInt(request));
  return slice.read(SLICE_REGISTER.status, 8)!;
};

beforeEach(async () => {
  bench = await createBench(REFERENCE);
  iommu = new Iommu(bench.ram, 4);
  [printed, line, reached] = ['', false, []];
  iommu.watch = (transfer) => reached.push(transfer);
  slice = new Slice({ set: (high) => { line = high; } }, iommu.port(1), (byte) => { printed += String.fromCharCode(byte); });
  bench.ram.copyIn(PAGE, new TextEncoder().encode('hello'));
});

describe('a slice behind an IOMMU', () => {
  test('that is off reaches memory where it says, and what is no memory it is refused', () => {
    expect(ask(1, PAGE, 5)).toBe(1n);
    expect(printed).toBe('hello');
    expect(reached).toEqual([{ device: 1, access: 'read', address: PAGE, length: 5 }]);
    expect(ask(1, 0x1000n, 5)).toBe(2n);
    expect([iommu.read(IOMMU_REGISTER.faultDevice, 8), iommu.read(IOMMU_REGISTER.faultAddress, 8)]).toEqual([2n, 0x1000n]);
  });

  test('that is on reaches what its own table has, page by page, and all or nothing', () => {
    map(READ_WRITE);
    expect(ask(1, 0x1000n, 5)).toBe(1n);
    expect(printed).toBe('hello');
    expect(ask(2, 0x1ffcn, 8, 0x1000n), 'its second half is not mapped').toBe(2n);
    expect(iommu.read(IOMMU_REGISTER.faultAddress, 8)).toBe(0x2000n);
    expect(ask(2, 0x1000n, 5, 0x1100n)).toBe(1n);
    expect(new TextDecoder().decode(bench.ram.bytes(PAGE + 0x100n, 5))).toBe('hello');
    // Another device's table is not its own.
    set(IOMMU_REGISTER.tables + 8, 0n);
    set(IOMMU_REGISTER.tables, SV39 | (ROOT >> 12n));
    expect(ask(1, 0x1000n, 5)).toBe(2n);
  });

  test.each([
    ['not valid', 0xd6n], ['not readable', 0xd1n], ['not for users', 0xc7n], ['not accessed', 0x97n], ['a bit that is reserved', READ_WRITE | (1n << 54n)],
  ])('is refused by an entry that is %s', (_, flags) => {
    map(flags);
    expect(ask(1, 0x1000n, 5)).toBe(2n);
    expect(printed).toBe('');
  });

  test.each([['not writable', 0xd3n], ['not dirty', 0x57n]])('may read and not write where the entry is %s', (_, flags) => {
    map(flags);
    expect([ask(1, 0x1000n, 5), ask(2, 0x1000n, 5, 0x1100n)]).toEqual([1n, 2n]);
  });

  test('rings while its status is not taken, and counts what it has moved', () => {
    slice.write(SLICE_REGISTER.interrupt, 8, 1n);
    ask(1, PAGE, 5);
    expect([line, slice.moved]).toEqual([true, 5]);
    slice.write(SLICE_REGISTER.status, 8, 0n);
    expect([line, slice.read(SLICE_REGISTER.status, 8)]).toEqual([false, 0n]);
  });

  test('its registers may be reached by halves, and by nothing smaller', () => {
    expect(slice.read(SLICE_REGISTER.identity, 8)).toBe(SLICE_IDENTITY);
    slice.write(SLICE_REGISTER.source, 4, 0x1111_2222n);
    slice.write(SLICE_REGISTER.source + 4, 4, 0x3333_4444n);
    expect([slice.read(SLICE_REGISTER.source, 8), slice.read(SLICE_REGISTER.source + 4, 4)]).toEqual([0x3333_4444_1111_2222n, 0x3333_4444n]);
    expect([slice.read(0, 1), slice.read(0, 2), slice.read(4, 8), slice.write(8, 2, 1n)]).toEqual([undefined, undefined, undefined, false]);
  });
});
