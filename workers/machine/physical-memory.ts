/** RAM as the bus sees it, in the engine's linear memory. */
import { assert } from '../base/assert.ts';
import { hex } from '../base/bits.ts';
import type { Executor } from './executor.ts';
import type { PhysicalMemory } from './hart/hart.ts';
import { RAM_BASE, type MemoryLayout } from './memory-layout.ts';

const PAGE_SHIFT = 12;
const RAM_FIRST = Number(RAM_BASE);

export class Ram implements PhysicalMemory {
  readonly base = RAM_BASE;
  readonly size: number;
  readonly #layout: MemoryLayout;
  readonly #executor: Pick<Executor, 'codeChanged'>;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  readonly #wide: BigUint64Array;
  readonly #words: Uint32Array;
  /** Told before RAM is written from outside; undefined while nobody watches. */
  onWrite: ((address: bigint, bytes: Uint8Array) => void) | undefined;

  constructor(memory: WebAssembly.Memory, layout: MemoryLayout, executor: Pick<Executor, 'codeChanged'>) {
    this.size = layout.ramBytes;
    this.#layout = layout;
    this.#executor = executor;
    this.#view = new DataView(memory.buffer);
    this.#bytes = new Uint8Array(memory.buffer);
    this.#wide = new BigUint64Array(memory.buffer);
    this.#words = new Uint32Array(memory.buffer);
  }

  contains(address: bigint, length: number): boolean {
    // Rounding of addresses far away changes nothing.
    const offset = Number(address) - RAM_FIRST;
    return offset >= 0 && offset + length <= this.size;
  }

  read(address: bigint, size: 1 | 2 | 4 | 8): bigint {
    const at = this.#at(address, size);
    switch (size) {
      case 1: return BigInt(this.#view.getUint8(at));
      case 2: return BigInt(this.#view.getUint16(at, true));
      case 4: return BigInt(this.#view.getUint32(at, true));
      case 8: return at % 8 === 0 ? this.#wide[at / 8]! : this.#view.getBigUint64(at, true);
    }
  }

  word(address: number): number {
    return this.#words[(this.#layout.ram + address - RAM_FIRST) >>> 2]!;
  }

  write(address: bigint, size: 1 | 2 | 4 | 8, value: bigint): void {
    const at = this.#at(address, size);
    if (this.onWrite) this.onWrite(address, Uint8Array.from({ length: size }, (_, n) => Number((value >> BigInt(8 * n)) & 0xffn)));
    switch (size) {
      case 1: this.#view.setUint8(at, Number(value & 0xffn)); break;
      case 2: this.#view.setUint16(at, Number(value & 0xffffn), true); break;
      case 4: this.#view.setUint32(at, Number(value & 0xffff_ffffn), true); break;
      case 8:
        if (at % 8 === 0) this.#wide[at / 8] = value;
        else this.#view.setBigUint64(at, BigInt.asUintN(64, value), true);
        break;
    }
    this.#changed(at, size);
  }

  bytes(address: bigint, length: number): Uint8Array {
    const at = this.#at(address, length);
    return this.#bytes.subarray(at, at + length);
  }

  copyIn(address: bigint, bytes: Uint8Array): void {
    const at = this.#at(address, bytes.length);
    this.onWrite?.(address, bytes);
    this.#bytes.set(bytes, at);
    this.#changed(at, bytes.length);
  }

  #at(address: bigint, length: number): number {
    const offset = Number(address) - RAM_FIRST;
    if (!(offset >= 0 && offset + length <= this.size)) assert(false, `${String(length)} bytes at ${hex(address)} are not RAM`);
    return this.#layout.ram + offset;
  }

  /** Tells the engine, but only of pages that hold decoded code: the page map says so. */
  #changed(at: number, length: number): void {
    const offset = at - this.#layout.ram;
    for (let page = offset >> PAGE_SHIFT; page <= (offset + length - 1) >> PAGE_SHIFT; page++) {
      if (this.#view.getUint32(this.#layout.pageMap + page * 4, true) !== 0) {
        this.#executor.codeChanged(offset, length);
        return;
      }
    }
  }
}
