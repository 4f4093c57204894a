/**
 * A hidden page fault: the guest's table allows the access, only the shadow table does not have the page yet. The VMM fills it in, and
 * the guest's instruction runs again; the guest never learns of it.
 */
import { PAGE_SIZE, guestPhysical, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import { SSTATUS } from '../virtual-hart/virtual-csrs.ts';
import { RIGHT } from '../virtual-hart/protected-regions.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { rightsIn, withinRegions } from './rights.ts';
import { neededRoot, type ShadowRoots } from './shadow-roots.ts';
import type { Access } from './walk-guest.ts';
import { GLOBAL_PAGE } from './shadow-table.ts';

const OFFSET_IN_PAGE = BigInt(PAGE_SIZE - 1);

interface GuestPage {
  readonly va: GuestVirtual;
  readonly access: Access;
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

  const { regions } = hart.csrs;
  const all = rightsIn(neededRoot(hart), page.leaf, hart.status(SSTATUS.MXR), hart.bugs);
  // Where the guest's regions divide a page, what may be executed of it is decided for the page as a whole, by the address that is fetched.
  const fetched = page.access === 'fetch' ? RIGHT.fetch : 0;
  const rights = regions.open ? all : withinRegions(all, regions.pageRights(page.gpa & ~OFFSET_IN_PAGE, hart.mode === 'M') | fetched);
  shadow.map(page.va, hpa, page.global ? rights | GLOBAL_PAGE : rights, page.level);
}
