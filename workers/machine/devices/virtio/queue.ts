/**
 * A split virtqueue (virtio 1.1, 2.6): three tables in the guest's memory, and the chains of buffers that the driver offers in them. Whatever
 * stands there is the driver's word: every address, length and index is checked, and a chain is never longer than the queue.
 */
import type { PhysicalMemory } from '../../hart/hart.ts';

export type DmaMemory = Pick<PhysicalMemory, 'contains' | 'read' | 'write' | 'bytes' | 'copyIn'>;

/** One buffer of a chain, in the guest's memory. */
interface Buffer {
  readonly address: bigint;
  readonly length: number;
}

/** What the driver has offered: buffers for the device to read, then buffers for it to write. */
export interface Chain {
  readonly head: number;
  readonly readable: readonly Buffer[];
  readonly writable: readonly Buffer[];
}

export interface QueueState {
  readonly size: number;
  readonly ready: boolean;
  readonly descriptors: bigint;
  readonly driver: bigint;
  readonly device: bigint;
  /** How many chains were taken, modulo 65536. */
  readonly taken: number;
}
export const EMPTY_QUEUE: QueueState = { size: 0, ready: false, descriptors: 0n, driver: 0n, device: 0n, taken: 0 };
export const LARGEST_QUEUE = 256;

const DESCRIPTOR_BYTES = 16;
const NEXT = 1;
const WRITE = 2;
const INDIRECT = 4;
const NO_INTERRUPT = 1;
const LARGEST_CHAIN_BYTES = 16 << 20;

/** The driver has broken the rules; the device asks to be reset (2.1.2). */
export class BrokenQueue extends Error {}

export class Virtqueue {
  state: QueueState = EMPTY_QUEUE;
  readonly #memory: DmaMemory;

  constructor(memory: DmaMemory) {
    this.#memory = memory;
  }

  /** The chains that have been offered since the last time, each taken when it is asked for. Throws BrokenQueue. */
  *chains(): Generator<Chain, void> {
    const { size, driver } = this.state;
    if (size === 0 || (size & (size - 1)) !== 0 || size > LARGEST_QUEUE) throw new BrokenQueue();
    for (let n = 0; n <= size; n += 1) {
      const { taken } = this.state;
      if (this.#number(driver + 2n, 2) === taken) return;
      if (n === size) throw new BrokenQueue();
      const head = this.#number(driver + 4n + BigInt((taken % size) * 2), 2);
      this.state = { ...this.state, taken: (taken + 1) & 0xffff };
      yield this.#chain(head);
    }
  }

  /** Gives a chain back: so many bytes were written into it. */
  give(head: number, written: number): void {
    const { size, device } = this.state;
    const index = this.#number(device + 2n, 2);
    const at = device + 4n + BigInt((index % size) * 8);
    this.#put(at, 4, head);
    this.#put(at + 4n, 4, written);
    this.#put(device + 2n, 2, (index + 1) & 0xffff);
  }

  /** The driver wants to hear of used buffers (2.6.7). */
  get wantsInterrupt(): boolean {
    return (this.#number(this.state.driver, 2) & NO_INTERRUPT) === 0;
  }

  #chain(head: number): Chain {
    const readable: Buffer[] = [];
    const writable: Buffer[] = [];
    let table = this.state.descriptors;
    let entries = this.state.size;
    let index = head;
    let bytes = 0;
    let indirect = false;
    for (let links = 0; ; links += 1) {
      if (index >= entries || links >= LARGEST_QUEUE) throw new BrokenQueue();
      const at = table + BigInt(index * DESCRIPTOR_BYTES);
      const address = this.#wide(at);
      const length = this.#number(at + 8n, 4);
      const flags = this.#number(at + 12n, 2);
      const next = this.#number(at + 14n, 2);
      if ((flags & INDIRECT) !== 0) {
        if (indirect || (flags & NEXT) !== 0 || length === 0 || length % DESCRIPTOR_BYTES !== 0 || length > LARGEST_QUEUE * DESCRIPTOR_BYTES) throw new BrokenQueue();
        indirect = true;
        table = address;
        entries = length / DESCRIPTOR_BYTES;
        index = 0;
        continue;
      }
      bytes += length;
      if (bytes > LARGEST_CHAIN_BYTES || !this.#memory.contains(address, length)) throw new BrokenQueue();
      if ((flags & WRITE) !== 0) writable.push({ address, length });
      else if (writable.length > 0) throw new BrokenQueue();
      else readable.push({ address, length });
      if ((flags & NEXT) === 0) return { head, readable, writable };
      index = next;
    }
  }

  #number(at: bigint, size: 2 | 4): number {
    return Number(this.#read(at, size));
  }

  #wide(at: bigint): bigint {
    return this.#read(at, 8);
  }

  #read(at: bigint, size: 2 | 4 | 8): bigint {
    if (!this.#memory.contains(at, size)) throw new BrokenQueue();
    return this.#memory.read(at, size);
  }

  #put(at: bigint, size: 2 | 4, value: number): void {
    if (!this.#memory.contains(at, size)) throw new BrokenQueue();
    this.#memory.write(at, size, BigInt(value));
  }
}

/** All that the driver gave to read, in one piece. */
export function gather(memory: DmaMemory, { readable }: Pick<Chain, 'readable'>): Uint8Array {
  const all = new Uint8Array(readableBytes({ readable }));
  let at = 0;
  for (const { address, length } of readable) {
    all.set(memory.bytes(address, length), at);
    at += length;
  }
  return all;
}

/** Writes bytes over the buffers that the driver gave to write, from `from` on. */
export function scatter(memory: DmaMemory, { writable }: Chain, bytes: Uint8Array, from = 0): void {
  let skip = from;
  let at = 0;
  for (const { address, length } of writable) {
    const start = Math.min(skip, length);
    skip -= start;
    const piece = bytes.subarray(at, at + length - start);
    if (piece.length > 0) memory.copyIn(address + BigInt(start), piece);
    at += piece.length;
  }
}

export const readableBytes = ({ readable }: Pick<Chain, 'readable'>): number => readable.reduce((sum, { length }) => sum + length, 0);
export const writableBytes = ({ writable }: Chain): number => writable.reduce((sum, { length }) => sum + length, 0);
