import { describe, expect, test } from 'vitest';
import type { AccessSize, Device } from '../devices/device.ts';
import { Bus } from './bus.ts';

/** Remembers what was asked; reads its own offset. */
class Probe implements Device {
  readonly name: string;
  readonly seen: string[] = [];
  constructor(name: string) { this.name = name; }
  read(offset: number, size: AccessSize): bigint | undefined {
    this.seen.push(`read ${String(offset)} ${String(size)}`);
    return size === 2 ? undefined : BigInt(offset);
  }
  write(offset: number, size: AccessSize, value: bigint): boolean {
    this.seen.push(`write ${String(offset)} ${String(size)} ${String(value)}`);
    return size !== 2;
  }
  save(): unknown { return undefined; }
  restore(): void { /* nothing to restore */ }
  reset(): void { /* nothing to reset */ }
}

function board() {
  const low = new Probe('low'), high = new Probe('high');
  return { low, high, bus: new Bus([{ base: 0x2000, size: 0x100, device: high }, { base: 0x1000, size: 0x1000, device: low }]) };
}

describe('the bus', () => {
  test('gives an access to the device at the address, as an offset in it', () => {
    const { bus, low, high } = board();
    expect([bus.readDevice(0x1008n, 4), bus.readDevice(0x2008n, 8), bus.writeDevice(0x20ffn, 1, 7n)]).toEqual([8n, 8n, true]);
    expect([low.seen, high.seen]).toEqual([['read 8 4'], ['read 8 8', 'write 255 1 7']]);
  });

  test('refuses where no device is, and where an access runs over the end of one', () => {
    const { bus, low, high } = board();
    for (const [address, size] of [[0xfffn, 1], [0xffcn, 8], [0x2100n, 1], [0x20fcn, 8], [0x1ffcn, 8], [0x1_0000_1000n, 1], [0xffff_ffff_ffff_ffffn, 1]] as const) {
      expect(bus.readDevice(address, size)).toBeUndefined();
      expect(bus.writeDevice(address, size, 0n)).toBe(false);
    }
    expect([...low.seen, ...high.seen]).toEqual([]);
  });

  test('refuses what the device refuses', () => {
    const { bus } = board();
    expect([bus.readDevice(0x1000n, 2), bus.writeDevice(0x1000n, 2, 0n)]).toEqual([undefined, false]);
  });

  test('is not built with two devices at one address', () => {
    const device = new Probe('twice');
    expect(() => new Bus([{ base: 0x1000, size: 0x101, device }, { base: 0x1100, size: 0x10, device }])).toThrow('two devices at one address');
  });
});
