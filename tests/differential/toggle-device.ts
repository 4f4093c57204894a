/** A device that answers with what it was asked, and whose writes raise and lower interrupt lines and ask the engine to stop. */
import type { DeviceAccess } from '../../workers/machine/executor.ts';
import type { HartView } from '../../workers/machine/hart/hart-view.ts';
import { DEVICE } from './scenario.ts';

export class ToggleDevice implements DeviceAccess {
  hart: HartView | undefined;
  #accesses = 0n;

  readDevice(address: bigint, size: 1 | 2 | 4 | 8): bigint | undefined {
    if (address < DEVICE || address >= DEVICE + 4096n) return undefined;
    this.#accesses += 1n;
    // What a device sees of the hart's time is part of what must be the same.
    return BigInt.asUintN(size * 8, (this.hart!.instret << 8n) ^ address ^ this.#accesses);
  }

  writeDevice(address: bigint, _size: 1 | 2 | 4 | 8, value: bigint): boolean {
    if (address < DEVICE || address >= DEVICE + 4096n) return false;
    if (address >= DEVICE + 0xf00n) {
      this.hart!.setState('stopRequest', 1n);
      return true;
    }
    this.hart!.setInterruptPending([1, 3, 5, 7, 9, 11][Number(address >> 3n) % 6]!, (value & 1n) === 1n);
    return true;
  }
}
