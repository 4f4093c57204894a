/** A disk behind its registers, driven as a driver would: by memory and register accesses only. */
import { beforeEach, describe, expect, test } from 'vitest';
import { REFERENCE, createBench, type Bench } from '../../../../tests/support/targets.ts';
import { RAM_BASE } from '../../memory-layout.ts';
import { Disk } from './block.ts';
import { VirtioMmio } from './transport.ts';

const DESCRIPTORS = RAM_BASE + 0x1000n, DRIVER = RAM_BASE + 0x2000n, DEVICE = RAM_BASE + 0x3000n, HEADER = RAM_BASE + 0x4000n, DATA = RAM_BASE + 0x5000n, STATUS_BYTE = RAM_BASE + 0x6000n;
const NEXT = 1, WRITE = 2, INDIRECT = 4;
const READ = 0, WRITE_SECTORS = 1, FLUSH = 4, IDENTIFY = 8;
const IMAGE = Uint8Array.from({ length: 16 * 512 }, (_, n) => (n >> 9) + 1);
const SIZE = 8;

describe('a virtio disk', () => {
  let bench: Bench;
  let slot: VirtioMmio;
  let line = false;
  let posted = 0;
  beforeEach(async () => {
    bench = await createBench(REFERENCE);
    line = false;
    posted = 0;
    slot = new VirtioMmio({ set: (high) => { line = high; } }, bench.ram, new Disk(IMAGE));
  });
  const write = (offset: number, value: number | bigint): void => { expect(slot.write(offset, 4, BigInt(value))).toBe(true); };
  const read = (offset: number): number => Number(slot.read(offset, 4));
  const start = (size = SIZE): void => {
    write(0x70, 0);
    write(0x70, 11);
    write(0x30, 0);
    write(0x38, size);
    for (const [low, address] of [[0x80, DESCRIPTORS], [0x90, DRIVER], [0xa0, DEVICE]] as const) {
      write(low, address & 0xffff_ffffn);
      write(low + 4, address >> 32n);
    }
    write(0x44, 1);
    write(0x70, 15);
  };
  const descriptor = (index: number, address: bigint, length: number, flags: number, next = 0, table = DESCRIPTORS): void => {
    const at = table + BigInt(index * 16);
    bench.ram.write(at, 8, address);
    bench.ram.write(at + 8n, 4, BigInt(length));
    bench.ram.write(at + 12n, 2, BigInt(flags));
    bench.ram.write(at + 14n, 2, BigInt(next));
  };
  const post = (head: number): void => {
    bench.ram.write(DRIVER + 4n + BigInt((posted % SIZE) * 2), 2, BigInt(head));
    posted += 1;
    bench.ram.write(DRIVER + 2n, 2, BigInt(posted));
    write(0x50, 0);
  };
  /** A request of three descriptors; its status byte. */
  const request = (type: number, sector: bigint, length: number, deviceWrites: boolean): number => {
    bench.ram.write(HEADER, 8, BigInt(type));
    bench.ram.write(HEADER + 8n, 8, sector);
    bench.ram.write(STATUS_BYTE, 1, 0xffn);
    descriptor(0, HEADER, 16, NEXT, 1);
    descriptor(1, DATA, length, NEXT | (deviceWrites ? WRITE : 0), 2);
    descriptor(2, STATUS_BYTE, 1, WRITE);
    post(0);
    return Number(bench.ram.read(STATUS_BYTE, 1));
  };

  test('says what it is, how large, and what it can do', () => {
    expect([0x00, 0x04, 0x08, 0x34].map(read)).toEqual([0x7472_6976, 2, 2, 256]);
    expect(slot.read(0x100, 8)).toBe(16n);
    write(0x14, 1);
    expect(read(0x10) & 1, 'VERSION_1').toBe(1);
    expect(read(0xfc)).toBe(0);
  });

  test('an empty slot has device number 0, and takes writes without effect', () => {
    const empty = new VirtioMmio({ set: () => undefined }, bench.ram);
    expect([0x00, 0x04, 0x08].map((offset) => Number(empty.read(offset, 4)))).toEqual([0x7472_6976, 2, 0]);
    expect(empty.write(0x50, 4, 0n)).toBe(true);
    expect(empty.read(0x01, 1), 'registers have 4 bytes').toBeUndefined();
  });

  test('reads sectors, tells how much it wrote, and raises its line until it is acknowledged', () => {
    start();
    expect(request(READ, 3n, 1024, true)).toBe(0);
    expect([bench.ram.read(DATA, 1), bench.ram.read(DATA + 512n, 1)]).toEqual([4n, 5n]);
    expect([bench.ram.read(DEVICE + 2n, 2), bench.ram.read(DEVICE + 4n, 4), bench.ram.read(DEVICE + 8n, 4)]).toEqual([1n, 0n, 1025n]);
    expect([line, read(0x60)]).toEqual([true, 1]);
    write(0x64, 1);
    expect([line, read(0x60)]).toEqual([false, 0]);
  });

  test('what is written is read back, and the image stays as it was', () => {
    start();
    bench.ram.copyIn(DATA, new Uint8Array(512).fill(0xab));
    expect(request(WRITE_SECTORS, 7n, 512, false)).toBe(0);
    bench.ram.copyIn(DATA, new Uint8Array(512));
    expect(request(READ, 7n, 512, true)).toBe(0);
    expect(bench.ram.read(DATA + 511n, 1)).toBe(0xabn);
    expect(IMAGE[7 * 512]).toBe(8);
    expect(request(FLUSH, 0n, 0, false)).toBe(0);
  });

  test('refuses what lies beyond the disk, half sectors, and requests that it does not know', () => {
    start();
    expect(request(READ, 15n, 1024, true)).toBe(1);
    expect(request(READ, (1n << 63n) + 1n, 512, true)).toBe(1);
    expect(request(WRITE_SECTORS, 0n, 100, false)).toBe(1);
    expect(request(99, 0n, 512, true)).toBe(2);
    expect(request(IDENTIFY, 0n, 20, true)).toBe(0);
    expect(new TextDecoder().decode(bench.ram.bytes(DATA, 12))).toBe('hypervisible');
  });

  test('a chain may stand in a table of its own', () => {
    start();
    const table = RAM_BASE + 0x7000n;
    bench.ram.write(HEADER, 8, 0n);
    bench.ram.write(HEADER + 8n, 8, 2n);
    descriptor(0, HEADER, 16, NEXT, 1, table);
    descriptor(1, DATA, 512, NEXT | WRITE, 2, table);
    descriptor(2, STATUS_BYTE, 1, WRITE, 0, table);
    descriptor(0, table, 48, INDIRECT);
    post(0);
    expect(bench.ram.read(DATA, 1)).toBe(3n);
  });

  test('a driver that wants no interrupt gets none', () => {
    start();
    bench.ram.write(DRIVER, 2, 1n);
    request(READ, 0n, 512, true);
    expect(line).toBe(false);
  });

  test.each<[string, (set: typeof descriptor) => void]>([
    ['a buffer outside memory', (set) => { set(0, 0x1000n, 16, 0); }],
    ['a buffer that wraps round', (set) => { set(0, (1n << 64n) - 8n, 64, 0); }],
    ['a chain that goes in a circle', (set) => { set(0, HEADER, 16, NEXT, 1); set(1, HEADER, 16, NEXT, 0); }],
    ['a next descriptor that is not there', (set) => { set(0, HEADER, 16, NEXT, 4000); }],
    ['a buffer to read after one to write', (set) => { set(0, DATA, 16, WRITE | NEXT, 1); set(1, HEADER, 16, 0); }],
    ['an indirect table outside memory', (set) => { set(0, 0x10n, 32, INDIRECT); }],
    ['an indirect table in an indirect table', (set) => { set(0, DATA, 16, INDIRECT); set(0, DATA, 16, INDIRECT, 0, DATA); }],
    ['a huge length', (set) => { set(0, HEADER, 0xffff_ffff, 0); }],
  ])('%s breaks the queue: the device asks for a reset, and works after it', (_, prepare) => {
    start();
    prepare(descriptor);
    post(0);
    expect([read(0x70) & 64, read(0x60), line]).toEqual([64, 2, true]);
    posted = 0;
    bench.ram.write(DRIVER + 2n, 2, 0n);
    bench.ram.write(DEVICE + 2n, 2, 0n);
    start();
    expect(request(READ, 0n, 512, true)).toBe(0);
  });

  test.each([0, 3, 512, 65536])('a queue of %d is broken', (size) => {
    start(size);
    post(0);
    expect(read(0x70) & 64).toBe(64);
  });

  test('a queue that is not ready, or without DRIVER_OK, is not served; neither is one that does not exist', () => {
    start();
    write(0x44, 0);
    expect(request(READ, 0n, 512, true)).toBe(0xff);
    write(0x44, 1);
    write(0x70, 11);
    write(0x50, 0);
    write(0x50, 7);
    expect(bench.ram.read(STATUS_BYTE, 1)).toBe(0xffn);
  });

  test('is the same after save and restore: what was written later is gone, what was written before is there', () => {
    start();
    bench.ram.copyIn(DATA, new Uint8Array(512).fill(1));
    request(WRITE_SECTORS, 0n, 512, false);
    const saved = slot.save();
    bench.ram.copyIn(DATA, new Uint8Array(512).fill(2));
    request(WRITE_SECTORS, 0n, 512, false);
    const [taken, used] = [posted - 1, bench.ram.read(DEVICE + 2n, 2) - 1n];
    slot.restore(saved);
    posted = taken;
    bench.ram.write(DRIVER + 2n, 2, BigInt(posted));
    bench.ram.write(DEVICE + 2n, 2, used);
    expect(request(READ, 0n, 512, true)).toBe(0);
    expect(bench.ram.read(DATA, 1)).toBe(1n);
  });
});
