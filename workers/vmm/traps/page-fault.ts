/**
 * A page fault of the real hardware in the shadow table. The guest's own table decides whose it is:
 *   true    the guest's table does not allow the access either: the guest's own fault, its kernel gets it
 *   hidden  the guest's table allows it, the shadow table does not have the page yet: filled, and the guest never knows
 *   device  the guest's table leads to a device: the VMM carries out the load or store on the virtual device
 *   nothing the guest's table leads to where the guest has nothing: an access fault, as on a real machine
 */
import { guestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import { CAUSE } from '../../isa/causes.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { emulateDeviceAccess } from '../emulate/device-access.ts';
import { RESUME, type Guest, type Trap } from '../guest.ts';
import { fillShadow } from '../shadow-paging/fill.ts';
import { walkGuest, type Access } from '../shadow-paging/walk-guest.ts';
import { injectException } from '../virtual-hart/inject.ts';

export function pageFault(guest: Guest, trap: Trap): Outcome {
  const { hart, memory, devices, shadow, log } = guest;
  const va = guestVirtual(trap.value);
  const access = accessOf(trap.code);
  const walk = walkGuest(hart, memory, log, va, access);

  if (walk.found === 'page-fault') {
    log.step('triage.true-fault', () => ({ va: hex(va), access }));
    injectException(hart, log, trap.code, va);
    return RESUME;
  }
  if (walk.found === 'page' && (memory.contains(walk.gpa, 1) || hart.bugs.escape && memory.isReal(walk.gpa))) {
    log.step('triage.hidden-fault', () => ({ va: hex(va), gpa: hex(walk.gpa) }));
    // It may have been kept from writing because it is one of the guest's tables.
    if (access === 'store') shadow.storeTo(walk.gpa);
    fillShadow(hart, memory, shadow, log, { va, ...walk });
    // The pc stays: the same instruction runs again, and now finds its page.
    return RESUME;
  }
  if (walk.found === 'page' && access !== 'fetch' && devices.nameAt(walk.gpa) !== undefined) {
    log.step('triage.device', () => ({ gpa: hex(walk.gpa), device: devices.nameAt(walk.gpa) ?? '' }));
    return emulateDeviceAccess(guest, { va, gpa: walk.gpa, access, pc: guestVirtual(trap.epc) });
  }
  log.step('triage.no-memory', () => ({ va: hex(va), access }));
  injectException(hart, log, hart.bugs['no-memory-is-page-fault'] ? trap.code : accessFaultOf(access), va);
  return RESUME;
}

function accessOf(cause: number): Access {
  switch (cause) {
    case CAUSE.fetchPageFault: return 'fetch';
    case CAUSE.loadPageFault: return 'load';
    // Stores, store-conditionals and atomic operations.
    default: return 'store';
  }
}

/** The cause of an access of this kind to where there is nothing. */
export function accessFaultOf(access: Access): number {
  switch (access) {
    case 'fetch': return CAUSE.fetchAccessFault;
    case 'load': return CAUSE.loadAccessFault;
    case 'store': return CAUSE.storeAccessFault;
  }
}
