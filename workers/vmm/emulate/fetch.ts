/** Reads the guest's instruction from the guest's memory, with the guest's right to execute it. */
import { guestPhysical, guestVirtual, PAGE_SIZE, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { lengthOf } from '../../isa/decode.ts';
import type { Guest } from '../guest.ts';
import { walkGuest } from '../shadow-paging/walk-guest.ts';

const LAST_IN_PAGE = BigInt(PAGE_SIZE - 2);

/** The instruction's bits; undefined when the guest's table does not let it be fetched (any more). */
export function fetchInstruction(guest: Guest, pc: GuestVirtual): number | undefined {
  const { memory } = guest;
  const gpa = whereCodeStands(guest, pc);
  if (gpa === undefined) return undefined;
  const low = Number(memory.read(gpa, 2));
  if (lengthOf(low) === 2) return low;
  // The second half may stand in another page, and where the guest's regions divide a page each half is asked for.
  const isElsewhere = (pc & LAST_IN_PAGE) === LAST_IN_PAGE || !guest.hart.csrs.regions.open;
  const second = isElsewhere ? whereCodeStands(guest, guestVirtual(pc + 2n)) : guestPhysical(gpa + 2n);
  return second === undefined ? undefined : (low | (Number(memory.read(second, 2)) << 16)) >>> 0;
}

function whereCodeStands({ hart, memory, log }: Guest, va: GuestVirtual): GuestPhysical | undefined {
  const walk = walkGuest(hart, memory, log, va, 'fetch');
  return walk.found === 'page' && memory.contains(walk.gpa, 2) ? walk.gpa : undefined;
}
