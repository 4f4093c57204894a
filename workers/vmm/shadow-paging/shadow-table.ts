/**
 * One shadow page table: an address space of the guest, as the guest looks at it in one of its modes. It maps the guest's virtual
 * addresses straight to real memory, in pages of 4 KiB, or of 2 MiB where the guest has a superpage or no paging. The whole guest runs in
 * real U mode, so every page in it is a user page.
 */
import { PAGE_SIZE, type GuestVirtual, type HostPhysical } from '../../base/address.ts';
import type { PhysicalMemory } from '../../machine/hart/hart.ts';
import type { StepLog } from '../step-log.ts';
import { SATP_SV39, SATP_SV48 } from '../virtual-hart/virtual-csrs.ts';
import type { PoolShare } from './page-pool.ts';
import { ENTRIES, entryAt, entryFor, FLAG, isLeaf, levelsOf, pageNumber, PTE, SOFTWARE_BITS, tableIndex, tableOf, tableOfWords } from './sv39.ts';

/**
 * What protects the guest kernel from its user is that each has a table of its own:
 *   user        the guest is in virtual U: its user pages
 *   kernel      the guest is in virtual S, sstatus.SUM = 0: its kernel pages
 *   kernel-sum  the guest is in virtual S, sstatus.SUM = 1: kernel pages, and user pages without the right to execute
 *   bare        the guest is in virtual S or U and has paging off: guest-physical addresses
 *   machine     the guest is in virtual M: guest-physical addresses, with the rights of M
 *   machine-as-other   the guest is in virtual M with MPRV set: its code, and nothing that could be loaded or stored
 */
export const SHADOW_ROOTS = ['user', 'kernel', 'kernel-sum', 'bare', 'machine', 'machine-as-other'] as const;
export type ShadowRoot = (typeof SHADOW_ROOTS)[number];

/** Whether it is made from the guest's tables; the others hold guest-physical addresses, whatever the guest's satp says. */
export const isTranslated = (root: ShadowRoot): boolean => root === 'user' || root === 'kernel' || root === 'kernel-sum';

/** In a shadow pointer, hardware ignores it: below stand pieces of a guest superpage, which must be dropped together. */
const PIECES_OF_SUPERPAGE = SOFTWARE_BITS & -SOFTWARE_BITS;
/** In a shadow leaf, hardware ignores it: the guest's page is global, so that a fence of one address space keeps it. */
export const GLOBAL_PAGE = SOFTWARE_BITS & ~PIECES_OF_SUPERPAGE;

/** PTE.V, in the low word of an entry; and what tells a superpage from a pointer. In the last table a page may have neither. */
const VALID = Number(PTE.V);
const LEAF = FLAG.R | FLAG.X;
/** The first entry is behind the last one. */
const NOTHING_WRITTEN = ENTRIES | (-1 << 16);

/** What a table is for. */
export interface View {
  readonly root: ShadowRoot;
  /** The guest's satp; 0 where the root is not made from the guest's tables. */
  readonly satp: bigint;
  /** What may be read in it was decided with the guest's MXR as it was; false where the root is not made from the guest's tables. */
  readonly mxr: boolean;
}

export interface SavedTable extends View {
  readonly id: number;
  readonly top: bigint;
  readonly asid: bigint;
  readonly lastUse: number;
  readonly complete: boolean;
}

/** What all tables stand on. */
export interface Ground {
  readonly memory: PhysicalMemory;
  readonly pool: PoolShare;
  readonly log: StepLog;
}

/** A page of a table, as words of 4 bytes, little-endian as RAM is; to be used at once. */
export function wordsOf(memory: PhysicalMemory, page: bigint): Uint32Array {
  const { buffer, byteOffset } = memory.bytes(page, PAGE_SIZE);
  return new Uint32Array(buffer, byteOffset, PAGE_SIZE / 4);
}

