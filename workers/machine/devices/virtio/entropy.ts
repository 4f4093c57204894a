/**
 * A source of random numbers (virtio 1.1, 5.4). They are those of a generator with a seed that belongs to the machine's configuration: a run
 * can be repeated, and nobody should take them for secrets.
 */
import { scatter, writableBytes, type Chain, type DmaMemory } from './queue.ts';
import type { VirtioFunction } from './transport.ts';

const ENTROPY_SOURCE = 4;
const MASK = (1n << 64n) - 1n;

export class Entropy implements VirtioFunction {
  readonly deviceId = ENTROPY_SOURCE;
  readonly queues = 1;
  readonly features = 0n;
  readonly config = new Uint8Array();
  #state: bigint;

  constructor(seed: bigint) {
    this.#state = seed & MASK;
  }

  serve(_queue: number, chain: Chain, memory: DmaMemory): number {
    const bytes = new Uint8Array(writableBytes(chain));
    for (let at = 0; at < bytes.length; at += 8) {
      const word = this.#next();
      for (let n = 0; n < 8 && at + n < bytes.length; n += 1) bytes[at + n] = Number((word >> BigInt(8 * n)) & 0xffn);
    }
    scatter(memory, chain, bytes);
    return bytes.length;
  }

  /** SplitMix64 (Steele, Lea and Flood 2014). */
  #next(): bigint {
    this.#state = (this.#state + 0x9e37_79b9_7f4a_7c15n) & MASK;
    let z = this.#state;
    z = ((z ^ (z >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
    z = ((z ^ (z >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
    return z ^ (z >> 31n);
  }

  save(): bigint {
    return this.#state;
  }

  restore(saved: unknown): void {
    this.#state = saved as bigint;
  }
}
