/**
 * A load or store that no shadow page can let through, because the rights to it are not those of a page in the mode that the guest is in: M loads
 * and stores as another mode (MPRV), or the guest's protected regions (PMP) divide the page. The VMM carries it out in the guest's memory.
 * Load-reserved and store-conditional are refused there, as memory without reservations does (privileged manual, "Reservability PMA").
 */
import { guestVirtual, PAGE_SIZE, type GuestPhysical, type GuestVirtual } from '../../base/address.ts';
import { hex, signExtend, u64 } from '../../base/bits.ts';
import { decode } from '../../isa/decode.ts';
import type { Decoded } from '../../isa/row.ts';
import type { AccessSize } from '../../machine/devices/device.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, type Guest } from '../guest.ts';
import { walkGuest } from '../shadow-paging/walk-guest.ts';
import { accessFaultOf, pageFaultOf } from '../traps/access-causes.ts';
import { injectException } from '../virtual-hart/inject.ts';
import { LOADS, STORES } from './device-access.ts';
import { fetchInstruction } from './fetch.ts';

interface MemoryAccess {
  readonly va: GuestVirtual;
  readonly access: 'load' | 'store';
  readonly pc: GuestVirtual;
}

/** Where each byte stands, or what the access ends with. */
type Place = { readonly found: 'bytes'; readonly bytes: readonly GuestPhysical[] } | { readonly found: 'fault'; readonly cause: number; readonly va: GuestVirtual };

const FLOAT_LOADS: Readonly<Record<string, AccessSize>> = { flw: 4, fld: 8, 'c.fld': 8, 'c.fldsp': 8 };
const FLOAT_STORES: Readonly<Record<string, AccessSize>> = { fsw: 4, fsd: 8, 'c.fsd': 8, 'c.fsdsp': 8 };
const ATOMIC = /^(amo\w+)\.(w|d)$/;
/** A narrower value in a register of 64 bits has ones above (NaN boxing). */
const BOXED = 0xffff_ffff_0000_0000n;

export function emulateMemoryAccess(guest: Guest, { va, access, pc }: MemoryAccess): Outcome {
  const { hart, log } = guest;
  const word = fetchInstruction(guest, pc);
  const decoded = word === undefined ? undefined : decode(word);
  const size = decoded && sizeOf(decoded.row.name);
  if (!decoded || size === undefined) {
    injectException(hart, log, accessFaultOf(access), va);
    return RESUME;
  }
  const address = guestVirtual(u64(hart.x(decoded.rs1) + (ATOMIC.test(decoded.row.name) ? 0n : decoded.imm)));
  const place = locate(guest, address, size, access);
  if (place.found === 'fault') {
    injectException(hart, log, place.cause, place.va);
    return RESUME;
  }
  carryOut(guest, decoded, size, place.bytes);
  log.step('memory.access', () => ({ va: hex(address), access, mode: hart.modeFor(access) }));
  finishInstruction(guest, decoded.row.length);
  return RESUME;
}

function sizeOf(name: string): AccessSize | undefined {
  const atomic = ATOMIC.exec(name);
  if (atomic) return atomic[2] === 'w' ? 4 : 8;
  return LOADS[name]?.size ?? STORES[name] ?? FLOAT_LOADS[name] ?? FLOAT_STORES[name];
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

function carryOut({ hart, memory }: Guest, decoded: Decoded, size: AccessSize, bytes: readonly GuestPhysical[]): void {
  const { row: { name }, rd, rs2 } = decoded;
  const read = (): bigint => bytes.reduceRight((value, at) => (value << 8n) | memory.read(at, 1), 0n);
  const write = (value: bigint): void => {
    for (const [n, at] of bytes.entries()) memory.write(at, 1, (value >> BigInt(8 * n)) & 0xffn);
  };
  const bits = 8 * size;
  const atomic = ATOMIC.exec(name)?.[1];
  if (atomic !== undefined) {
    const [old, operand] = [read(), BigInt.asUintN(bits, hart.x(rs2))];
    write(combine(atomic, old, operand, bits));
    hart.setX(rd, signExtend(old, bits));
  } else if (LOADS[name]) {
    hart.setX(rd, LOADS[name].signed ? signExtend(read(), bits) : read());
  } else if (name in STORES) {
    write(hart.x(rs2));
  } else if (name in FLOAT_LOADS) {
    hart.setF(rd, size === 4 ? read() | BOXED : read());
  } else {
    write(hart.f(rs2));
  }
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
