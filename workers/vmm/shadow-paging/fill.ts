/**
 * A hidden page fault: the guest's table allows the access, only the shadow table does not have the page yet. The VMM fills it in, and
 * the guest's instruction runs again; the guest never learns of it.
 */
import { PAGE_SIZE, guestPhysical, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { rightsIn } from './rights.ts';
import { neededRoot, type ShadowRoots } from './shadow-roots.ts';
import { GLOBAL_PAGE } from './shadow-table.ts';

const OFFSET_IN_PAGE = BigInt(PAGE_SIZE - 1);

interface GuestPage {
  readonly va: GuestVirtual;
  readonly gpa: GuestPhysical;
  /** The guest's leaf entry, its level, and whether it or a table above it is global. */
  readonly leaf: bigint;
  readonly level: number;
  readonly global: boolean;
}

export function fillShadow(hart: VirtualHart, memory: GuestMemory, shadow: ShadowRoots, log: StepLog, page: GuestPage): void {
  // From what the guest believes to be physical to where it really stands.
  const hpa = memory.toHost(guestPhysical(page.gpa & ~OFFSET_IN_PAGE));
  log.step('shadow.to-host', () => ({ gpa: hex(page.gpa & ~OFFSET_IN_PAGE), hpa: hex(hpa) }));

  const rights = rightsIn(neededRoot(hart), page.leaf, hart.status(SSTATUS.MXR), hart.bugs);
  shadow.map(page.va, hpa, page.global ? rights | GLOBAL_PAGE : rights, page.level);
}
