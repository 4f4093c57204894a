/**
 * The shadow page tables that the VMM keeps: one for each address space of the guest and each way to look at it, as many as there is memory
 * for. The real satp points to one of them while the guest runs. Each has a real address space (ASID) of its own, so that going from one
 * to another needs no fence; and one that is emptied gets a fresh ASID instead of a fence, because no TLB has anything of that.
 *
 * How they follow the guest's tables is the variant:
 *   lazy           a page comes in when the guest first uses it, and goes when the guest's sfence.vma names it
 *   eager          a new satp and every fence make the table anew, with all that the guest's table has (the lecture's way)
 *   write-protect  the guest's tables cannot be written without a trap, and a fence has nothing to do (write-protection.ts)
 */
import type { GuestVirtual, HostPhysical } from '../../base/address.ts';
import { bits, hex } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { RealHart } from '../real-hart.ts';
import type { StepLog } from '../step-log.ts';
import { STATUS_LOW } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { copyGuestTable } from './copy-table.ts';
import type { AddressSpaces } from './address-spaces.ts';
import { isTranslated, SHADOW_ROOTS, ShadowTable, type Ground, type SavedTable, type ShadowRoot, type View } from './shadow-table.ts';
import { PTE } from './sv39.ts';
import { WriteProtection, type SavedProtection } from './write-protection.ts';

export { SHADOW_ROOTS, type ShadowRoot } from './shadow-table.ts';

export const SHADOW_VARIANTS = ['lazy', 'eager', 'write-protect'] as const;
export type ShadowVariant = (typeof SHADOW_VARIANTS)[number];

/** Which shadow table a real satp points to. */
export const rootOf = (satp: bigint): ShadowRoot | undefined => (satp === 0n ? undefined : SHADOW_ROOTS[Number(bits(satp, 46, 44))]);

/** Which shadow table the guest needs now. */
export function neededRoot(hart: VirtualHart): ShadowRoot {
  if (hart.mode === 'M') return hart.modifiesPrivilege ? 'machine-as-other' : 'machine';
  // MODE, the four highest bits, is 0: Bare.
  if (hart.csrs.satpHigh >>> 28 === 0) return 'bare';
  if (hart.mode === 'U') return 'user';
  return (hart.csrs.statusLow & STATUS_LOW.SUM) !== 0 ? 'kernel-sum' : 'kernel';
}

export interface SavedRoots {
  readonly variant: ShadowVariant;
  readonly tables: readonly SavedTable[];
  /** The id of the one in use. */
  readonly current: number;
  /** The ASID in the real satp; -1 where another guest's table is there. */
  readonly installed: bigint;
  readonly made: number;
  readonly uses: number;
  readonly protection: SavedProtection | undefined;
}

/** Which tables there are and what memory they take, for those who look. */
export interface ShadowUse {
  readonly tables: readonly { readonly root: ShadowRoot; readonly satp: bigint; readonly pages: number; readonly current: boolean }[];
  /** Pages of the pool: in use now, at most so far, and all. */
  readonly used: number;
  readonly most: number;
  readonly all: number;
}

/** For the check of the VMM by itself. */
export interface Changes {
  readonly mapped: { readonly table: ShadowTable; readonly va: bigint } | undefined;
  readonly fenced: { readonly va: bigint | undefined; readonly asid: bigint | undefined } | undefined;
}

interface Mapping {
  readonly rights: bigint;
  /** Of the guest's leaf. */
  readonly level: number;
  readonly superpage: HostPhysical | undefined;
  /** The table; the one that the guest needs now when nothing is said. */
  readonly root?: ShadowRoot;
}

/** What the tables of a guest stand on: real memory for them, real address spaces, and the real hart. */
export interface ShadowGround extends Ground {
  readonly spaces: AddressSpaces;
  readonly real: RealHart;
}

export class ShadowRoots {
  /** Maps pages of 4 KiB only. */
  pieces = false;
  readonly #ground: Ground;
  readonly #real: RealHart;
  readonly #log: StepLog;
  readonly #hart: VirtualHart;
  readonly #guest: GuestMemory;
  #variant: ShadowVariant = 'lazy';
  /** Of the variant write-protect. */
  #protection: WriteProtection | undefined;
  readonly #spaces: AddressSpaces;
  #tables: ShadowTable[] = [];
  #current: ShadowTable;
  /** The ASID in the real satp. */
  #installed = -1n;
  #made = 0;
  #uses = 0;
  #mapped: Changes['mapped'];
  #fenced: Changes['fenced'];

