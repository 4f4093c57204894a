/**
 * The guest's RAM. What the guest calls physical address 0x80000000 stands somewhere else in real memory; here, and nowhere else, one
 * becomes the other. An address that is not the guest's has no translation: that is the whole of isolation.
 */
import { assert } from '../base/assert.ts';
import { hex } from '../base/bits.ts';
import { hostPhysical, type GuestPhysical, type HostPhysical } from '../base/address.ts';
import type { PhysicalMemory } from '../machine/hart/hart.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';

export class GuestMemory {
  readonly bytes: number;
  readonly #memory: PhysicalMemory;
  readonly #hostOffset: bigint;

  /** `hostOffset`: how much further up the guest's RAM stands in real memory than the guest believes. */
  constructor(memory: PhysicalMemory, bytes: number, hostOffset: bigint) {
    this.#memory = memory;
    this.bytes = bytes;
    this.#hostOffset = hostOffset;
    assert(memory.contains(RAM_BASE + hostOffset, bytes), 'the guest is given more memory than the machine has');
  }

  contains(address: bigint, length: number): boolean {
    const offset = address - RAM_BASE;
    return offset >= 0n && offset + BigInt(length) <= BigInt(this.bytes);
  }

  /** Whether real memory at this address belongs to the guest. */
  owns(address: bigint, length: number): boolean {
    return this.contains(address - this.#hostOffset, length);
  }

  toHost(address: GuestPhysical): HostPhysical {
    assert(this.contains(address, 1), `${hex(address)} is not in the guest's RAM`);
    return hostPhysical(address + this.#hostOffset);
  }

  read(address: GuestPhysical, size: 1 | 2 | 4 | 8): bigint {
    return this.#memory.read(this.toHost(address), size);
  }

  write(address: GuestPhysical, size: 1 | 2 | 4 | 8, value: bigint): void {
    this.#memory.write(this.toHost(address), size, value);
  }

  /** A copy of some bytes; undefined where any of them is not the guest's. */
  copyOut(address: GuestPhysical, length: number): Uint8Array | undefined {
    return this.contains(address, length) ? this.#memory.bytes(address + this.#hostOffset, length).slice() : undefined;
  }

  /** False where any of the bytes is not the guest's; then nothing was written. */
  copyIn(address: GuestPhysical, bytes: Uint8Array): boolean {
    if (!this.contains(address, bytes.length)) return false;
    if (bytes.length > 0) this.#memory.copyIn(address + this.#hostOffset, bytes);
    return true;
  }
}
