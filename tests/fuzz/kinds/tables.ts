/** Random page tables: paths through them to pages of data that are known, with entries that are mostly right and sometimes not. */
import type { Random } from '../../differential/random.ts';
import { arenaPage, type Poke } from '../snippet.ts';
import { interesting } from '../values.ts';

export const PTE = { V: 1n, R: 2n, W: 4n, X: 8n, U: 16n, G: 32n, A: 64n, D: 128n } as const;

/** Pages of the arena: the body, data, tables from there on. */
export const BODY_PAGE = 12;
const DATA_PAGES = 8;
const FIRST_DATA = 1;

/** What is known in each page of data: a `ret` and double words at places where accesses cross something. */
export const RETURN_AT = 0xf00n;
const RETURN = 0x8082n;
const KNOWN = [0x0n, 0x8n, 0x7f8n, 0x800n, 0xfe8n, 0xff0n, 0xff8n] as const;
/** Where accesses begin: around what is known. */
export const OFFSETS = [0x8n, 0x7fcn, 0x800n, 0xff0n, 0xff4n] as const;

/** Values that are never a valid entry, should a walk come here. */
export function dataPokes(random: Random): Poke[] {
  return Array.from({ length: DATA_PAGES + 2 }, (_, n) => arenaPage(FIRST_DATA - 1 + n)).flatMap((page) => [
    ...KNOWN.map((offset) => ({ address: page + offset, value: interesting(random) & ~1n })),
    { address: page + RETURN_AT, value: RETURN },
  ]);
}

export const dataPage = (random: Random): bigint => arenaPage(FIRST_DATA + random.below(DATA_PAGES));

/** What becomes of an entry before it is written. */
export type Spoil = (entry: bigint, leaf: boolean) => bigint;
const asItIs: Spoil = (entry) => entry;

/** How tables are laid out: levels, and bits of the root's index. */
export interface Scheme {
  readonly levels: number;
  /** Two more for the G stage. */
  readonly extraRootBits: 0 | 2;
}

export class Tables {
  readonly #entries = new Map<bigint, bigint>();
  /** Tables by the address of the entry that names them, and the addresses of the leaves. */
  readonly #next = new Map<bigint, bigint>();
  readonly #leaves = new Set<bigint>();
  readonly #random: Random;
  readonly #scheme: Scheme;
  readonly root: bigint;
  readonly #takePage: (pages: bigint) => bigint;
  readonly #place: (address: bigint) => bigint;

  /** `takePage` gives room for tables, in physical memory; `place` says how entries name it (for tables that are themselves translated). */
  constructor(random: Random, scheme: Scheme, takePage: (pages: bigint) => bigint, place: (address: bigint) => bigint = (address) => address) {
    this.#random = random;
    this.#scheme = scheme;
    this.#takePage = takePage;
    this.#place = place;
    this.root = takePage(scheme.extraRootBits === 2 ? 4n : 1n);
  }

