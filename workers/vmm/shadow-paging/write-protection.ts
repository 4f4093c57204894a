/**
 * The variant write-protect: the VMM must not wait to be told that the guest has changed a table. Every page of the guest's RAM that a
 * shadow page was made through is a table; no shadow page lets the guest write there. Its first store traps: then all that was made through
 * the table goes, and the page may be written, for it is an ordinary page until the guest's next access needs it as a table again. So the
 * shadow tables are at all times what the guest's are, and `sfence.vma` has nothing to do.
 *
 * One kind of page cannot be had that way: one that is needed as a table by the very store that writes to it. The store would trap for
 * ever. Such a page stays writable, and what is made through it goes at the guest's next fence, as with the variant lazy.
 */
import { guestPhysical, PAGE_SIZE } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { isTranslated, type Ground, type ShadowTable } from './shadow-table.ts';
import { isLeaf, PTE, tableIndex, tableOf } from './sv39.ts';

/** What was made through a page of the guest's tables: a part of a shadow table. */
interface Made {
  readonly table: number;
  readonly va: bigint;
  /** The level of the entries in the guest's page. */
  readonly level: number;
}

/** A shadow entry that lets the guest write to a page. */
interface Writer {
  readonly table: number;
  readonly va: bigint;
  readonly at: bigint;
}

export interface SavedProtection {
  readonly tables: readonly (readonly [page: bigint, made: readonly Made[]])[];
  readonly writers: readonly (readonly [page: bigint, writers: readonly Writer[]])[];
  readonly unprotected: readonly bigint[];
  readonly last: { readonly page: bigint; readonly instret: bigint };
}

/** What it asks of the keeper of the shadow tables. */
interface Keeper {
  byId(id: number): ShadowTable | undefined;
  dropBelow(table: ShadowTable, va: bigint, level: number): void;
  fencePage(table: ShadowTable, va: bigint): void;
}

const PAGE_MASK = ~BigInt(PAGE_SIZE - 1);
/** More entries than this for one page are looked through for those that are gone. */
const MANY = 16;

export class WriteProtection {
  readonly #ground: Ground;
  readonly #guest: GuestMemory;
  readonly #hart: VirtualHart;
  readonly #keeper: Keeper;
  /** By guest-physical page. */
  #tables = new Map<bigint, Made[]>();
  #writers = new Map<bigint, Writer[]>();
  /** Tables that stay writable until the next fence. */
  #unprotected = new Set<bigint>();
  /** The last store that trapped here, to find one that makes no progress. */
  #last = { page: -1n, instret: -1n };

  constructor(ground: Ground, guest: GuestMemory, hart: VirtualHart, keeper: Keeper) {
    this.#ground = ground;
    this.#guest = guest;
    this.#hart = hart;
    this.#keeper = keeper;
  }

  /** Before a page is mapped: the tables on the way to it are protected; the page itself is not writable when it is a table. */
  rightsFor(table: ShadowTable, va: bigint, page: bigint, flags: bigint): bigint {
    if (isTranslated(table.root)) this.#protectTables(table, va);
    // The registers of a device are nobody's table.
    return this.#guest.owns(page, PAGE_SIZE) && this.#isProtected(this.#guest.fromHost(page)) ? flags & ~PTE.W : flags;
  }

