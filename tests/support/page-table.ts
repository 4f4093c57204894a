/** Builds Sv39 tables in RAM. */
import type { PhysicalMemory } from '../../workers/machine/hart/hart.ts';

type Ram = Pick<PhysicalMemory, 'read' | 'write'>;

export const V = 1n, R = 2n, W = 4n, X = 8n, U = 16n, G = 32n, A = 64n, D = 128n;
export const RWX = R | W | X;

export class PageTable {
  readonly #ram: Ram;
  readonly root: bigint;
  #next: bigint;

  /** Tables are taken one after the other from `start`. */
  constructor(ram: Ram, start: bigint) {
    this.#ram = ram;
    this.root = start;
    this.#next = start + 4096n;
  }

  satp(asid = 0n): bigint {
    return (8n << 60n) | (asid << 44n) | (this.root >> 12n);
  }

  /** Where the entry of this level for an address stands; tables above it are made when they are missing. */
  entryAt(va: bigint, level = 0): bigint {
    let table = this.root;
    for (let depth = 2; ; depth--) {
      const at = table + ((va >> BigInt(12 + 9 * depth)) & 511n) * 8n;
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