export class ShadowTable implements View {
  readonly id: number;
  readonly root: ShadowRoot;
  readonly satp: bigint;
  readonly mxr: boolean;
  /** The guest's satp in halves. */
  readonly satpLow: number;
  readonly satpHigh: number;
  /** As many as the guest's table has; guest-physical addresses need three. */
  readonly levels: 3 | 4;
  /** The physical address of the first table. */
  readonly top: HostPhysical;
  #asid = 0n;
  #realSatp = 0n;
  lastUse = 0;
  /** Everything that the guest's table had was copied (the variant eager). */
  complete = false;
  readonly #ground: Ground;
  #replaced = false;
  /**
   * By the address of each table that is not a last one: between which entries something was ever written, the first in the low 16 bits and the last
   * above. What is not here may be anywhere (after a restore). It saves looking at 512 entries at every fence.
   */
  readonly #written = new Map<number, number>();

  constructor(ground: Ground, { root, satp, mxr, id, asid, top }: View & { readonly id: number; readonly asid: bigint; readonly top: HostPhysical }) {
    this.#ground = ground;
    this.id = id;
    this.root = root;
    this.satp = satp;
    this.mxr = mxr;
    this.satpLow = Number(BigInt.asIntN(32, satp));
    this.satpHigh = Number(BigInt.asIntN(32, satp >> 32n));
    this.levels = isTranslated(root) ? levelsOf(satp) : 3;
    this.top = top;
    this.asid = asid;
  }

  /** The real address space: no two tables share one, so that going from one to another needs no fence. */
  get asid(): bigint {
    return this.#asid;
  }

  set asid(asid: bigint) {
    this.#asid = asid;
    this.#realSatp = ((this.levels === 4 ? SATP_SV48 : SATP_SV39) << 60n) | (asid << 44n) | (this.top >> 12n);
  }

  /** What the real satp holds while this table is in use. */
  get realSatp(): bigint {
    return this.#realSatp;
  }

  /** The guest's address space that it shadows. */
  get guestAsid(): bigint {
    return this.satp >> 44n & 0xffffn;
  }