  mapped(table: ShadowTable, va: bigint, page: bigint, at: bigint, rights: bigint): void {
    if ((rights & PTE.W) === 0n || !this.#guest.owns(page, PAGE_SIZE)) return;
    const gpa = this.#guest.fromHost(page);
    let writers = this.#writers.get(gpa) ?? [];
    if (writers.length >= MANY) writers = writers.filter((writer) => this.#entryOf(writer, page) !== undefined);
    if (!writers.some((writer) => writer.at === at && writer.table === table.id)) writers.push({ table: table.id, va, at });
    this.#writers.set(gpa, writers);
  }

  /** The guest stores to a page that the shadow table does not let it write: perhaps because it is a table. */
  storeTo(address: bigint): void {
    const page = address & PAGE_MASK;
    if (!this.#isProtected(page)) return;
    const { instret } = this.#hart;
    const again = this.#last.page === page && this.#last.instret === instret;
    this.#last = { page, instret };
    this.guestWrote(page);
    // No instruction has retired since the same store trapped: it needs the page as a table.
    if (again) this.#unprotected.add(page);
  }

  /** A table has changed, or is about to: what was made through it goes. */
  guestWrote(address: bigint): void {
    const page = address & PAGE_MASK;
    const made = this.#tables.get(page);
    if (!made) return;
    this.#tables.delete(page);
    for (const { table: id, va, level } of made) {
      const table = this.#keeper.byId(id);
      if (table) this.#keeper.dropBelow(table, va, level);
    }
    this.#ground.log.step('shadow.table-written', () => ({ gpa: hex(page), parts: String(made.length) }));
  }

  /** The guest's fence: only tables that had to stay writable may have changed without a trap. */
  fence(): void {
    const pages = [...this.#unprotected];
    this.#unprotected.clear();
    for (const page of pages) this.guestWrote(page);
    this.#ground.log.step('shadow.fence-unneeded', () => ({ tables: String(pages.length) }));
  }

  #isProtected(page: bigint): boolean {
    return this.#tables.has(page) && !this.#unprotected.has(page);
  }

  /** Walks as walk-guest.ts has just done, and remembers which pages it went through. */
  #protectTables(table: ShadowTable, va: bigint): void {
    let at = (table.satp & ((1n << 44n) - 1n)) << 12n;
    for (let level = table.levels - 1; level >= 0; level -= 1) {
      this.#protect(at, { table: table.id, va: va >> BigInt(21 + 9 * level) << BigInt(21 + 9 * level), level });
      // The walk has just gone this way: it is the guest's RAM.
      const entry = this.#guest.read(guestPhysical(at + 8n * tableIndex(va, level)), 8);
      if (isLeaf(entry)) return;
      at = tableOf(entry);
    }
  }

  #protect(page: bigint, use: Made): void {
    const made = this.#tables.get(page);
    if (made) {
      if (!made.some(({ table, va, level }) => table === use.table && va === use.va && level === use.level)) made.push(use);
      return;
    }
    this.#tables.set(page, [use]);
    if (this.#unprotected.has(page)) return;
    const host = this.#guest.placeOf(page)!;
    for (const writer of this.#writers.get(page) ?? []) {
      const entry = this.#entryOf(writer, host);
      if (entry === undefined) continue;
      const table = this.#keeper.byId(writer.table)!;
      table.replace(writer.va, writer.at, entry & ~PTE.W);
      this.#keeper.fencePage(table, writer.va);
    }
    this.#writers.delete(page);
    this.#ground.log.step('shadow.protect', () => ({ gpa: hex(page) }));
  }

  /** The writable entry for a page; undefined when it is gone. */
  #entryOf({ table, va, at }: Writer, page: bigint): bigint | undefined {
    const leaf = this.#keeper.byId(table)?.leaf(va);
    return leaf?.at === at && tableOf(leaf.entry) === page && (leaf.entry & PTE.W) !== 0n ? leaf.entry : undefined;
  }

  save(): SavedProtection {
    return {
      tables: [...this.#tables].map(([page, made]) => [page, [...made]] as const), writers: [...this.#writers].map(([page, writers]) => [page, [...writers]] as const),
      unprotected: [...this.#unprotected], last: this.#last,
    };
  }

  restore({ tables, writers, unprotected, last }: SavedProtection): void {
    this.#tables = new Map(tables.map(([page, made]) => [page, [...made]]));
    this.#writers = new Map(writers.map(([page, list]) => [page, [...list]]));
    this.#unprotected = new Set(unprotected);
    this.#last = last;
  }
}
