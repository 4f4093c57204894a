/** The system bus: which device answers at which physical address. RAM is the engine's own business. */
import { assert } from '../../base/assert.ts';
import type { AccessSize, Device } from '../devices/device.ts';
import type { DeviceAccess } from '../executor.ts';

export interface Mapping {
  readonly base: number;
  readonly size: number;
  readonly device: Device;
}

export class Bus implements DeviceAccess {
  readonly #mappings: readonly Mapping[];

  /** Addresses below 4 GiB; mappings must not overlap. */
  constructor(mappings: readonly Mapping[]) {
    this.#mappings = mappings.toSorted((a, b) => a.base - b.base);
    for (const [index, { base }] of this.#mappings.entries()) {
      const before = this.#mappings[index - 1];
      assert(!before || before.base + before.size <= base, 'two devices at one address');
    }
  }

  #find(address: bigint, size: AccessSize): Mapping | undefined {
    if (address > 0xffff_ffffn) return undefined;
    const at = Number(address);
    return this.#mappings.find(({ base, size: length }) => at >= base && at + size <= base + length);
  }

  readDevice(address: bigint, size: AccessSize): bigint | undefined {
    const found = this.#find(address, size);
    return found?.device.read(Number(address) - found.base, size);
  }

  writeDevice(address: bigint, size: AccessSize, value: bigint): boolean {
    const found = this.#find(address, size);
    return found?.device.write(Number(address) - found.base, size, value) ?? false;
  }
}
