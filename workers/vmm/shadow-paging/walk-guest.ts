/**
 * The VMM walks the guest's page table as the hardware would (privileged manual, "Virtual Address Translation Process"), with the rights
 * of the guest's virtual mode. The answer tells a fault that is the guest's own from one that only the shadow table has.
 */
import { guestPhysical, PAGE_SIZE, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import { ENVCFG } from '../../isa/csrs.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import { SATP_BARE, SATP_SV48, STATUS_LOW } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart, VirtualMode } from '../virtual-hart/virtual-hart.ts';
import { entryAt, ENTRIES, FLAG, isReservedWords, N_HIGH, pageNumberOfWords, PTE, tableOfWords } from './sv39.ts';

export type Access = 'fetch' | 'load' | 'store';

export type GuestWalk =
  /** The guest's table allows the access. `leaf` holds the accessed and dirty bits as they are now; `global`: it, or a table above it, is. */
  | { readonly found: 'page'; readonly gpa: GuestPhysical; readonly leaf: bigint; readonly level: number; readonly global: boolean }
  /** The guest's table does not allow it: the guest's own fault. */
  | { readonly found: 'page-fault' }
  /** The guest's table leads to an entry where the guest has no memory, or its own M mode forbids the access (PMP). */
  | { readonly found: 'access-fault' };

/** Bits 13:10 of a leaf of 64 KiB. */
const NAPOT_64K = 8;
/** menvcfg.ADUE, in the high half. */
const ADUE_HIGH = Number(ENVCFG.ADUE >> 32n);
const PAGE_FAULT: GuestWalk = { found: 'page-fault' };
const ACCESS_FAULT: GuestWalk = { found: 'access-fault' };
/** Paging is off: every page is there with every right, as in one large superpage. */
const UNDIVIDED = 2;
const EVERYTHING = PTE.V | PTE.R | PTE.W | PTE.X | PTE.A | PTE.D;
/** Bits of an address in its high word, above which all must equal the highest: 39 and 48. */
const SV39_HIGH_BITS = 6;
const SV48_HIGH_BITS = 15;

/** A bigint and its two words: what is worked out at every fault is worked out in words. */
const wide = new BigUint64Array(1);
const words = new Uint32Array(wide.buffer);

export function walkGuest(hart: VirtualHart, memory: GuestMemory, log: StepLog, va: GuestVirtual, access: Access, mode = hart.modeFor(access)): GuestWalk {
  const { satpLow, satpHigh, regions } = hart.csrs;
  const scheme = satpHigh >>> 28;
  // M has no translation; and with paging off S and U have none either.
  if (mode === 'M' || scheme === Number(SATP_BARE)) {
    return regions.open || regions.allows(va, 1, access, mode === 'M') ? { found: 'page', gpa: guestPhysical(va), leaf: EVERYTHING, level: UNDIVIDED, global: false } : ACCESS_FAULT;
  }
  const levels = scheme === Number(SATP_SV48) ? 4 : 3;
  wide[0] = va;
  const vaLow = words[0]!;
  const vaHigh = words[1]! | 0;
  const above = vaHigh >> (levels === 4 ? SV48_HIGH_BITS : SV39_HIGH_BITS);
  if (above !== 0 && above !== -1) return PAGE_FAULT;

  const page = pageNumberOfWords(vaLow, vaHigh);
  let table = ((satpLow >>> 0) + (satpHigh & 0xfff) * 2 ** 32) * PAGE_SIZE;
  let global = 0;
  for (let level = levels - 1; level >= 0; level -= 1) {
    const at = entryAt(table, page, level);
    if (!memory.holdsEntry(at) || !(regions.open || regions.allows(BigInt(at), 8, 'load', false))) return ACCESS_FAULT;
    const low = memory.word(at);
    const high = memory.word(at + 4);
    if (log.detailed) noteRead(memory, log, { level, va, at });

    if ((low & FLAG.V) === 0 || isReservedWords(low, high)) return PAGE_FAULT;
    global |= low & FLAG.G;
    if ((low & (FLAG.R | FLAG.X)) !== 0) {
      if (!mayAccess(hart, mode, low, access) || !(isAligned(low, high, level) || hart.bugs['misaligned-superpage'])) return PAGE_FAULT;
      words[0] = low;
      words[1] = high;
      const entry = wide[0];
      if (log.detailed) log.step('walk-guest.leaf', () => ({ va: hex(va), level: String(level), entry: hex(entry) }));
      const used = low | FLAG.A | (access === 'store' ? FLAG.D : 0);
      const leaf = used === low ? entry : markUsed(hart, memory, log, { at: guestPhysical(BigInt(at)), va, level, entry, access });
      if (typeof leaf !== 'bigint') return leaf;
      const gpa = physicalAddress(low, high, level, vaLow, vaHigh);
      return regions.open || regions.allows(gpa, 1, access, false) ? { found: 'page', gpa, leaf, level, global: global !== 0 } : ACCESS_FAULT;
    }
    // These bits are reserved in an entry that points to a further table.
    if ((low & (FLAG.D | FLAG.A | FLAG.U)) !== 0 || (high & N_HIGH) !== 0) return PAGE_FAULT;
    table = tableOfWords(low, high);
  }
  return PAGE_FAULT;
}

function noteRead(memory: GuestMemory, log: StepLog, { level, va, at: place }: { readonly level: number; readonly va: GuestVirtual; readonly at: number }): void {
  const at = guestPhysical(BigInt(place));
  const entry = memory.read(at, 8);
  log.note({ on: 'pte', table: 'guest', level, va, at, access: 'read', before: entry, after: entry });
}

/** User pages are for user mode; the kernel may load and store in them while SUM is set, and never executes them. */
function mayAccess(hart: VirtualHart, mode: VirtualMode, leaf: number, access: Access): boolean {
  const userPage = (leaf & FLAG.U) !== 0;
  const status = hart.csrs.statusLow;
  if (mode === 'U' && !userPage) return false;
  if (mode === 'S' && userPage && (access === 'fetch' || (status & STATUS_LOW.SUM) === 0)) return false;
  switch (access) {
    case 'fetch': return (leaf & FLAG.X) !== 0;
    case 'store': return (leaf & FLAG.W) !== 0;
    // With MXR set, what may be executed may be loaded, too.
    case 'load': return (leaf & ((status & STATUS_LOW.MXR) !== 0 ? FLAG.R | FLAG.X : FLAG.R)) !== 0;
  }
}

/** A leaf above the last level maps a superpage, which must be aligned to its own size. N stands only in leaves of 4 KiB, for 64 KiB (Svnapot). */
function isAligned(low: number, high: number, level: number): boolean {
  if ((high & N_HIGH) !== 0 && (level > 0 || (low >>> 10 & 15) !== NAPOT_64K)) return false;
  return tableOfWords(low, high) % (PAGE_SIZE * ENTRIES ** level) === 0;
}

interface UsedLeaf {
  readonly at: GuestPhysical;
  readonly va: GuestVirtual;
  readonly level: number;
  readonly entry: bigint;
  readonly access: Access;
}

/** Sets the accessed bit, and for a store the dirty bit, in the guest's table: the guest must find there what hardware would have left. */
function markUsed(hart: VirtualHart, memory: GuestMemory, log: StepLog, { at, va, level, entry, access }: UsedLeaf): bigint | GuestWalk {
  const used = entry | PTE.A | (access === 'store' ? PTE.D : 0n);
  // Without Svadu in charge, or where the guest's M protects the entry, software must do it.
  if ((hart.csrs.environmentHigh & ADUE_HIGH) === 0) return PAGE_FAULT;
  if (!hart.csrs.regions.allows(at, 8, 'store', false)) return ACCESS_FAULT;
  if (hart.bugs['accessed-forgotten']) return used;
  memory.setFlags(at, used);
  log.note({ on: 'pte', table: 'guest', level, va, at, access: 'write', before: entry, after: used });
  log.step('walk-guest.accessed-dirty', () => ({ entry: hex(used), at: hex(at) }));
  return used;
}

function physicalAddress(low: number, high: number, level: number, vaLow: number, vaHigh: number): GuestPhysical {
  const napot = (high & N_HIGH) !== 0;
  // Of a page of 64 KiB, four more bits come from the address. That of 512 GiB has seven bits of its offset in the high word.
  const offset = napot ? 0xffff : level === 3 ? -1 : PAGE_SIZE * ENTRIES ** level - 1;
  words[0] = ((low >>> 10) << 12 & (napot ? ~offset : -1)) | (vaLow & offset);
  words[1] = ((high & 0x3f_ffff) << 2) | (low >>> 30) | (level === 3 ? vaHigh & 0x7f : 0);
  return guestPhysical(wide[0]!);
}
