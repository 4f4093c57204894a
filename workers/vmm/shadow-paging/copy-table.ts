/**
 * The variant eager: the guest's whole table is copied into a shadow table at once, as the lecture tells it: whatever the guest's table maps
 * to its RAM, with the address exchanged. Only what no access would change is copied: an entry whose accessed bit is not set yet, and the
 * right to write before the dirty bit is set, come with the guest's first access, as with the variant lazy; and so do pages that the guest has
 * never used, because they have no memory yet.
 */
import { guestVirtual, PAGE_SIZE } from '../../base/address.ts';
import type { Bugs } from '../bugs.ts';
import type { ProtectedRegions } from '../virtual-hart/protected-regions.ts';
import type { GuestMemory } from '../guest-memory.ts';
import { rightsIn } from './rights.ts';
import { GLOBAL_PAGE, wordsOf, type Ground, type ShadowTable } from './shadow-table.ts';
import { ENTRIES, isReserved, PTE } from './sv39.ts';

/** A guest may have built a table of tables that lead back to themselves: so many are looked at, and what lies in others comes when it is used. */
const MOST_TABLES = 1024;
const MOST_PAGES = 1 << 17;
/** The physical page number in the two words of an entry. The guest's RAM lies so low that one word would do, but it must not be taken for granted. */
const PPN_LOW_BITS = 22;
const PAGE_SHIFT = 12;

interface Copy {
  readonly ground: Ground;
  readonly guest: GuestMemory;
  readonly table: ShadowTable;
  readonly bugs: Bugs;
  readonly regions: ProtectedRegions;
}

/** How many pages were copied. The table must be empty, or hold only what the guest's table allows. */
export function copyGuestTable({ ground, guest, table, bugs, regions }: Copy): number {
  // Where the guest's M protects some memory from it (PMP), each access is looked at when it comes.
  if (!regions.open) return 0;
  const { memory, pool } = ground;
  const ownRam = { first: Number(guest.base) / PAGE_SIZE, end: (Number(guest.base) + guest.bytes) / PAGE_SIZE };
  let [tables, pages] = [0, 0];
  const full = (): boolean => pages >= MOST_PAGES || pool.free < table.levels - 1;
  // By the low ten bits of the guest's leaf: worked out once for each that occurs.
  const flagsOf = new Map<number, number>();

  /** The flags of the shadow page; 0 where it is not to be copied. */
  const flagsFor = (low: number): number => {
    const known = flagsOf.get(low);
    if (known !== undefined) return known;
    const leaf = BigInt(low);
    const userPage = (leaf & PTE.U) !== 0n;
    const mine = table.root === 'user' ? userPage : !userPage || table.root === 'kernel-sum';
    const rights = rightsIn(table.root, leaf, table.mxr, bugs);
    const flags = mine && (leaf & PTE.A) !== 0n && !isReserved(leaf) && (rights & (PTE.R | PTE.X)) !== 0n ? Number(rights | ((leaf & PTE.G) !== 0n ? GLOBAL_PAGE : 0n)) : 0;
    flagsOf.set(low, flags);
    return flags;
  };

  const copyTable = (at: bigint, level: number, va: bigint, global: number): void => {
    if (tables >= MOST_TABLES || !guest.contains(at, PAGE_SIZE)) return;
    tables += 1;
    const host = guest.placeOf(at);
    // What the guest has never used holds zeros.
    if (host === undefined) return;
    const entries = wordsOf(memory, host);
    let leaves: Uint32Array | undefined;
    for (let index = 0; index < ENTRIES && !full(); index += 1) {
      const low = entries[2 * index]!;
      const high = entries[2 * index + 1]!;
      // Not valid, or with bits of extensions, which a fault will find.
      if ((low & 1) === 0 || high >= 1 << PPN_LOW_BITS) continue;
      const page = (low >>> 10) + high * 2 ** PPN_LOW_BITS;
      const here = va | BigInt(index) << BigInt(PAGE_SHIFT + 9 * level);
      if ((low & LEAF) === 0) {
        if (level > 0 && (low & NOT_IN_POINTERS) === 0) copyTable(BigInt(page) << BigInt(PAGE_SHIFT), level - 1, here, global | low & GLOBAL);
        continue;
      }
      const flags = flagsFor(low & 0xff | global);
      if (flags === 0) continue;
      if (level > 0) {
        if (page % ENTRIES ** level === 0) copySuperpage(page, level, here, flags);
      } else if (page >= ownRam.first && page < ownRam.end) {
        const place = guest.placeOfPage(page);
        if (place < 0) continue;
        leaves ??= table.leavesAt(guestVirtual(va), 0);
        put(leaves, index, place, flags);
        pages += 1;
      }
    }
  };

  /** In pieces of 4 KiB, and only where the guest has RAM. */
  const copySuperpage = (first: number, level: number, va: bigint, flags: number): void => {
    let page = Math.max(first, ownRam.first);
    const end = Math.min(first + ENTRIES ** level, ownRam.end);
    while (page < end && !full()) {
      const leaves = table.leavesAt(guestVirtual(va + (BigInt(page - first) << BigInt(PAGE_SHIFT))), level);
      do {
        const place = guest.placeOfPage(page);
        if (place >= 0) {
          put(leaves, page % ENTRIES, place, flags);
          pages += 1;
        }
        page += 1;
      } while (page < end && page % ENTRIES !== 0);
    }
  };

  copyTable((table.satp & ((1n << 44n) - 1n)) << BigInt(PAGE_SHIFT), table.levels - 1, 0n, 0);
  return pages;
}

const LEAF = Number(PTE.R | PTE.X);
const GLOBAL = Number(PTE.G);
const NOT_IN_POINTERS = Number(PTE.D | PTE.A | PTE.U | PTE.W);

function put(leaves: Uint32Array, index: number, page: number, flags: number): void {
  leaves[2 * index] = (page << 10 | flags) >>> 0;
  leaves[2 * index + 1] = page >>> PPN_LOW_BITS;
}
