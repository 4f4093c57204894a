/**
 * What a load, a store or an atomic operation does, whatever stands at its address: the guest's memory (memory-access.ts) or a register of a
 * device (device-access.ts).
 */
import { signExtend, u64 } from '../../base/bits.ts';
import type { Decoded } from '../../isa/row.ts';
import type { AccessSize } from '../../machine/devices/device.ts';
import type { Guest } from '../guest.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';

/** What stands at the address of an access. */
export interface DataPlace {
  /** Undefined where the read is refused. */
  read(): bigint | undefined;
  /** False where the write is refused. */
  write(value: bigint): boolean;
  /** The real address that a reservation of this place is kept by. */
  readonly reservedAs: bigint;
}

interface Width {
  readonly size: AccessSize;
  readonly signed: boolean;
}

const LOADS: Readonly<Record<string, Width>> = {
  lb: { size: 1, signed: true }, lbu: { size: 1, signed: false },
  lh: { size: 2, signed: true }, lhu: { size: 2, signed: false },
  lw: { size: 4, signed: true }, lwu: { size: 4, signed: false }, 'c.lw': { size: 4, signed: true }, 'c.lwsp': { size: 4, signed: true },
  ld: { size: 8, signed: false }, 'c.ld': { size: 8, signed: false }, 'c.ldsp': { size: 8, signed: false },
};
const STORES: Readonly<Record<string, AccessSize>> = { sb: 1, sh: 2, sw: 4, sd: 8, 'c.sw': 4, 'c.swsp': 4, 'c.sd': 8, 'c.sdsp': 8 };
const FLOAT_LOADS: Readonly<Record<string, AccessSize>> = { flw: 4, fld: 8, 'c.fld': 8, 'c.fldsp': 8 };
const FLOAT_STORES: Readonly<Record<string, AccessSize>> = { fsw: 4, fsd: 8, 'c.fsd': 8, 'c.fsdsp': 8 };
const ATOMIC = /^(amo\w+|lr|sc)\.(w|d)$/;
/** A narrower value in a register of 64 bits has ones above (NaN boxing). */
const BOXED = 0xffff_ffff_0000_0000n;

/** How many bytes an instruction loads or stores; undefined where it does neither. */
export function sizeOf({ row: { name } }: Decoded): AccessSize | undefined {
  const atomic = ATOMIC.exec(name);
  if (atomic) return atomic[2] === 'w' ? 4 : 8;
  return LOADS[name]?.size ?? STORES[name] ?? FLOAT_LOADS[name] ?? FLOAT_STORES[name];
}

/** The address that an instruction names: an atomic one has no offset. */
export function addressOf(hart: VirtualHart, { row: { name }, rs1, imm }: Decoded): bigint {
  return u64(hart.x(rs1) + (ATOMIC.test(name) ? 0n : imm));
}

/** Does what the instruction says. False where the place refuses: then no register has changed. */
export function carryOut({ hart }: Guest, decoded: Decoded, size: AccessSize, place: DataPlace): boolean {
  const { row: { name }, rd, rs2 } = decoded;
  const bits = 8 * size;
  if (name in STORES) return place.write(BigInt.asUintN(bits, hart.x(rs2)));
  if (name in FLOAT_STORES) return place.write(BigInt.asUintN(bits, hart.f(rs2)));

  // A store-conditional reads, too, before it knows whether it may store: as the real hart does.
  const value = place.read();
  if (value === undefined) return false;
  const atomic = ATOMIC.exec(name)?.[1];
  if (atomic === 'sc') {
    const reserved = hart.takeReservation(place.reservedAs);
    if (reserved && !place.write(BigInt.asUintN(bits, hart.x(rs2)))) return false;
    hart.setX(rd, reserved ? 0n : 1n);
    return true;
  }
  if (atomic === 'lr') hart.reserve(place.reservedAs);
  else if (atomic !== undefined && !place.write(BigInt.asUintN(bits, combine(atomic, value, BigInt.asUintN(bits, hart.x(rs2)), bits)))) return false;

  if (name in FLOAT_LOADS) hart.setF(rd, size === 4 ? value | BOXED : value);
  else if (atomic !== undefined || LOADS[name]!.signed && !hart.bugs['device-sign']) hart.setX(rd, signExtend(value, bits));
  else hart.setX(rd, value);
  return true;
}

/** What an atomic operation leaves in memory. */
function combine(operation: string, old: bigint, operand: bigint, bits: number): bigint {
  const signed = (value: bigint): bigint => BigInt.asIntN(bits, value);
  switch (operation) {
    case 'amoadd': return old + operand;
    case 'amoxor': return old ^ operand;
    case 'amoand': return old & operand;
    case 'amoor': return old | operand;
    case 'amomin': return signed(old) < signed(operand) ? old : operand;
    case 'amomax': return signed(old) > signed(operand) ? old : operand;
    case 'amominu': return old < operand ? old : operand;
    case 'amomaxu': return old > operand ? old : operand;
    // amoswap
    default: return operand;
  }
}
