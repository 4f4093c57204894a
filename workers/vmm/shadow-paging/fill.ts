/**
 * A hidden page fault: the guest's table allows the access, only the shadow table does not have the page yet. The VMM fills it in, and
 * the guest's instruction runs again; the guest never learns of it.
 */
import { PAGE_SIZE, guestPhysical, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import { STATUS_LOW } from '../virtual-hart/virtual-csrs.ts';
import { RIGHT } from '../virtual-hart/protected-regions.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { rightsIn, withinRegions } from './rights.ts';
import { neededRoot, type ShadowRoot, type ShadowRoots } from './shadow-roots.ts';
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

export function fillShadow(hart: VirtualHart, memory: GuestMemory, shadow: ShadowRoots, log: StepLog, page: GuestPage, root: ShadowRoot = neededRoot(hart)): void {
  // From what the guest believes to be physical to where it really stands.
  const gpa = guestPhysical(page.gpa & ~OFFSET_IN_PAGE);
  const hpa = memory.toHost(gpa);
  // No memory left: the guest ends with this exit (GuestMemory.starved).
  if (hpa === undefined) return;
  if (log.detailed) log.step('shadow.to-host', () => ({ gpa: hex(gpa), hpa: hex(hpa) }));

  const { regions } = hart.csrs;
  const all = rightsIn(root, page.leaf, (hart.csrs.statusLow & STATUS_LOW.MXR) !== 0, hart.bugs);
  // Where the guest's regions divide a page, what may be executed of it is decided for the page as a whole, by the address that is fetched.
  const fetched = page.access === 'fetch' ? RIGHT.fetch : 0;
  const rights = regions.open ? all : withinRegions(all, regions.pageRights(gpa, hart.mode === 'M') | fetched);
  // Where the guest has one piece with the same rights everywhere, the VMM needs one entry only: the guest's superpage, or memory without paging.
  const superpage = page.level > 0 && regions.open ? memory.superpage(gpa) : undefined;
  shadow.map(page.va, hpa, { rights: page.global ? rights | GLOBAL_PAGE : rights, level: page.level, superpage, root });
}
