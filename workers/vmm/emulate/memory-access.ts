/**
 * A load or store that no shadow page can let through, because the rights to it are not those of a page in the mode that the guest is in: M loads
 * and stores as another mode (MPRV), or the guest's protected regions (PMP) divide the page. The VMM carries it out in the guest's memory.
 */
import { guestVirtual, PAGE_SIZE, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex, u64 } from '../../base/bits.ts';
import { decode } from '../../isa/decode.ts';
import type { AccessSize } from '../../machine/devices/device.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { walkGuest } from '../shadow-paging/walk-guest.ts';
import { accessFaultOf, pageFaultOf } from '../traps/access-causes.ts';
import { injectException } from '../virtual-hart/inject.ts';
import { addressOf, carryOut, sizeOf, type DataPlace } from './data-access.ts';
import { fetchInstruction } from './fetch.ts';

interface MemoryAccess {
  readonly va: GuestVirtual;
  readonly access: 'load' | 'store';
  readonly pc: GuestVirtual;
}

/** Where each byte stands, or what the access ends with. */
type Place = { readonly found: 'bytes'; readonly bytes: readonly GuestPhysical[] } | { readonly found: 'fault'; readonly cause: number; readonly va: GuestVirtual };

export function emulateMemoryAccess(guest: Guest, { va, access, pc }: MemoryAccess): Outcome {
  const { hart, log } = guest;
  const word = fetchInstruction(guest, pc);
  const decoded = word === undefined ? undefined : decode(word);
  const size = decoded && sizeOf(decoded);
  if (!decoded || size === undefined) {
    injectException(hart, log, accessFaultOf(access), va);
    return RESUME;
  }
  const address = guestVirtual(addressOf(hart, decoded));
  const place = locate(guest, address, size, access);
  if (place.found === 'fault') {
    injectException(hart, log, place.cause, place.va);
    return RESUME;
  }
  carryOut(guest, decoded, size, placeOf(guest, place.bytes));
  log.step('memory.access', () => ({ va: hex(address), access, mode: hart.modeFor(access) }));
  finishInstruction(guest, decoded.row.length);
  return RESUME;
}

/** Each page that the access touches is walked by itself; a fault has the address of its own part. */
function locate({ hart, memory, log }: Guest, va: GuestVirtual, size: AccessSize, access: 'load' | 'store'): Place {
  const bytes: GuestPhysical[] = [];
  for (let done = 0; done < size;) {
    const part = guestVirtual(u64(va + BigInt(done)));
    const length = Math.min(size - done, PAGE_SIZE - Number(part % BigInt(PAGE_SIZE)));
    const walk = walkGuest(hart, memory, log, part, access);
    if (walk.found === 'page-fault') return { found: 'fault', cause: pageFaultOf(access), va: part };
    const { regions } = hart.csrs;
    if (walk.found !== 'page' || !memory.contains(walk.gpa, length) || !regions.allows(walk.gpa, length, access, hart.modeFor(access) === 'M')) {
      return { found: 'fault', cause: accessFaultOf(access), va: part };
    }
    for (let n = 0; n < length; n += 1) bytes.push((walk.gpa + BigInt(n)) as GuestPhysical);
    done += length;
  }
  return { found: 'bytes', bytes };
}

function placeOf({ memory }: Guest, bytes: readonly GuestPhysical[]): DataPlace {
  return {
    read: () => bytes.reduceRight((value, at) => (value << 8n) | memory.read(at, 1), 0n),
    write: (value) => {
      for (const [n, at] of bytes.entries()) memory.write(at, 1, (value >> BigInt(8 * n)) & 0xffn);
      return true;
    },
    // As the real hart keeps it when the guest runs by itself.
    reservedAs: memory.toHost(bytes[0]!) ?? 0n,
  };
}