  get pokes(): Poke[] { return [...this.#entries].map(([address, value]) => ({ address, value })); }

  /** Maps some virtual address to `target` with these flags by a leaf at `level`, and gives the address; parts that the leaf does not translate are those of the target. */
  map(target: bigint, flags: bigint, level: number, spoil: Spoil = asItIs): bigint {
    const low = BigInt(12 + 9 * level);
    for (;;) {
      const va = this.#anyAddress(low) | (target & ((1n << low) - 1n));
      if (this.mapAt(va, target, flags, level, spoil)) return va;
    }
  }

  /** False when another path has a leaf on this one's way, or this leaf would replace a table: then the low part of an address could lead anywhere. */
  mapAt(va: bigint, target: bigint, flags: bigint, level: number, spoil: Spoil = asItIs): boolean {
    const { levels } = this.#scheme;
    let table = this.root;
    for (let at = levels - 1; at > level; at -= 1) {
      const slot = table + this.#index(va, at) * 8n;
      if (this.#leaves.has(slot)) return false;
      let next = this.#next.get(slot);
      if (next === undefined) {
        next = this.#takePage(1n);
        this.#next.set(slot, next);
        this.#entries.set(slot, spoil(((this.#place(next) >> 12n) << 10n) | PTE.V, false));
      }
      table = next;
    }
    const slot = table + this.#index(va, level) * 8n;
    if (this.#next.has(slot) || this.#leaves.has(slot)) return false;
    this.#leaves.add(slot);
    const base = target & ~((1n << BigInt(12 + 9 * level)) - 1n);
    this.#entries.set(slot, spoil(((base >> 12n) << 10n) | flags, true));
    return true;
  }

  #index(va: bigint, level: number): bigint {
    const bits = level === this.#scheme.levels - 1 ? 9 + this.#scheme.extraRootBits : 9;
    return (va >> BigInt(12 + 9 * level)) & ((1n << BigInt(bits)) - 1n);
  }

  /** An address of this scheme with zeros below bit `low`; few different indices, so that paths share tables. */
  #anyAddress(low: bigint): bigint {
    const bits = 12 + 9 * this.#scheme.levels + this.#scheme.extraRootBits;
    let va = 0n;
    for (let at = 12; at < bits; at += 9) va |= BigInt(this.#random.oneIn(4) ? this.#random.below(512) : this.#random.pick([0, 1, 2, 3, 255, 256, 510, 511])) << BigInt(at);
    va &= (1n << BigInt(bits)) - 1n;
    va = (va >> low) << low;
    // QEMU 7.2 wants the highest bit of a guest-physical address repeated above, as of a virtual one: it is never set.
    return this.#scheme.extraRootBits === 2 ? va & ((1n << BigInt(bits - 1)) - 1n) : BigInt.asUintN(64, BigInt.asIntN(bits, va));
  }
}

/** Which of A and D vary: those that the hardware sets. */
export type Varying = 'A and D' | 'D' | 'none';

/** Flags of a leaf, weighted to those that allow something. */
export function leafFlags(random: Random, varying: Varying): bigint {
  let flags = PTE.V | random.pick([PTE.R, PTE.R | PTE.W, PTE.R | PTE.W | PTE.X, PTE.R | PTE.X, PTE.X, PTE.R | PTE.W | PTE.X]) | PTE.A | PTE.D;
  if (random.oneIn(2)) flags |= PTE.U;
  if (random.oneIn(4)) flags |= PTE.G;
  if (varying === 'A and D') flags &= ~random.pick([0n, PTE.A, PTE.D, PTE.A | PTE.D]);
  if (varying === 'D') flags &= ~random.pick([0n, PTE.D]);
  return flags;
}

/** Now and then something else is in an entry; with `holes` a page where nothing is, and never without the bits that it keeps. */
export function spoiler(random: Random, { varying, napot, holes, keeps = 0n }: { readonly varying: Varying; readonly napot: boolean; readonly holes: boolean; readonly keeps?: bigint }): Spoil {
  const flips = [PTE.V, PTE.R, PTE.W, PTE.X, PTE.U, PTE.G, PTE.W | PTE.R, ...{ 'A and D': [PTE.A, PTE.D], D: [PTE.D], none: [] }[varying], 1n << 8n, 1n << 9n, 1n << 10n, 1n << 18n, 1n << 19n, ...(holes ? [1n << 27n] : []), 1n << 61n, 1n << 62n,
    // With Svnapot QEMU 7.2 does not look at the reserved bits 60:54.
    ...(napot ? [(1n << 63n) | (8n << 10n), 1n << 63n] : [1n << 63n, 1n << 54n, 1n << 60n])].filter((flip) => (flip & keeps) === 0n);
  return (entry, leaf) => {
    if (!random.oneIn(leaf ? 4 : 16)) return entry;
    const flip = random.pick(flips);
    // QEMU 7.2 updates A and D before it looks at the form of a page of 64 KiB.
    if ((flip >> 63n) === 1n) return leaf ? (entry ^ flip) | PTE.A | PTE.D : entry ^ flip;
    // A leaf does not become the name of a table: that would be read where nothing is known.
    if (leaf && ((entry ^ flip) & 0xfn) === PTE.V) return entry;
    return leaf || (flip & (((1n << 44n) - 1n) << 10n)) === 0n ? entry ^ flip : entry;
  };
}