  constructor({ memory, pool, spaces, real, log }: ShadowGround, hart: VirtualHart, guest: GuestMemory, variant: ShadowVariant = 'lazy') {
    this.#ground = { memory, pool, log };
    this.#spaces = spaces;
    spaces.join(this.#renumber);
    this.#real = real;
    this.#log = log;
    this.#hart = hart;
    this.#guest = guest;
    this.#current = this.#make({ root: 'bare', satp: 0n, mxr: false });
    this.#follow(variant);
  }

  get variant(): ShadowVariant {
    return this.#variant;
  }

  #follow(variant: ShadowVariant): void {
    this.#variant = variant;
    const protection = this.#protection = variant === 'write-protect' ? new WriteProtection(this.#ground, this.#guest, this.#hart, this) : undefined;
    this.#guest.watchWrites(protection && ((page) => { protection.guestWrote(page); }));
  }

  /**
   * Begins all tables anew, from now on in this variant. The guest does not notice: its pages come again as it uses them. It goes on without
   * an exit, so the real satp changes here.
   */
  beginAnew(variant: ShadowVariant): void {
    for (const table of this.#tables) if (table !== this.#current) table.release();
    this.#tables = [this.#current];
    this.#follow(variant);
    this.#current.complete = false;
    this.#empty(this.#current);
    if (variant === 'eager') this.#copyAll(this.#current);
    // Another guest may have the hart.
    if (this.#installed === -1n) return;
    this.#installed = this.#current.asid;
    this.#real.writeCsr('satp', this.#current.realSatp);
  }

  /** The root that the real satp points to. */
  get current(): ShadowRoot {
    return this.#current.root;
  }

  /** Whether the table in use is that of the guest's satp and MXR of now, where it has any. */
  get followsGuest(): boolean {
    const { csrs } = this.#hart;
    return !isTranslated(this.#current.root) || (this.#current.satp === csrs.get('satp') && this.#current.mxr === ((csrs.statusLow & STATUS_LOW.MXR) !== 0));
  }

  /** What the real satp holds while the guest runs. */
  get realSatp(): bigint {
    return this.#current.realSatp;
  }

  get tables(): readonly ShadowTable[] {
    return this.#tables;
  }

  get use(): ShadowUse {
    const { pool } = this.#ground;
    const tables = this.#tables.map((table) => ({ root: table.root, satp: table.satp, pages: table.count(), current: table === this.#current }));
    return { tables, used: pool.pages - pool.free, most: pool.most, all: pool.pages };
  }

  /** The table for a root in the guest's address space of now, if there is one. */
  table(root: ShadowRoot): ShadowTable | undefined {
    const view = this.#viewOf(root);
    return this.#tables.find((table) => isFor(table, view));
  }

  /** The table with this number, unless it is gone. */
  byId(id: number): ShadowTable | undefined {
    return this.#tables.find((table) => table.id === id);
  }

  /** Puts the table that the guest needs now into the real satp; gives its root when that has changed satp. */
  install(): ShadowRoot | undefined {
    if (this.#hart.bugs['root-not-changed'] && this.#current.satp === this.#viewOf('user').satp) return undefined;
    const root = neededRoot(this.#hart);
    const table = this.#isCurrent(root) ? this.#current : this.#tableFor(root);
    if (this.variant === 'eager' && !table.complete) this.#copyAll(table);
    if (table === this.#current && this.#installed === table.asid) return undefined;
    this.#current = table;
    this.#uses += 1;
    table.lastUse = this.#uses;
    this.#installed = table.asid;
    this.#real.writeCsr('satp', table.realSatp);
    return root;
  }

  /** Another guest gets the hart: the next `install` writes the real satp. */
  leaveHart(): void {
    this.#installed = -1n;
  }

  /**
   * Maps one page of a table. `superpage`: where the 2 MiB around the page stand, when they may come as one.
   */
  map(va: GuestVirtual, page: HostPhysical, { rights: flags, level, superpage, root = neededRoot(this.#hart) }: Mapping): void {
    const table = this.#tableFor(root);
    // A page needs at most one new table for each level below the root.
    this.#makeRoom(table.levels - 1, table);
    const rights = this.#protection?.rightsFor(table, va, page, flags) ?? flags;
    const large = superpage !== undefined && this.#mayBeLarge(rights) && table.takesSuperpage(va);
    const to = large ? superpage : page;
    const at = table.map(va, to, rights, level, large ? 1 : 0);
    this.#protection?.mapped(table, va, page, at, rights);
    this.#mapped = { table, va };
    // A hypercall fences and maps anew: this is not what the fence has left.
    if (this.#fenced?.va === va) this.#fenced = undefined;
    if (this.#log.detailed) this.#log.step('shadow.fill', () => ({ root: table.root, va: hex(va), page: hex(to), flags: flagLetters(rights) }));
    // Where there was nothing, the hardware has nothing to forget; should it remember that, the access only traps once more, and then there is something.
    if (table.replaced) this.#real.fenceVma(va, table.asid);
  }

  /** Tables of the guest are kept from being written page by page; and what has no right at all would be taken for a pointer. */
  #mayBeLarge(rights: bigint): boolean {
    return !this.#protection && (rights & (PTE.R | PTE.X)) !== 0n && !this.pieces;
  }

  /** The guest writes satp. With the variant eager the table of the new address space is made anew; else what is known of it is still good. */
  satpWritten(): void {
    if (this.variant === 'eager') this.dropAll();
  }

  /** The guest's M mode has changed what its modes may do where (PMP): every page may have other rights. */
  regionsChanged(): void {
    for (const table of this.#tables) {
      table.complete = false;
      this.#empty(table);
    }
    this.#log.step('shadow.regions');
  }

  /** The guest stores to a page of its RAM that the shadow table does not let it write. */
  storeTo(gpa: bigint): void {
    this.#protection?.storeTo(gpa);
  }

  /**
   * The guest's `sfence.vma`: what was made from its tables for one address, for one address space, for both, or at all.
   */
  fence(va?: GuestVirtual, asid?: bigint): void {
    this.#fenced = { va, asid };
    if (this.#hart.bugs['fence-skipped']) return;
    if (this.#protection) {
      this.#protection.fence();
      return;
    }
    if (va === undefined && asid === undefined) this.dropAll();
    else if (va === undefined) this.#dropSpace(asid!);
    else this.#dropAddress(va, asid);
  }

  /** Forgets everything that was made from the guest's tables. */
  dropAll(): void {
    const [dropped, kept] = [this.#tables.filter(({ root }) => isTranslated(root)), this.#tables.filter(({ root }) => !isTranslated(root))];
    this.#noteDrop(dropped);
    this.#tables = kept;
    for (const table of dropped) {
      if (table === this.#current) this.#empty(table);
      else table.release();
    }
    if (isTranslated(this.#current.root)) this.#tables.push(this.#current);
    this.#log.step('shadow.drop-all');
  }

  /** Forgets the pages of an address space; global ones belong to all. */
  #dropSpace(asid: bigint): void {
    for (const table of this.#tables) {
      if (!isTranslated(table.root) || table.guestAsid !== asid) continue;
      const before = this.#log.detailed ? table.count() : 0;
      table.clearLocal();
      this.#renew(table);
      if (before > 0) this.#log.note({ on: 'shadow-drop', root: table.root, count: before - table.count() });
    }
    this.#log.step('shadow.drop-space', () => ({ asid: String(asid) }));
  }

  #dropAddress(va: GuestVirtual, asid: bigint | undefined): void {
    for (const table of this.#tables) {
      if (!isTranslated(table.root) || (asid !== undefined && table.guestAsid !== asid)) continue;
      const before = this.#log.detailed ? table.count() : 0;
      const gone = table.drop(va, asid === undefined ? 'drop' : 'keep', !this.#hart.bugs['fence-one-piece']);
      if (gone === 'nothing') continue;
      table.complete = false;
      if (gone === 'page') this.#real.fenceVma(va, table.asid);
      else this.#renew(table);
      if (before > 0) this.#log.note({ on: 'shadow-drop', root: table.root, count: before - table.count() });
    }
    this.#log.step('shadow.drop', () => ({ va: hex(va) }));
  }

  /** Takes a table's pages back, or a part of them (write-protection.ts); the hardware must not use what it remembers of it. */
  dropBelow(table: ShadowTable, va: bigint, level: number): void {
    table.dropBelow(va, level);
    this.#renew(table);
  }

  /** The hardware must not use what it remembers of one page. */
  fencePage(table: ShadowTable, va: bigint): void {
    this.#real.fenceVma(va, table.asid);
  }

  #empty(table: ShadowTable): void {
    table.clear();
    this.#renew(table);
  }

  /** A fresh real ASID: nothing of the table as it was is in any TLB under it. */
  #renew(table: ShadowTable): void {
    table.asid = this.#spaces.next(table.root);
  }

  /** All of them at once: no number that was used before is in any TLB. */
  readonly #renumber = (): void => {
    for (const table of this.#tables) this.#renew(table);
  };

  #viewOf(root: ShadowRoot): View {
    if (!isTranslated(root)) return { root, satp: 0n, mxr: false };
    return { root, satp: this.#hart.csrs.get('satp'), mxr: this.#mxr };
  }

  get #mxr(): boolean {
    return (this.#hart.csrs.statusLow & STATUS_LOW.MXR) !== 0 && !this.#hart.bugs['mxr-forgotten'];
  }

  #isCurrent(root: ShadowRoot): boolean {
    const current = this.#current;
    if (current.root !== root) return false;
    return !isTranslated(root) || (current.satpLow === this.#hart.csrs.satpLow && current.satpHigh === this.#hart.csrs.satpHigh && current.mxr === this.#mxr);
  }

  #tableFor(root: ShadowRoot): ShadowTable {
    if (this.#isCurrent(root)) return this.#current;
    return this.table(root) ?? this.#make(this.#viewOf(root));
  }

  #make(view: View): ShadowTable {
    this.#makeRoom(1);
    const table = new ShadowTable(this.#ground, { ...view, id: this.#made, asid: this.#spaces.next(view.root), top: this.#ground.pool.allocate() });
    this.#made += 1;
    this.#tables.push(table);
    return table;
  }

  /** Sees to it that so many pages are free: the tables that were not used for longest go. `keep` is emptied only when it is the last. */
  #makeRoom(pages: number, keep?: ShadowTable): void {
    const { pool } = this.#ground;
    while (pool.free < pages) {
      const others = this.#tables.filter((table) => table !== keep && table !== this.#current);
      if (others.length === 0) {
        // What is in it now comes one by one, also with the variant eager: there is no room for all.
        for (const table of new Set([keep ?? this.#current, this.#current])) {
          if (pool.free >= pages) break;
          this.#empty(table);
          table.complete = true;
        }
        this.#log.step('shadow.emptied', () => ({ root: (keep ?? this.#current).root }));
        return;
      }
      const oldest = others.reduce((a, b) => (b.lastUse < a.lastUse ? b : a));
      this.#noteDrop([oldest]);
      this.#tables = this.#tables.filter((table) => table !== oldest);
      oldest.release();
      this.#log.step('shadow.evict', () => ({ root: oldest.root, satp: hex(oldest.satp) }));
    }
  }

  /** The variant eager: everything that the guest's table allows now. */
  #copyAll(table: ShadowTable): void {
    table.complete = true;
    if (!isTranslated(table.root)) return;
    const pages = copyGuestTable({ ground: this.#ground, guest: this.#guest, table, bugs: this.#hart.bugs, regions: this.#hart.csrs.regions });
    this.#renew(table);
    this.#log.step('shadow.rebuild', () => ({ root: table.root, pages: String(pages) }));
  }

  /** Counting walks the whole table, so it is done only while somebody watches. */
  #noteDrop(tables: readonly ShadowTable[]): void {
    if (!this.#log.detailed) return;
    for (const root of SHADOW_ROOTS) {
      const count = tables.filter((table) => table.root === root).reduce((sum, table) => sum + table.count(), 0);
      if (count > 0) this.#log.note({ on: 'shadow-drop', root, count });
    }
  }

  /** What the VMM has done since it was last asked, for its check of itself. */
  takeChanges(): Changes {
    const changes = { mapped: this.#mapped, fenced: this.#fenced };
    this.#mapped = this.#fenced = undefined;
    return changes;
  }

  /** No table of it is used any more. */
  leave(): void {
    this.#spaces.leave(this.#renumber);
  }

  /** The guest is gone: its tables go back to the pool. */
  release(): void {
    for (const table of this.#tables) table.release();
    this.#tables = [];
  }

  /** Its share of the memory for tables may have become smaller. */
  shrink(): void {
    this.#makeRoom(0);
  }

  save(): SavedRoots {
    return {
      variant: this.#variant, tables: this.#tables.map((table) => table.save()), current: this.#current.id, installed: this.#installed,
      made: this.#made, uses: this.#uses, protection: this.#protection?.save(),
    };
  }

  restore({ variant, tables, current, installed, made, uses, protection }: SavedRoots): void {
    this.#tables = tables.map((saved) => {
      const table = new ShadowTable(this.#ground, { ...saved, top: saved.top as HostPhysical });
      table.lastUse = saved.lastUse;
      table.complete = saved.complete;
      return table;
    });
    this.#current = this.byId(current)!;
    this.#installed = installed;
    this.#made = made;
    this.#uses = uses;
    if (variant !== this.#variant) this.#follow(variant);
    if (protection) this.#protection?.restore(protection);
  }
}

const isFor = (table: ShadowTable, { root, satp, mxr }: View): boolean => table.root === root && table.satp === satp && table.mxr === mxr;

function flagLetters(flags: bigint): string {
  return (['R', 'W', 'X'] as const).map((letter) => ((flags & PTE[letter]) !== 0n ? letter : '-')).join('');
}