  /** The last table on the way to an address, as words, made where it is not there. `level` is that of the guest's leaf. */
  leavesAt(va: GuestVirtual, level: number): Uint32Array {
    return wordsOf(this.#ground.memory, BigInt(this.#tableAt(va, level, 0)));
  }

  /**
   * Maps one page, of 4 KiB or (size 1) of 2 MiB; gives the address of the entry. `level` is that of the guest's leaf: where it is no larger
   * than a real page can be, or only as pieces, they come as they are used.
   */
  map(va: GuestVirtual, page: HostPhysical, flags: bigint, level: number, size: 0 | 1 = 0): bigint {
    const at = entryAt(this.#tableAt(va, level, size), pageNumber(va), size);
    this.#replaced = this.#replaced || (this.#ground.memory.word(at) & FLAG.V) !== 0;
    this.#write(va, size, BigInt(at), entryFor(page, flags));
    return BigInt(at);
  }

  /** Whether a page of 2 MiB may be mapped around an address: no smaller ones stand there. */
  takesSuperpage(va: GuestVirtual): boolean {
    const page = pageNumber(va);
    const { memory } = this.#ground;
    let table = Number(this.top);
    for (let depth = this.levels - 1; depth > 0; depth -= 1) {
      const at = entryAt(table, page, depth);
      const low = memory.word(at);
      if ((low & FLAG.V) === 0) return true;
      if ((low & LEAF) !== 0) return depth === 1;
      table = tableOfWords(low, memory.word(at + 4));
    }
    return false;
  }

  /** Whether the last `map` has replaced something: then the hardware may remember it. */
  get replaced(): boolean {
    return this.#replaced;
  }

  /** The table of this level (size) on the way to an address. */
  #tableAt(va: GuestVirtual, level: number, size: 0 | 1): number {
    const { memory, pool } = this.#ground;
    const page = pageNumber(va);
    let table = Number(this.top);
    this.#replaced = false;
    for (let depth = this.levels - 1; depth > size; depth -= 1) {
      const at = entryAt(table, page, depth);
      const low = memory.word(at);
      const pieces = depth <= level;
      const isPointer = (low & FLAG.V) !== 0 && (low & LEAF) === 0;
      if (isPointer && (!pieces || (low & Number(PIECES_OF_SUPERPAGE)) !== 0)) {
        table = tableOfWords(low, memory.word(at + 4));
        continue;
      }
      // A superpage gives way to smaller pages: the guest's table has changed, and its fence is still to come.
      if ((low & FLAG.V) !== 0) this.#replaced = true;
      const place = BigInt(at);
      let entry = isPointer ? memory.read(place, 8) : entryFor(this.#newTable(pool), PTE.V);
      if (pieces) entry |= PIECES_OF_SUPERPAGE;
      this.#write(va, depth, place, entry);
      table = Number(tableOf(entry));
    }
    return table;
  }

  /** The entry of a page, and where it stands; undefined where there is none. */
  leaf(va: bigint): { readonly at: bigint; readonly entry: bigint } | undefined {
    let table: bigint = this.top;
    for (let depth = this.levels - 1; ; depth -= 1) {
      const at = table + 8n * tableIndex(va, depth);
      const entry = this.#ground.memory.read(at, 8);
      if ((entry & PTE.V) === 0n) return undefined;
      if (depth === 0 || isLeaf(entry)) return { at, entry };
      table = tableOf(entry);
    }
  }

  /** Replaces an entry that `leaf` or `map` gave. */
  replace(va: bigint, at: bigint, entry: bigint): void {
    this.#write(va, 0, at, entry);
  }

  /**
   * Forgets the page of an address, or all pieces of the guest superpage that it is in; pages that are global stay, where `globals` says so.
   * What went: one page, or many.
   */
  drop(va: GuestVirtual, globals: 'drop' | 'keep', piecesToo = true): 'nothing' | 'page' | 'pages' {
    let table: bigint = this.top;
    for (let depth = this.levels - 1; depth >= 0; depth -= 1) {
      const at = table + 8n * tableIndex(va, depth);
      const entry = this.#ground.memory.read(at, 8);
      if ((entry & PTE.V) === 0n) return 'nothing';
      if (depth === 0 || isLeaf(entry)) {
        if (globals === 'keep' && (entry & GLOBAL_PAGE) !== 0n) return 'nothing';
        this.#write(va, depth, at, 0n);
        return 'page';
      }
      if (piecesToo && (entry & PIECES_OF_SUPERPAGE) !== 0n) {
        if (globals === 'keep') this.#dropLocal(tableOf(entry), depth - 1, va);
        else this.#cut(va, depth, at, entry);
        return 'pages';
      }
      table = tableOf(entry);
    }
    return 'nothing';
  }

  /** Forgets all that a table of the guest of this level has led to: what lies behind one entry of the level above. */
  dropBelow(va: bigint, level: number): void {
    if (level === this.levels - 1) {
      this.clear();
      return;
    }
    let table: bigint = this.top;
    for (let depth = this.levels - 1; depth > level; depth -= 1) {
      const at = table + 8n * tableIndex(va, depth);
      const entry = this.#ground.memory.read(at, 8);
      if ((entry & PTE.V) === 0n || isLeaf(entry)) return;
      if (depth === level + 1) this.#cut(va, depth, at, entry);
      table = tableOf(entry);
    }
  }

  /** Forgets every page that is not global. */
  clearLocal(): void {
    this.complete = false;
    this.#dropLocal(this.top, this.levels - 1, 0n);
  }

  /** Forgets everything; the first table stays, empty. */
  clear(): void {
    this.complete = false;
    const { memory } = this.#ground;
    const words = wordsOf(memory, this.top);
    const [first, last] = this.#extent(this.top);
    for (let index = first; index <= last; index += 1) {
      if ((words[2 * index]! & VALID) === 0) continue;
      const at = this.top + BigInt(8 * index);
      const entry = memory.read(at, 8);
      this.#cut(BigInt(index) << BigInt(12 + 9 * (this.levels - 1)), this.levels - 1, at, entry);
    }
    this.#written.set(Number(this.top), NOTHING_WRITTEN);
  }

  /** Gives all of its pages back; it must not be used again. */
  release(): void {
    this.#releaseTable(this.top, this.levels - 1);
  }

  /** How many pages it maps; `local` are those that are not global. */
  count(which: 'all' | 'local' = 'all'): number {
    return this.#count(this.top, this.levels - 1, which === 'local' ? GLOBAL_PAGE : 0n);
  }

  /** How many pieces are left of a guest superpage that has this address. */
  piecesOf(va: bigint): number {
    let table: bigint = this.top;
    for (let depth = this.levels - 1; depth > 0; depth -= 1) {
      const entry = this.#ground.memory.read(table + 8n * tableIndex(va, depth), 8);
      if ((entry & PTE.V) === 0n || isLeaf(entry)) return 0;
      if ((entry & PIECES_OF_SUPERPAGE) !== 0n) return this.#count(tableOf(entry), depth - 1, GLOBAL_PAGE);
      table = tableOf(entry);
    }
    return 0;
  }

  #write(va: bigint, level: number, at: bigint, entry: bigint): void {
    const { memory, log } = this.#ground;
    const before = memory.read(at, 8);
    if (before === entry) return;
    memory.write(at, 8, entry);
    if (level > 0) this.#noteWritten(Number(at));
    if (log.detailed) log.note({ on: 'pte', table: 'shadow', level, va, at, access: 'write', before, after: entry });
  }

  #newTable(pool: PoolShare): HostPhysical {
    const page = pool.allocate();
    this.#written.set(Number(page), NOTHING_WRITTEN);
    return page;
  }

