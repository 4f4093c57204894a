/**
 * The VMM checks itself: what must hold after each exit, whatever the guest does. Tests ask after every exit, and so does the VMM itself while
 * a bug is turned on. It works out anew, in its own way, what the rest of the VMM has just done, and changes nothing.
 */
import { hex } from '../base/bits.ts';
import { INTERRUPT } from '../isa/causes.ts';
import type { GuestMemory } from './guest-memory.ts';
import type { RealHart } from './real-hart.ts';
import { brokenIsolation, type ShadowTables } from './shadow-paging/invariant.ts';
import { neededRoot, rootOf, type Changes } from './shadow-paging/shadow-roots.ts';
import { GLOBAL_PAGE, isTranslated, type ShadowTable } from './shadow-paging/shadow-table.ts';
import { isLeaf, PTE, tableIndex, tableOf } from './shadow-paging/sv39.ts';
import { guestPhysical } from '../base/address.ts';
import { SSTATUS } from './virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from './virtual-hart/virtual-hart.ts';

export interface Checked extends ShadowTables {
  readonly hart: VirtualHart;
  readonly real: RealHart;
}

/** The first rule that is broken, with one sentence, or undefined. */
export function brokenRule(vmm: Checked): string | undefined {
  const isolation = brokenIsolation(vmm);
  if (isolation !== undefined) return `I1: ${isolation}`;
  return wrongRoot(vmm) ?? forgottenInterrupt(vmm.hart) ?? brokenTables(vmm);
}

function wrongRoot({ hart, real }: Checked): string | undefined {
  const [needed, used] = [neededRoot(hart), rootOf(real.satp)];
  return needed === used ? undefined : `S1: The guest goes on in virtual ${hart.mode} with the shadow table “${used ?? 'none'}” instead of “${needed}”.`;
}

function forgottenInterrupt({ csrs, mode }: VirtualHart): string | undefined {
  const ready = csrs.get('sip') & csrs.get('sie') & ((1n << BigInt(INTERRUPT.sei)) | (1n << BigInt(INTERRUPT.sti)) | (1n << BigInt(INTERRUPT.ssi)));
  if (ready === 0n || mode === 'M' || (mode === 'S' && (csrs.get('sstatus') & SSTATUS.SIE) === 0n)) return undefined;
  return `T9: The guest goes on although it must take an interrupt (sip and sie have ${hex(ready)}).`;
}

function brokenTables(vmm: Checked): string | undefined {
  const { mapped, fenced } = vmm.shadow.takeChanges();
  if (mapped && vmm.shadow.byId(mapped.table.id)) {
    const broken = brokenPage(vmm.guest, mapped.table, mapped.va);
    if (broken !== undefined) return broken;
  }
  if (fenced) return staleAfter(vmm, fenced);
  return undefined;
}

/** The page that has just been mapped, against the guest's table as it is now. */
function brokenPage(guest: GuestMemory, table: ShadowTable, va: bigint): string | undefined {
  const found = table.leaf(va);
  if (!found || !isTranslated(table.root)) return undefined;
  const shadow = found.entry;
  const guestLeaf = leafOf(guest, table, va);
  const page = `the page ${hex(va)} in the shadow table “${table.root}”`;
  if (!guestLeaf) return `S7: The VMM has mapped ${page}, and the guest's table has none there.`;
  const { entry, level } = guestLeaf;
  if (tableOf(entry) % (1n << BigInt(12 + 9 * level)) !== 0n) return `S7: The VMM has mapped ${page} from a superpage that is not aligned.`;
  const readable = (entry & PTE.R) !== 0n || (table.mxr && (entry & PTE.X) !== 0n);
  const executable = (entry & PTE.X) !== 0n && !((entry & PTE.U) !== 0n && table.root !== 'user');
  if (((shadow & PTE.R) !== 0n && !readable) || ((shadow & PTE.W) !== 0n && (entry & PTE.W) === 0n) || ((shadow & PTE.X) !== 0n && !executable)) {
    return `S2: ${page} has more rights (${hex(shadow & 0xffn)}) than the guest's table gives (${hex(entry & 0xffn)}).`;
  }
  if ((entry & PTE.A) === 0n) return `S3: The VMM has mapped ${page}, and the guest's entry is not marked as accessed.`;
  if ((shadow & PTE.W) !== 0n && (entry & PTE.D) === 0n) return `S3: ${page} may be written before the guest's entry is dirty.`;
  return undefined;
}

/** The guest's leaf entry for an address, looked up without a trace. */
function leafOf(guest: GuestMemory, { satp, levels }: ShadowTable, va: bigint): { readonly entry: bigint; readonly level: number } | undefined {
  let table = (satp & ((1n << 44n) - 1n)) << 12n;
  for (let level = levels - 1; level >= 0; level -= 1) {
    const at = table + 8n * tableIndex(va, level);
    if (!guest.contains(at, 8)) return undefined;
    const entry = guest.read(guestPhysical(at), 8);
    if ((entry & PTE.V) === 0n) return undefined;
    if (isLeaf(entry)) return { entry, level };
    table = tableOf(entry);
  }
  return undefined;
}

/** After the guest's fence: nothing that it named may be left. With the other variants new pages may be there already, or were never stale. */
function staleAfter({ shadow }: Checked, { va, asid }: NonNullable<Changes['fenced']>): string | undefined {
  if (shadow.variant !== 'lazy') return undefined;
  for (const table of shadow.tables) {
    if (!isTranslated(table.root) || (asid !== undefined && table.guestAsid !== asid)) continue;
    const left = va === undefined ? anyLeaf(table, asid !== undefined) : table.piecesOf(va) ?? keptLeaf(table, va, asid !== undefined);
    if (left !== undefined) return `S4: After the guest's fence the shadow table “${table.root}” still has ${left}.`;
  }
  return undefined;
}

function keptLeaf(table: ShadowTable, va: bigint, globalsStay: boolean): string | undefined {
  const leaf = table.leaf(va);
  return !leaf || (globalsStay && (leaf.entry & GLOBAL_PAGE) !== 0n) ? undefined : `the page ${hex(va)}`;
}

function anyLeaf(table: ShadowTable, globalsStay: boolean): string | undefined {
  const count = table.count(globalsStay ? 'local' : 'all');
  return count === 0 ? undefined : `${String(count)} of its pages`;
}
