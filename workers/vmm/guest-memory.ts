/**
 * The guest's RAM. What the guest calls physical address 0x80000000 stands somewhere else in real memory; here, and nowhere else, one
 * becomes the other. An address that is not the guest's has no translation: that is the whole of isolation.
 */
import { assert } from '../base/assert.ts';
import { hex } from '../base/bits.ts';
import { guestPhysical, hostPhysical, PAGE_SIZE, type GuestPhysical, type HostPhysical } from '../base/address.ts';
import type { PhysicalMemory } from '../machine/hart/hart.ts';
import { RAM_BASE } from '../machine/memory-layout.ts';
import { NO_BUGS, type Bugs } from './bugs.ts';

const RAM_FIRST = Number(RAM_BASE);
/** Bytes of a page of the level above the last one. */
export const SUPERPAGE = 1n << 21n;
const PAGE_MASK = ~BigInt(PAGE_SIZE - 1);

export class GuestMemory {
  readonly base = guestPhysical(RAM_BASE);
  readonly bytes: number;
  readonly #memory: PhysicalMemory;
  readonly #hostOffset: bigint;
  readonly #offsetNumber: number;
  readonly #bugs: Bugs;
  #wrote: ((page: GuestPhysical) => void) | undefined;

  /** `hostOffset`: how much further up the guest's RAM stands in real memory than the guest believes. */
  constructor(memory: PhysicalMemory, bytes: number, hostOffset: bigint, bugs: Bugs = NO_BUGS) {
    this.#bugs = bugs;
    this.#memory = memory;
    this.bytes = bytes;
    this.#hostOffset = hostOffset;
    this.#offsetNumber = Number(hostOffset);
    assert(memory.contains(RAM_BASE + hostOffset, bytes), 'the guest is given more memory than the machine has');
  }

  contains(address: bigint, length: number): boolean {
    // Rounding of addresses far away changes nothing.
    const offset = Number(address) - RAM_FIRST;
    return offset >= 0 && offset + length <= this.bytes;
  }

  /** Whether real memory at this address belongs to the guest. */
  owns(address: bigint, length: number): boolean {
    return this.contains(address - this.#hostOffset, length);
  }

  /** Whether there is real memory where a guest-physical address would lead, whosever it is: for the bug `escape`, and nothing else. */
  isReal(address: bigint): boolean {
    return this.#memory.contains(address + this.#hostOffset, 1);
  }

  toHost(address: GuestPhysical): HostPhysical {
    if (!this.contains(address, 1) && !this.#bugs.escape) assert(false, `${hex(address)} is not in the guest's RAM`);
    return hostPhysical(address + this.#hostOffset);
  }

  /** Where the 2 MiB around an address begin in real memory, when all of them are the guest's and stand there as one aligned piece. */
  superpage(address: bigint): HostPhysical | undefined {
    const first = address & ~(SUPERPAGE - 1n);
    const host = first + this.#hostOffset;
    return this.contains(first, Number(SUPERPAGE)) && (host & (SUPERPAGE - 1n)) === 0n ? hostPhysical(host) : undefined;
  }

  /** `toHost` back. */
  fromHost(address: bigint): GuestPhysical {
    return guestPhysical(address - this.#hostOffset);
  }

  /** From now on `wrote` is called before the VMM, or a device that it plays, writes to a page in the guest's place. */
  watchWrites(wrote: (page: GuestPhysical) => void): void {
    this.#wrote = wrote;
  }

  /** The accessed and dirty bits of an entry of the guest's table, which the VMM sets as the hardware would. */
  setFlags(address: GuestPhysical, entry: bigint): void {
    this.#memory.write(this.toHost(address), 8, entry);
  }

  /** Whether there are 8 bytes of the guest's at an address that is a number. */
  holdsEntry(address: number): boolean {
    const offset = address - RAM_FIRST;
    return offset >= 0 && offset + 8 <= this.bytes;
  }

  /** Four aligned bytes of the guest's. */
  word(address: number): number {
    return this.#memory.word(address + this.#offsetNumber);
  }

  read(address: GuestPhysical, size: 1 | 2 | 4 | 8): bigint {
    return this.#memory.read(this.toHost(address), size);
  }

  write(address: GuestPhysical, size: 1 | 2 | 4 | 8, value: bigint): void {
    this.#wrote?.(guestPhysical(address & PAGE_MASK));
    this.#memory.write(this.toHost(address), size, value);
  }

  /** A copy of some bytes; undefined where any of them is not the guest's. */
  copyOut(address: GuestPhysical, length: number): Uint8Array | undefined {
    return this.contains(address, length) ? this.#memory.bytes(address + this.#hostOffset, length).slice() : undefined;
  }

  /** False where any of the bytes is not the guest's; then nothing was written. */
  copyIn(address: GuestPhysical, bytes: Uint8Array): boolean {
    if (!this.contains(address, bytes.length)) return false;
    if (bytes.length === 0) return true;
    if (this.#wrote) for (let page = address & PAGE_MASK; page < address + BigInt(bytes.length); page += BigInt(PAGE_SIZE)) this.#wrote(guestPhysical(page));
    this.#memory.copyIn(address + this.#hostOffset, bytes);
    return true;
  }
}
