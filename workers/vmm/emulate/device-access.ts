/** A load or store of the guest that goes to a device: the VMM decodes the instruction and does to the virtual device what it says. */
import type { GuestPhysical, GuestVirtual } from '../../base/address.ts';
import { hex, signExtend, u64 } from '../../base/bits.ts';
import { CAUSE } from '../../isa/causes.ts';
import { decode } from '../../isa/decode.ts';
import { registerName } from '../../isa/registers.ts';
import type { Decoded } from '../../isa/row.ts';
import type { AccessSize } from '../../machine/devices/device.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { injectException } from '../virtual-hart/inject.ts';
import { fetchInstruction } from './fetch.ts';

export interface DeviceAccess {
  /** The address that faulted, and where the guest's table leads. */
  readonly va: GuestVirtual;
  readonly gpa: GuestPhysical;
  readonly access: 'load' | 'store';
  readonly pc: GuestVirtual;
}

interface Width {
  readonly size: AccessSize;
  readonly signed: boolean;
}

export const LOADS: Readonly<Record<string, Width>> = {
  lb: { size: 1, signed: true }, lbu: { size: 1, signed: false },
  lh: { size: 2, signed: true }, lhu: { size: 2, signed: false },
  lw: { size: 4, signed: true }, lwu: { size: 4, signed: false }, 'c.lw': { size: 4, signed: true }, 'c.lwsp': { size: 4, signed: true },
  ld: { size: 8, signed: false }, 'c.ld': { size: 8, signed: false }, 'c.ldsp': { size: 8, signed: false },
};
export const STORES: Readonly<Record<string, AccessSize>> = {
  sb: 1, sh: 2, sw: 4, sd: 8, 'c.sw': 4, 'c.swsp': 4, 'c.sd': 8, 'c.sdsp': 8,
};

export function emulateDeviceAccess(guest: Guest, device: DeviceAccess): Outcome {
  const word = fetchInstruction(guest, device.pc);
  const decoded = word === undefined ? undefined : decode(word);
  const done = decoded !== undefined && isWhole(guest, decoded, device) && (device.access === 'load' ? load(guest, decoded, device) : store(guest, decoded, device));
  if (!done) {
    guest.log.step('device.refused', () => ({ gpa: hex(device.gpa) }));
    injectException(guest.hart, guest.log, device.access === 'load' ? CAUSE.loadAccessFault : CAUSE.storeAccessFault, device.va);
    return RESUME;
  }
  finishInstruction(guest, guest.hart.bugs['device-length'] ? 4 : decoded.row.length);
  const { halted } = guest.devices;
  return halted ? { next: 'halt', reason: halted } : RESUME;
}

/** Devices take aligned accesses only. And the address must be the instruction's own, not that of the second half of a misaligned one. */
function isWhole({ hart }: Guest, decoded: Decoded, { va }: DeviceAccess): boolean {
  const size = LOADS[decoded.row.name]?.size ?? STORES[decoded.row.name];
  return size !== undefined && va % BigInt(size) === 0n && u64(hart.x(decoded.rs1) + decoded.imm) === va;
}

function load({ hart, devices, log }: Guest, decoded: Decoded, { gpa }: DeviceAccess): boolean {
  const width = LOADS[decoded.row.name];
  if (!width) return false;
  const value = devices.read(gpa, width.size);
  if (value === undefined) return false;
  hart.setX(decoded.rd, width.signed && !hart.bugs['device-sign'] ? signExtend(value, 8 * width.size) : value);
  log.step('device.load', () => ({ device: devices.nameAt(gpa) ?? '', value: hex(value), register: registerName(decoded.rd) }));
  return true;
}

function store({ hart, devices, log }: Guest, decoded: Decoded, { gpa }: DeviceAccess): boolean {
  const size = STORES[decoded.row.name];
  if (size === undefined) return false;
  const value = BigInt.asUintN(8 * size, hart.x(decoded.rs2));
  if (!devices.write(gpa, size, value)) return false;
  log.step('device.store', () => ({ device: devices.nameAt(gpa) ?? '', value: hex(value) }));
  return true;
}
