/**
 * The shadow page tables: what the real satp points to while the guest runs. They map the guest's virtual addresses straight to real
 * memory. The whole guest runs in real U mode, so every shadow page is a user page, and what protects the guest kernel from its user is
 * that each has a table of its own:
 *   user        the guest is in virtual U: its user pages
 *   kernel      the guest is in virtual S, sstatus.SUM = 0: its kernel pages
 *   kernel-sum  the guest is in virtual S, sstatus.SUM = 1: kernel pages, and user pages without the right to execute
 *   bare        the guest has paging off: guest-physical addresses
 */
import { type GuestVirtual, type HostPhysical } from '../../base/address.ts';
import { bits, hex } from '../../base/bits.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';
import type { RealHart } from '../real-hart.ts';
import type { StepLog } from '../step-log.ts';
import { SATP_BARE, SATP_SV39, SATP_SV48, SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import type { PagePool } from './page-pool.ts';
import { ENTRIES, entryFor, isLeaf, levelsOf, PTE, SOFTWARE_BITS, tableIndex, tableOf } from './sv39.ts';

export const SHADOW_ROOTS = ['user', 'kernel', 'kernel-sum', 'bare'] as const;
export type ShadowRoot = (typeof SHADOW_ROOTS)[number];

/** Each root is an address space of its own for the real TLB, so that changing from one to another needs no fence. */
const REAL_ASID: Readonly<Record<ShadowRoot, bigint>> = { user: 1n, kernel: 2n, 'kernel-sum': 3n, bare: 4n };

/** Which shadow table a real satp points to. */
export const rootOf = (satp: bigint): ShadowRoot | undefined => SHADOW_ROOTS.find((root) => REAL_ASID[root] === bits(satp, 59, 44));

/** In a shadow pointer, hardware ignores it: below stand pieces of a guest superpage, which must be dropped together. */
const PIECES_OF_SUPERPAGE = SOFTWARE_BITS & -SOFTWARE_BITS;

/** Which shadow table the guest needs now. */
export function neededRoot(hart: VirtualHart): ShadowRoot {
  if (bits(hart.csrs.get('satp'), 63, 60) === SATP_BARE) return 'bare';
  if (hart.mode === 'U') return 'user';
  return hart.status(SSTATUS.SUM) ? 'kernel-sum' : 'kernel';
}

export interface SavedRoots {
  readonly used: number;
  readonly current: ShadowRoot;
  readonly roots: Readonly<Record<ShadowRoot, bigint>>;
}

export class ShadowRoots {
  readonly #memory: PhysicalMemory;
  readonly #pool: PagePool;
  readonly #real: RealHart;
  readonly #log: StepLog;
  readonly #guestSatp: () => bigint;
  #roots: Record<ShadowRoot, HostPhysical>;
  #current: ShadowRoot = 'bare';

  /** `guestSatp` says what the guest believes satp to be: its tables and the shadow of them have as many levels. */
  constructor(memory: PhysicalMemory, pool: PagePool, real: RealHart, log: StepLog, guestSatp: () => bigint) {
    this.#memory = memory;
    this.#pool = pool;
    this.#real = real;
    this.#log = log;
    this.#guestSatp = guestSatp;
    this.#roots = emptyRoots(pool);
  }

  /** The root that the real satp points to. */
  get current(): ShadowRoot {
    return this.#current;
  }

  /** The physical address of a root's first table. */
  table(root: ShadowRoot): HostPhysical {
    return this.#roots[root];
  }

  /** How many levels a root has. Guest-physical addresses need three. */
  levels(root: ShadowRoot): 3 | 4 {
    return root === 'bare' ? 3 : levelsOf(this.#guestSatp());
  }

  /** Puts a root into the real satp. */
  use(root: ShadowRoot): void {
    this.#current = root;
    this.#real.writeCsr('satp', ((this.levels(root) === 4 ? SATP_SV48 : SATP_SV39) << 60n) | (REAL_ASID[root] << 44n) | (this.#roots[root] >> 12n));
  }

  /** Maps one page. `level` is that of the guest's leaf: a superpage comes in pieces of 4 KiB, as they are used. */
  map(root: ShadowRoot, va: GuestVirtual, page: HostPhysical, flags: bigint, level: number): void {
    // A page needs at most one new table for each level below the root.
    const levels = this.levels(root);
    if (this.#pool.free < levels - 1) this.dropAll();
    let table = this.#roots[root];
    for (let depth = levels - 1; depth > 0; depth -= 1) {
      const at = table + 8n * tableIndex(va, depth);
      let entry = this.#memory.read(at, 8);
      if ((entry & PTE.V) === 0n) entry = entryFor(this.#pool.allocate(), PTE.V);
      if (depth <= level) entry |= PIECES_OF_SUPERPAGE;
      this.#write(va, depth, at, entry);
      table = tableOf(entry) as HostPhysical;
    }
    this.#write(va, 0, table + 8n * tableIndex(va, 0), entryFor(page, flags));
    this.#log.step('shadow.fill', () => ({ root, va: hex(va), page: hex(page), flags: flagLetters(flags) }));
    this.#real.fenceVma(va, REAL_ASID[root]);
  }

  /** Forgets everything: all tables are empty again. */
  dropAll(): void {
    for (const root of SHADOW_ROOTS) this.#noteDrop(root, () => this.#countLeaves(this.#roots[root], this.levels(root) - 1));
    this.#pool.freeAll();
    this.#roots = emptyRoots(this.#pool);
    this.#real.fenceVma();
    this.#log.step('shadow.drop-all');
    // The root in satp has just moved.
    this.use(this.#current);
  }

  /** Forgets what was made for one address by the guest's table. The bare root is not made from it. */
  drop(va: GuestVirtual): void {
    for (const root of SHADOW_ROOTS) {
      if (root === 'bare') continue;
      const dropped = this.#dropIn(this.#roots[root], va, this.levels(root));
      this.#noteDrop(root, () => dropped);
    }
    // Pieces of a superpage have gone together, so the real fence is for every address.
    this.#real.fenceVma();
    this.#log.step('shadow.drop', () => ({ va: hex(va) }));
  }

  /** Clears the entry of the page, or the pointer above it when it is a piece of a guest superpage. How many pages went. */
  #dropIn(root: HostPhysical, va: GuestVirtual, levels: number): number {
    let table: bigint = root;
    for (let depth = levels - 1; depth >= 0; depth -= 1) {
      const at = table + 8n * tableIndex(va, depth);
      const entry = this.#memory.read(at, 8);
      if ((entry & PTE.V) === 0n) return 0;
      if (depth === 0 || (entry & PIECES_OF_SUPERPAGE) !== 0n) {
        this.#write(va, depth, at, 0n);
        return isLeaf(entry) ? 1 : this.#leavesWhenWatched(tableOf(entry), depth - 1);
      }
      table = tableOf(entry);
    }
    return 0;
  }

  #write(va: GuestVirtual, level: number, at: bigint, entry: bigint): void {
    const before = this.#memory.read(at, 8);
    if (before === entry) return;
    this.#memory.write(at, 8, entry);
    this.#log.note({ on: 'pte', table: 'shadow', level, va, at, access: 'write', before, after: entry });
  }

  /** Counting walks the whole table, so it is done only while somebody watches. */
  #noteDrop(root: ShadowRoot, count: () => number): void {
    if (!this.#log.detailed) return;
    const dropped = count();
    if (dropped > 0) this.#log.note({ on: 'shadow-drop', root, count: dropped });
  }

  #leavesWhenWatched(table: bigint, level: number): number {
    return this.#log.detailed ? this.#countLeaves(table, level) : 0;
  }

  #countLeaves(table: bigint, level: number): number {
    let count = 0;
    for (let index = 0; index < ENTRIES; index += 1) {
      const entry = this.#memory.read(table + BigInt(8 * index), 8);
      if ((entry & PTE.V) === 0n) continue;
      count += isLeaf(entry) ? 1 : this.#countLeaves(tableOf(entry), level - 1);
    }
    return count;
  }

  save(): SavedRoots {
    return { used: this.#pool.save(), current: this.#current, roots: { ...this.#roots } };
  }

  restore(saved: SavedRoots): void {
    this.#pool.restore(saved.used);
    this.#current = saved.current;
    this.#roots = { ...saved.roots } as Record<ShadowRoot, HostPhysical>;
  }
}

function emptyRoots(pool: PagePool): Record<ShadowRoot, HostPhysical> {
  return { user: pool.allocate(), kernel: pool.allocate(), 'kernel-sum': pool.allocate(), bare: pool.allocate() };
}

function flagLetters(flags: bigint): string {
  return (['R', 'W', 'X'] as const).map((letter) => ((flags & PTE[letter]) !== 0n ? letter : '-')).join('');
}