  #noteWritten(at: number): void {
    const table = at - at % PAGE_SIZE;
    const written = this.#written.get(table);
    if (written === undefined) return;
    const index = at % PAGE_SIZE / 8;
    const [first, last] = [written & 0xffff, written >> 16];
    if (index < first || index > last) this.#written.set(table, Math.min(first, index) | (Math.max(last, index) << 16));
  }

  /** The first and the last entry that may hold something. */
  #extent(table: bigint): readonly [first: number, last: number] {
    const written = this.#written.get(Number(table));
    return written === undefined ? [0, ENTRIES - 1] : [written & 0xffff, written >> 16];
  }

  /** Clears a pointer and gives back the tables behind it; or a superpage. */
  #cut(va: bigint, level: number, at: bigint, entry: bigint): void {
    this.#write(va, level, at, 0n);
    if (!isLeaf(entry)) this.#releaseTable(tableOf(entry), level - 1);
  }

  #releaseTable(table: bigint, level: number): void {
    const { memory, pool } = this.#ground;
    if (level > 0) {
      const words = wordsOf(memory, table);
      const [first, last] = this.#extent(table);
      for (let index = first; index <= last; index += 1) {
        if ((words[2 * index]! & (VALID | LEAF)) === VALID) this.#releaseTable(tableOf(memory.read(table + BigInt(8 * index), 8)), level - 1);
      }
    }
    this.#written.delete(Number(table));
    pool.release(table);
  }

  #dropLocal(table: bigint, level: number, va: bigint): void {
    for (let index = 0; index < ENTRIES; index += 1) {
      const at = table + BigInt(8 * index);
      const entry = this.#ground.memory.read(at, 8);
      if ((entry & PTE.V) === 0n) continue;
      const here = va | BigInt(index) << BigInt(12 + 9 * level);
      if (level > 0 && !isLeaf(entry)) this.#dropLocal(tableOf(entry), level - 1, here);
      else if ((entry & GLOBAL_PAGE) === 0n) this.#write(here, level, at, 0n);
    }
  }

  #count(table: bigint, level: number, without: bigint): number {
    let count = 0;
    for (let index = 0; index < ENTRIES; index += 1) {
      const entry = this.#ground.memory.read(table + BigInt(8 * index), 8);
      if ((entry & PTE.V) === 0n) continue;
      if (level > 0 && !isLeaf(entry)) count += this.#count(tableOf(entry), level - 1, without);
      else if ((entry & without) === 0n) count += 1;
    }
    return count;
  }

  save(): SavedTable {
    const { id, root, satp, mxr, top, asid, lastUse, complete } = this;
    return { id, root, satp, mxr, top, asid, lastUse, complete };
  }
}
