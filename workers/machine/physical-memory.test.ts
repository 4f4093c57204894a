import { beforeEach, describe, expect, test } from 'vitest';
import { layoutMemory, RAM_BASE } from './memory-layout.ts';
import { Ram } from './physical-memory.ts';

const RAM_BYTES = 64 * 1024;

describe('RAM on the bus', () => {
  const layout = layoutMemory(RAM_BYTES, 1);
  let ram: Ram;
  let view: DataView;
  let told: [offset: number, length: number][];
  beforeEach(() => {
    const pages = layout.totalBytes / 65536;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    view = new DataView(memory.buffer);
    told = [];
    ram = new Ram(memory, layout, { codeChanged: (offset, length) => { told.push([offset, length]); } });
  });

  test('is little-endian and zero-extended, at any alignment', () => {
    ram.write(RAM_BASE + 5n, 8, 0x8877_6655_4433_2211n);
    expect(([1, 2, 4, 8] as const).map((size) => ram.read(RAM_BASE + 5n, size))).toEqual([0x11n, 0x2211n, 0x4433_2211n, 0x8877_6655_4433_2211n]);
    ram.write(RAM_BASE + 6n, 1, 0xfffn);
    expect(ram.read(RAM_BASE + 5n, 2)).toBe(0xff11n);
    expect([...ram.bytes(RAM_BASE + 5n, 3)]).toEqual([0x11, 0xff, 0x33]);
    expect(view.getUint8(layout.ram + 5)).toBe(0x11);
  });

  test('knows where it begins and ends', () => {
    const end = RAM_BASE + BigInt(RAM_BYTES);
    expect([ram.contains(RAM_BASE, 1), ram.contains(RAM_BASE - 1n, 1), ram.contains(end - 8n, 8), ram.contains(end - 7n, 8), ram.contains(1n << 63n, 1)])
      .toEqual([true, false, true, false, false]);
    expect(() => ram.read(end - 7n, 8)).toThrow('8 bytes at 0x8000fff9 are not RAM');
  });

  test('tells the engine of writes to pages with decoded code, and of no others', () => {
    view.setUint32(layout.pageMap + 4, 1, true);
    ram.write(RAM_BASE, 8, 1n);
    ram.copyIn(RAM_BASE + 0x2000n, new Uint8Array(0x100));
    ram.copyIn(RAM_BASE + 0x2000n, new Uint8Array(0));
    expect(told).toEqual([]);
    ram.write(RAM_BASE + 0x1ffcn, 4, 1n);
    ram.write(RAM_BASE + 0xffcn, 8, 1n);
    ram.copyIn(RAM_BASE, new Uint8Array(0x3000));
    expect(told).toEqual([[0x1ffc, 4], [0xffc, 8], [0, 0x3000]]);
  });
});
