/** Registers of 8 bytes that may be read and written whole or by halves. */
import type { AccessSize, Device } from './device.ts';

const LOW = 0xffff_ffffn;
const isPart = (offset: number, size: AccessSize): boolean => size >= 4 && offset % size === 0;

/** The part that an access reads of the register around it; undefined for other sizes and places. */
export function readPart(offset: number, size: AccessSize, read: (register: number) => bigint): bigint | undefined {
  if (!isPart(offset, size)) return undefined;
  const whole = read(offset & ~7);
  return size === 8 ? whole : offset % 8 === 0 ? whole & LOW : whole >> 32n;
}

/** Writes the register around an access, with its other half as it is read. */
export function withPart(device: Pick<Device, 'read'>, offset: number, size: AccessSize, value: bigint, write: (register: number, whole: bigint) => void): boolean {
  if (!isPart(offset, size)) return false;
  const register = offset & ~7;
  const before = device.read(register, 8) ?? 0n;
  write(register, size === 8 ? value : offset % 8 === 0 ? (before & ~LOW) | value : (before & LOW) | (value << 32n));
  return true;
}
