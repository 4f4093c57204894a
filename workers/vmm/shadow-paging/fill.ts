/**
 * A hidden page fault: the guest's table allows the access, only the shadow table does not have the page yet. The VMM fills it in, and
 * the guest's instruction runs again; the guest never learns of it.
 */
import { PAGE_SIZE, guestPhysical, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { neededRoot, type ShadowRoot, type ShadowRoots } from './shadow-roots.ts';
import { PTE } from './sv39.ts';
import { readable } from './walk-guest.ts';

const OFFSET_IN_PAGE = BigInt(PAGE_SIZE - 1);

interface GuestPage {
  readonly va: GuestVirtual;
  readonly gpa: GuestPhysical;
  /** The guest's leaf entry and its level. */
  readonly leaf: bigint;
  readonly level: number;
}

export function fillShadow(hart: VirtualHart, memory: GuestMemory, shadow: ShadowRoots, log: StepLog, page: GuestPage): void {
  const root = neededRoot(hart);

  // From what the guest believes to be physical to where it really stands.
  const hpa = memory.toHost(guestPhysical(page.gpa & ~OFFSET_IN_PAGE));
  log.step('shadow.to-host', () => ({ gpa: hex(page.gpa & ~OFFSET_IN_PAGE), hpa: hex(hpa) }));

  shadow.map(root, page.va, hpa, shadowFlags(hart, root, page.leaf), page.level);
}

/** Never more than the guest's table allows; and always a user page, because the guest really runs in U. */
export function shadowFlags(hart: VirtualHart, root: ShadowRoot, leaf: bigint): bigint {
  let rights = leaf & PTE.X;
  if ((leaf & readable(hart)) !== 0n) rights |= PTE.R;
  // Not writable before the guest's entry is dirty: so the first store faults, and the VMM can set the guest's dirty bit.
  if ((leaf & PTE.D) !== 0n) rights |= leaf & PTE.W;
  // The kernel may touch user pages while SUM is set, but never execute them.
  if (root === 'kernel-sum' && (leaf & PTE.U) !== 0n) rights &= ~PTE.X;
  return PTE.V | PTE.U | PTE.A | PTE.D | rights;
}
