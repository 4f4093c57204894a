/**
 * The VMM walks the guest's page table as the hardware would (privileged manual, "Virtual Address Translation Process"), with the rights
 * of the guest's virtual mode. The answer tells a fault that is the guest's own from one that only the shadow table has.
 */
import { guestPhysical, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { bits, hex, signExtend } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import { SATP_BARE, SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { addressBits, isLeaf, isReserved, levelsOf, PTE, tableIndex, tableOf } from './sv39.ts';

export type Access = 'fetch' | 'load' | 'store';

export type GuestWalk =
  /** The guest's table allows the access. `leaf` holds the accessed and dirty bits as they are now; `global`: it, or a table above it, is. */
  | { readonly found: 'page'; readonly gpa: GuestPhysical; readonly leaf: bigint; readonly level: number; readonly global: boolean }
  /** The guest's table does not allow it: the guest's own fault. */
  | { readonly found: 'page-fault' }
  /** The guest's table leads to an entry where the guest has no memory. */
  | { readonly found: 'access-fault' };

/** Bits 13:10 of a leaf of 64 KiB. */
const NAPOT_64K = 8n;
const PAGE_FAULT: GuestWalk = { found: 'page-fault' };
const ACCESS_FAULT: GuestWalk = { found: 'access-fault' };
/** Paging is off: every page is there with every right. */
const EVERYTHING = PTE.V | PTE.R | PTE.W | PTE.X | PTE.A | PTE.D;

export function walkGuest(hart: VirtualHart, memory: GuestMemory, log: StepLog, va: GuestVirtual, access: Access): GuestWalk {
  const satp = hart.csrs.get('satp');
  if (bits(satp, 63, 60) === SATP_BARE) return { found: 'page', gpa: guestPhysical(va), leaf: EVERYTHING, level: 0, global: false };
  const levels = levelsOf(satp);
  if (signExtend(va, addressBits(levels)) !== va) return PAGE_FAULT;

  let table = guestPhysical(bits(satp, 43, 0) << 12n);
  let global = 0n;
  for (let level = levels - 1; level >= 0; level -= 1) {
    const at = guestPhysical(table + 8n * tableIndex(va, level));
    if (!memory.contains(at, 8)) return ACCESS_FAULT;
    const entry = memory.read(at, 8);
    log.note({ on: 'pte', table: 'guest', level, va, at, access: 'read', before: entry, after: entry });

    if ((entry & PTE.V) === 0n || isReserved(entry)) return PAGE_FAULT;
    global |= entry & PTE.G;
    if (isLeaf(entry)) {
      if (!mayAccess(hart, entry, access) || !(isAligned(entry, level) || hart.bugs['misaligned-superpage'])) return PAGE_FAULT;
      log.step('walk-guest.leaf', () => ({ va: hex(va), level: String(level), entry: hex(entry) }));
      const leaf = markUsed(hart, memory, log, { at, va, level, entry, access });
      return { found: 'page', gpa: physicalAddress(leaf, va, level), leaf, level, global: global !== 0n };
    }
    // These bits are reserved in an entry that points to a further table.
    if ((entry & (PTE.D | PTE.A | PTE.U | PTE.N)) !== 0n) return PAGE_FAULT;
    table = guestPhysical(tableOf(entry));
  }
  return PAGE_FAULT;
}

/** User pages are for user mode; the kernel may load and store in them while SUM is set, and never executes them. */
function mayAccess(hart: VirtualHart, leaf: bigint, access: Access): boolean {
  const userPage = (leaf & PTE.U) !== 0n;
  if (hart.mode === 'U' && !userPage) return false;
  if (hart.mode === 'S' && userPage && (access === 'fetch' || !hart.status(SSTATUS.SUM))) return false;
  switch (access) {
    case 'fetch': return (leaf & PTE.X) !== 0n;
    case 'store': return (leaf & PTE.W) !== 0n;
    case 'load': return (leaf & readable(hart)) !== 0n;
  }
}

/** With MXR set, what may be executed may be loaded, too. */
export function readable(hart: VirtualHart): bigint {
  return hart.status(SSTATUS.MXR) ? PTE.R | PTE.X : PTE.R;
}

/** A leaf above the last level maps a superpage, which must be aligned to its own size. N stands only in leaves of 4 KiB, for 64 KiB (Svnapot). */
function isAligned(leaf: bigint, level: number): boolean {
  if ((leaf & PTE.N) !== 0n && (level > 0 || bits(leaf, 13, 10) !== NAPOT_64K)) return false;
  return (tableOf(leaf) & offsetMask(level)) === 0n;
}

interface UsedLeaf {
  readonly at: GuestPhysical;
  readonly va: GuestVirtual;
  readonly level: number;
  readonly entry: bigint;
  readonly access: Access;
}

/** Sets the accessed bit, and for a store the dirty bit, in the guest's table: the guest must find there what hardware would have left. */
function markUsed(hart: VirtualHart, memory: GuestMemory, log: StepLog, { at, va, level, entry, access }: UsedLeaf): bigint {
  const used = entry | PTE.A | (access === 'store' ? PTE.D : 0n);
  if (used === entry) return entry;
  if (hart.bugs['accessed-forgotten']) return used;
  memory.setFlags(at, used);
  log.note({ on: 'pte', table: 'guest', level, va, at, access: 'write', before: entry, after: used });
  log.step('walk-guest.accessed-dirty', () => ({ entry: hex(used), at: hex(at) }));
  return used;
}

function offsetMask(level: number): bigint {
  return (1n << BigInt(12 + 9 * level)) - 1n;
}

function physicalAddress(leaf: bigint, va: GuestVirtual, level: number): GuestPhysical {
  // Of a page of 64 KiB, four more bits come from the address.
  if ((leaf & PTE.N) !== 0n) return guestPhysical((tableOf(leaf) & ~0xffffn) | (va & 0xffffn));
  return guestPhysical(tableOf(leaf) | (va & offsetMask(level)));
}
