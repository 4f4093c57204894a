/**
 * What three tables say together of one access: the guest's (gva to gpa), the VMM's memory map (gpa to hpa) and the shadow table (gva to hpa), which is
 * the only one that the hardware asks. Works it out anew from the walks, without changing anything (vmm/SPEC.md, rules S1 to S10 and T4 to T6).
 */
import type { ShadowVariant } from '../protocol/lab-api.ts';
import type { AccessKind, GuestPlace, RightsReason, Translation, Verdict, Walk } from '../protocol/translation.ts';
import type { Mode } from '../trace/events.ts';
import { PTE } from '../vmm/shadow-paging/sv39.ts';

export interface Tables {
  readonly va: bigint;
  readonly access: AccessKind;
  readonly mode: Mode;
  /** sstatus.SUM and MXR as the guest sees them, and menvcfg.ADUE: the hardware sets A and D. */
  readonly sum: boolean;
  readonly mxr: boolean;
  readonly hardwareMarks: boolean;
  readonly guest: Walk;
  /** Under a VMM only. */
  readonly vmm?: {
    readonly place: GuestPlace | undefined;
    readonly shadow: Walk;
    readonly root: string | undefined;
    readonly variant: ShadowVariant;
    /** The guest's own M mode protects parts of its memory (PMP). */
    readonly regions: boolean;
  };
}

const has = (entry: bigint, flag: bigint): boolean => (entry & flag) !== 0n;
const needed: Readonly<Record<AccessKind, bigint>> = { fetch: PTE.X, load: PTE.R, store: PTE.W };

/** Whether a leaf allows an access of these rights, A and D aside. */
function allows(entry: bigint, { access, mode, sum, mxr }: Tables): boolean {
  const userPage = has(entry, PTE.U);
  if (mode === 'U' && !userPage) return false;
  if (mode === 'S' && userPage && (access === 'fetch' || !sum)) return false;
  return has(entry, access === 'load' && mxr ? PTE.R | PTE.X : needed[access]);
}

const needsMark = (entry: bigint, access: AccessKind): boolean => !has(entry, PTE.A) || (access === 'store' && !has(entry, PTE.D));

/** Whether the guest's table, walked by hardware, would let the access through. */
function guestAllows(tables: Tables): boolean {
  const { result } = tables.guest;
  if (!result.ok) return false;
  if (!result.leaf) return true;
  return allows(result.leaf.entry, tables) && (tables.hardwareMarks || !needsMark(result.leaf.entry, tables.access));
}

export function translation(tables: Tables): Translation {
  const { va, access, mode, guest, vmm } = tables;
  return { va, access, mode, guest, place: vmm?.place, shadow: vmm?.shadow, root: vmm?.root, reasons: vmm ? reasons(tables, vmm) : [], verdict: verdict(tables) };
}

function verdict(tables: Tables): Verdict {
  const { guest: { result }, vmm, access } = tables;
  if (!vmm) return result.ok && !result.leaf ? 'bare-off' : guestAllows(tables) ? 'bare-through' : 'bare-fault';
  if (vmm.root === 'machine-as-other' && access !== 'fetch') return 'carried-out';
  const shadow = vmm.shadow.result;
  if (shadow.ok && shadow.leaf && has(shadow.leaf.entry, access === 'load' ? PTE.R : needed[access])) return 'through';
  if (!guestAllows(tables)) return 'guest-fault';
  if (vmm.place?.is === 'device') return access === 'fetch' ? 'nothing' : 'device';
  if (vmm.place?.is === 'slice' && access === 'fetch') return 'nothing';
  if (vmm.place?.is !== 'memory' && vmm.place?.is !== 'slice') return 'nothing';
  return vmm.regions ? 'carried-out' : 'hidden-fault';
}

function reasons(tables: Tables, { place, shadow: { result: shadow }, root, variant, regions }: NonNullable<Tables['vmm']>): readonly RightsReason[] {
  const found: RightsReason[] = [];
  const { result: guest } = tables.guest;
  const leaf = guest.ok ? guest.leaf?.entry : undefined;
  if (guest.ok && leaf === undefined) found.push('paging-off');
  if (guest.ok && place?.is === 'device') found.push('device');
  if (guest.ok && place?.is === 'nothing') found.push('nothing');
  const page = shadow.ok ? shadow.leaf?.entry : undefined;
  if (page === undefined) {
    if (place?.is !== 'memory' && place?.is !== 'slice') return found;
    const userPage = leaf !== undefined && has(leaf, PTE.U);
    const foreign = leaf !== undefined && (root === 'user' ? !userPage : root === 'kernel' && userPage);
    return [...found, foreign ? 'not-for-this-root' : 'not-filled'];
  }
  if (!guest.ok) return [...found, 'stale'];
  // Registers are never executed.
  const given = place?.is === 'slice' ? (leaf ?? EVERYTHING) & ~PTE.X : leaf ?? EVERYTHING;
  found.push(...differences(tables, given, page, { variant, regions }));
  found.push('user-inverted', 'marks-set');
  if (guest.leaf && shadow.ok && guest.leaf.level > (shadow.leaf?.level ?? 0)) found.push('pieces');
  return found;
}

/** Paging off: every right. */
const EVERYTHING = PTE.R | PTE.W | PTE.X | PTE.U | PTE.A | PTE.D;

function differences(tables: Tables, leaf: bigint, page: bigint, { variant, regions }: { readonly variant: ShadowVariant; readonly regions: boolean }): readonly RightsReason[] {
  const found: RightsReason[] = [];
  if (has(leaf, PTE.W) && !has(page, PTE.W)) found.push(!has(leaf, PTE.D) ? 'dirty-first' : regions ? 'regions' : variant === 'write-protect' ? 'watched-table' : 'dirty-first');
  if (has(leaf, PTE.X) && !has(page, PTE.X)) found.push(has(leaf, PTE.U) && tables.mode === 'S' ? 'sum-no-execute' : 'regions');
  if (!has(leaf, PTE.R) && has(page, PTE.R) && has(leaf, PTE.X) && tables.mxr) found.push('mxr-read');
  else if ((['R', 'W', 'X'] as const).some((right) => has(page, PTE[right]) && !has(leaf, PTE[right]))) found.push('stale');
  return found;
}
