/**
 * What the user watches, and what was last seen there. The hart's accesses are seen by the procedures of the memory unit
 * (mmu/watchpoints.ts); those of devices and of software below the kernel, which write RAM from outside, are seen here.
 */
import { assert } from '../base/assert.ts';
import type { HartView } from './hart/hart-view.ts';
import { WATCHED_RANGES } from './memory-layout.ts';
import { MOST_WATCHED_RANGES, WATCH, WATCH_BY, WATCH_SPACE, WATCHED_RANGE_BYTES } from './mmu/watchpoints.ts';

export interface WatchedRange {
  readonly space: 'virtual' | 'physical';
  readonly address: bigint;
  /** At least one byte; the range does not reach beyond the end of the address space. */
  readonly bytes: number;
  /** `change`: a write after which a watched byte is another one. */
  readonly on: 'read' | 'write' | 'change' | 'access';
}

export interface WatchHit {
  /** Which of the ranges, by its place among them. */
  readonly range: number;
  /** `host`: a device, or the software below the kernel, wrote to it. */
  readonly by: 'instruction' | 'host';
  readonly access: 'read' | 'write' | 'both';
  /** Of the instruction, which has retired. */
  readonly pc: bigint;
  /** The first byte of the access (by the host: of those that are watched), and how many there are: at most 8. */
  readonly address: bigint;
  readonly physical: bigint;
  readonly bytes: number;
  readonly before: bigint;
  readonly after: bigint;
}

const BITS = { read: WATCH.READ, write: WATCH.WRITE, change: WATCH.CHANGED, access: WATCH.READ | WATCH.WRITE } as const;
/** By the bits of WATCH. */
const ACCESS = [undefined, 'read', 'write', 'both'] as const;
const MOST_TOLD = 8;
const SPACES = { virtual: WATCH_SPACE.VIRTUAL, physical: WATCH_SPACE.PHYSICAL } as const;

export class WatchedMemory {
  readonly #view: DataView;
  readonly #hart: HartView;
  readonly #read: (address: bigint) => bigint;
  /** With their places among all ranges. */
  #physical: readonly { readonly range: WatchedRange; readonly index: number }[] = [];

  /** `read` gives a byte of RAM. */
  constructor(view: DataView, hart: HartView, read: (address: bigint) => bigint) {
    this.#view = view;
    this.#hart = hart;
    this.#read = read;
  }

  set(ranges: readonly WatchedRange[]): void {
    assert(ranges.length <= MOST_WATCHED_RANGES, `at most ${String(MOST_WATCHED_RANGES)} watched ranges`);
    for (const [index, { space, address, bytes, on }] of ranges.entries()) {
      const at = WATCHED_RANGES + index * WATCHED_RANGE_BYTES;
      this.#view.setBigUint64(at, address, true);
      this.#view.setBigUint64(at + 8, address + BigInt(bytes - 1), true);
      this.#view.setUint32(at + 16, BITS[on], true);
      this.#view.setUint32(at + 20, SPACES[space], true);
    }
    this.#hart.setState('watchCount', BigInt(ranges.length));
    this.#physical = ranges.flatMap((range, index) => (range.space === 'physical' && range.on !== 'read' ? [{ range, index }] : []));
  }

  /** Whether somebody must tell what is written to RAM from outside. */
  get watchesWrites(): boolean { return this.#physical.length > 0; }

  forget(): void {
    this.#hart.setState('watchHit', 0n);
  }

  get hit(): WatchHit | undefined {
    const state = (name: string): bigint => this.#hart.state(name);
    const access = ACCESS[Number(state('watchHit'))];
    if (!access) return undefined;
    const bytes = Number(state('watchSize'));
    return {
      range: Number(state('watchRange')), by: state('watchBy') === BigInt(WATCH_BY.HOST) ? 'host' : 'instruction', access, pc: state('watchPc'),
      address: state('watchAddress'), physical: state('watchPhysical'), bytes,
      before: BigInt.asUintN(8 * bytes, state('watchBefore')), after: BigInt.asUintN(8 * bytes, state('watchAfter')),
    };
  }

  /** RAM is about to be written from outside with these bytes. */
  written(address: bigint, bytes: Uint8Array): void {
    for (const { range, index } of this.#physical) {
      const last = address + BigInt(bytes.length) < range.address + BigInt(range.bytes) ? address + BigInt(bytes.length) : range.address + BigInt(range.bytes);
      const begin = address > range.address ? address : range.address;
      if (begin >= last) continue;
      const told = Math.min(Number(last - begin), MOST_TOLD);
      const after = (n: number): number => bytes[Number(begin - address) + n]!;
      if (range.on === 'change' && !Array.from({ length: Number(last - begin) }, (_, n) => this.#read(begin + BigInt(n)) !== BigInt(after(n))).includes(true)) continue;
      if (this.#hart.state('watchHit') !== 0n) return;
      const hart = this.#hart;
      hart.setState('stopRequest', 1n);
      hart.setState('watchHit', BigInt(WATCH.WRITE));
      hart.setState('watchBy', BigInt(WATCH_BY.HOST));
      hart.setState('watchRange', BigInt(index));
      hart.setState('watchPc', hart.pc);
      hart.setState('watchAddress', begin);
      hart.setState('watchPhysical', begin);
      hart.setState('watchSize', BigInt(told));
      const gather = (byte: (n: number) => bigint): bigint => Array.from({ length: told }, (_, n) => byte(n) << BigInt(8 * n)).reduce((a, b) => a | b, 0n);
      hart.setState('watchBefore', gather((n) => this.#read(begin + BigInt(n))));
      hart.setState('watchAfter', gather((n) => BigInt(after(n))));
      return;
    }
  }
}
