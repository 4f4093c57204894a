/**
 * A page fault of the real hardware in the shadow table. The guest's own table decides whose it is:
 *   true    the guest's table does not allow the access either: the guest's own fault, its kernel gets it
 *   hidden  the guest's table allows it, the shadow table does not have the page yet: filled, and the guest never knows
 *   device  the guest's table leads to a device: the VMM carries out the load or store on the virtual device
 *   slice   the guest's table leads to a piece of a real device that is the guest's: the page is mapped
 *   own     only the VMM can carry the access out with the rights that it has (memory-access.ts)
 *   nothing the guest's table leads to where the guest has nothing, or its own M mode forbids it: an access fault, as on a real machine
 */
import { guestVirtual, PAGE_SIZE } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { emulateDeviceAccess } from '../emulate/device-access.ts';
import { emulateMemoryAccess } from '../emulate/memory-access.ts';
import { RESUME, type Guest, type Trap } from '../guest.ts';
import { mapSlice, mayMapSlice } from '../pass-through/map-slice.ts';
import { fillShadow } from '../shadow-paging/fill.ts';
import { walkGuest } from '../shadow-paging/walk-guest.ts';
import { injectException } from '../virtual-hart/inject.ts';
import { RIGHT } from '../virtual-hart/protected-regions.ts';
import { accessFaultOf, accessOf } from './access-causes.ts';

const PAGE_MASK = ~BigInt(PAGE_SIZE - 1);

export function pageFault(guest: Guest, trap: Trap): Outcome {
  const { hart, memory, devices, shadow, slice, log } = guest;
  const va = guestVirtual(trap.value);
  const access = accessOf(trap.code);
  const walk = walkGuest(hart, memory, log, va, access);

  if (walk.found === 'page-fault') {
    log.step('triage.true-fault', () => ({ va: hex(va), access }));
    injectException(hart, log, trap.code, va);
    return RESUME;
  }
  if (walk.found === 'page' && (memory.contains(walk.gpa, 1) || hart.bugs.escape && memory.isReal(walk.gpa))) {
    if (access !== 'fetch' && needsCarryingOut(guest, walk.gpa, access)) {
      log.step('triage.own-rights', () => ({ va: hex(va), gpa: hex(walk.gpa) }));
      return emulateMemoryAccess(guest, { va, access, pc: guestVirtual(trap.epc) });
    }
    log.step('triage.hidden-fault', () => ({ va: hex(va), gpa: hex(walk.gpa) }));
    // It may have been kept from writing because it is one of the guest's tables.
    if (access === 'store') shadow.storeTo(walk.gpa);
    fillShadow(hart, memory, shadow, log, { va, access, ...walk });
    // The pc stays: the same instruction runs again, and now finds its page.
    return RESUME;
  }
  if (walk.found === 'page' && access !== 'fetch' && slice?.isAt(walk.gpa) === true && mayMapSlice(guest)) {
    mapSlice(guest, slice, { va, ...walk });
    return RESUME;
  }
  if (walk.found === 'page' && access !== 'fetch' && devices.has(walk.gpa)) {
    log.step('triage.device', () => ({ gpa: hex(walk.gpa), device: devices.nameAt(walk.gpa) ?? '' }));
    return emulateDeviceAccess(guest, { va, gpa: walk.gpa, access, pc: guestVirtual(trap.epc) });
  }
  log.step('triage.no-memory', () => ({ va: hex(va), access }));
  injectException(hart, log, hart.bugs['no-memory-is-page-fault'] ? trap.code : accessFaultOf(access), va);
  return RESUME;
}

/**
 * No shadow page can let this access through: M loads and stores as another mode, or the page is divided by the guest's protected regions, or may
 * be written and not read.
 */
function needsCarryingOut({ hart }: Guest, gpa: bigint, access: 'load' | 'store'): boolean {
  if (hart.modifiesPrivilege) return true;
  const { regions } = hart.csrs;
  if (regions.open) return false;
  const rights = regions.pageRights(gpa & PAGE_MASK, hart.mode === 'M');
  return (rights & RIGHT[access]) === 0 || (rights & RIGHT.load) === 0;
}
