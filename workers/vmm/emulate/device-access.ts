/** A load or store of the guest that goes to a device: the VMM decodes the instruction and does to the virtual device what it says. */
import type { GuestPhysical, GuestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import { CAUSE } from '../../isa/causes.ts';
import { decode } from '../../isa/decode.ts';
import { registerName } from '../../isa/registers.ts';
import type { Decoded } from '../../isa/row.ts';
import type { AccessSize } from '../../machine/devices/device.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { injectException } from '../virtual-hart/inject.ts';
import { addressOf, carryOut, sizeOf } from './data-access.ts';
import { fetchInstruction } from './fetch.ts';

export interface DeviceAccess {
  /** The address that faulted, and where the guest's table leads. */
  readonly va: GuestVirtual;
  readonly gpa: GuestPhysical;
  readonly access: 'load' | 'store';
  readonly pc: GuestVirtual;
}

export function emulateDeviceAccess(guest: Guest, device: DeviceAccess): Outcome {
  const { hart, log } = guest;
  const word = fetchInstruction(guest, device.pc);
  const decoded = word === undefined ? undefined : decode(word);
  const size = decoded && sizeOf(decoded);
  if (!decoded || size === undefined || !isWhole(guest, decoded, size, device) || !access(guest, decoded, size, device.gpa)) {
    log.step('device.refused', () => ({ gpa: hex(device.gpa) }));
    injectException(hart, log, device.access === 'load' ? CAUSE.loadAccessFault : CAUSE.storeAccessFault, device.va);
    return RESUME;
  }
  finishInstruction(guest, hart.bugs['device-length'] ? 4 : decoded.row.length);
  const { halted } = guest.devices;
  return halted ? { next: 'halt', reason: halted } : RESUME;
}

/**
 * Devices take aligned accesses only. And the address must be the instruction's own, not that of the second half of a misaligned one; and no
 * protected region of the guest may end within it.
 */
function isWhole({ hart }: Guest, decoded: Decoded, size: AccessSize, { va, gpa, access }: DeviceAccess): boolean {
  return va % BigInt(size) === 0n && addressOf(hart, decoded) === va && hart.csrs.regions.allows(gpa, size, access, hart.modeFor(access) === 'M');
}

/** False where the device refuses. */
function access(guest: Guest, decoded: Decoded, size: AccessSize, gpa: GuestPhysical): boolean {
  const { devices, log } = guest;
  let [read, written] = [undefined as bigint | undefined, undefined as bigint | undefined];
  const done = carryOut(guest, decoded, size, {
    read: () => (read = devices.read(gpa, size)),
    write: (value) => {
      written = value;
      return devices.write(gpa, size, value);
    },
    // The real board has the same device there, and no guest has RAM there: no other reservation is kept by this address.
    reservedAs: gpa,
  });
  if (!done || !log.detailed) return done;
  const device = devices.nameAt(gpa) ?? '';
  if (read !== undefined) log.step('device.load', () => ({ device, value: hex(read ?? 0n), register: registerName(decoded.rd) }));
  if (written !== undefined) log.step('device.store', () => ({ device, value: hex(written ?? 0n) }));
  return done;
}
