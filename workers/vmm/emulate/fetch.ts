/** Reads the guest's instruction from the guest's memory, with the guest's right to execute it. */
import { guestVirtual, type GuestVirtual } from '../../base/address.ts';
import { lengthOf } from '../../isa/decode.ts';
import type { Guest } from '../guest.ts';
import { walkGuest } from '../shadow-paging/walk-guest.ts';

/** The instruction's bits; undefined when the guest's table does not let it be fetched (any more). */
export function fetchInstruction(guest: Guest, pc: GuestVirtual): number | undefined {
  const low = fetchParcel(guest, pc);
  if (low === undefined || lengthOf(low) === 2) return low;
  // The second half may stand in another page.
  const high = fetchParcel(guest, guestVirtual(pc + 2n));
  return high === undefined ? undefined : (low | (high << 16)) >>> 0;
}

function fetchParcel({ hart, memory, log }: Guest, va: GuestVirtual): number | undefined {
  const walk = walkGuest(hart, memory, log, va, 'fetch');
  return walk.found === 'page' && memory.contains(walk.gpa, 2) ? Number(memory.read(walk.gpa, 2)) : undefined;
}
