/** Builds page tables in RAM: Sv39 and Sv48, and their x4 forms, whose root has four times the entries. */
import type { PhysicalMemory } from '../../workers/machine/hart/hart.ts';

type Ram = Pick<PhysicalMemory, 'read' | 'write'>;

export const V = 1n, R = 2n, W = 4n, X = 8n, U = 16n, G = 32n, A = 64n, D = 128n, N = 1n << 63n;
export const RWX = R | W | X;

export interface Shape {
  readonly levels?: 3 | 4;
  /** Of hgatp: two more address bits. */
  readonly wide?: boolean;
}

export class PageTable {
  readonly #ram: Ram;
  readonly root: bigint;
  readonly #levels: 3 | 4;
  readonly #rootMask: bigint;
  #next: bigint;

  /** Tables are taken one after the other from `start` (which is aligned to 16 KiB for a wide one). */
  constructor(ram: Ram, start: bigint, { levels = 3, wide = false }: Shape = {}) {
    this.#ram = ram;
    this.root = start;
    this.#levels = levels;
    this.#rootMask = wide ? 2047n : 511n;
    this.#next = start + (wide ? 16384n : 4096n);
  }

  /** A value for satp, or with a VMID for hgatp. */
  satp(asid = 0n): bigint {
    return (BigInt(this.#levels + 5) << 60n) | (asid << 44n) | (this.root >> 12n);
  }

  /** Where the entry of this level for an address stands; tables above it are made when they are missing. */
  entryAt(va: bigint, level = 0): bigint {
    let table = this.root;
    for (let depth = this.#levels - 1; ; depth--) {
      const mask = depth === this.#levels - 1 ? this.#rootMask : 511n;
      const at = table + ((va >> BigInt(12 + 9 * depth)) & mask) * 8n;
      if (depth === level) return at;
      let entry = this.#ram.read(at, 8);
      if ((entry & V) === 0n) {
        entry = ((this.#next >> 12n) << 10n) | V;
        this.#next += 4096n;
        this.#ram.write(at, 8, entry);
      }
      table = (entry >> 10n) << 12n;
    }
  }

  /** Writes a leaf (V is implied) and gives the address of the entry. */
  map(va: bigint, pa: bigint, flags: bigint, level = 0): bigint {
    const at = this.entryAt(va, level);
    this.#ram.write(at, 8, ((pa >> 12n) << 10n) | flags | V);
    return at;
  }

  /** Writes an entry as it is, valid or not. */
  write(at: bigint, entry: bigint): void {
    this.#ram.write(at, 8, entry);
  }

  flags(at: bigint): bigint {
    return this.#ram.read(at, 8) & 0x3ffn;
  }
}
