/**
 * The predecoded form of an instruction: 16 bytes, one slot for each 2-byte parcel of a page with code.
 *
 *   0  u16  handler     what the loop branches on; 0: not decoded yet
 *   2  u16  rd          byte offset of the destination register (of f registers: from f0); x0 is the slot `discard`
 *   4  u8   rs1         byte offset of the source register (likewise), or 8 times the number in that field (zimm)
 *   5  u8   rs2
 *   6  u16  alternate   the real handler, while `handler` is BREAKPOINT, LAST or TRANSLATED
 *   8  i64  immediate   as `Packing` says
 *
 * Decoded pages are 32 KiB and aligned to it, so the slot's address says the page offset: (address & 0x7fff) / 8.
 */
import { assert } from '../../base/assert.ts';
import type { Expr, Stmt } from '../../isa/meaning.ts';
import type { Decoded, InstructionRow, OperandName } from '../../isa/row.ts';
import { slot, xOffset } from '../../machine/hart/state.ts';

export const SLOT = { handler: 0, rd: 2, rs1: 4, rs2: 5, alternate: 6, immediate: 8 } as const;

/** Where the instruction that crosses a page is decoded, each time that it runs: free space of the layout, below the fast TLBs. */
export const CROSSING_SLOT = 0x1_f000;

/** Handlers that are no instruction. The hot loop leaves for each of them. */
export const NOT_DECODED = 0;
/** The last instruction of a page: the next slot is not in this page, so it runs out of line. */
export const LAST = 1;
/** A four-byte instruction of which the second half stands in the next page. */
export const CROSSING = 2;
export const BREAKPOINT = 3;
/** A region of translated code may be entered here (translator/). */
export const TRANSLATED = 4;
export const FIRST_INSTRUCTION = 5;

/**
 * What the slot's immediate holds: the immediate (or CSR number); the immediate as a distance in slots' bytes, for a branch inside
 * the page; or the immediate above the instruction's own 32 bits.
 */
export type Packing = 'immediate' | 'distance' | 'bits';

/** Bytes of slot per byte of code. */
export const SLOT_BYTES_PER_BYTE = 8;

/** How the operands of a row stand in a slot: found once, for slots are filled in by the hundred thousand. */
export interface Fields {
  readonly hasCsr: boolean;
  readonly hasZimm: boolean;
  /** rd is an f register, and so is no x0. */
  readonly writesFloat: boolean;
}

export function fieldsOf({ operands }: InstructionRow): Fields {
  const named = (name: OperandName) => operands.find((operand) => operand.name === name);
  return { hasCsr: named('csr') !== undefined, hasZimm: named('zimm') !== undefined, writesFloat: named('rd')?.file === 'f' };
}

export function packImmediate(packing: Packing, { hasCsr }: Fields, decoded: Decoded, raw: number): bigint {
  const value = hasCsr ? BigInt(decoded.csr) : decoded.imm;
  switch (packing) {
    case 'immediate': return value;
    case 'distance': return value * BigInt(SLOT_BYTES_PER_BYTE);
    case 'bits':
      assert(BigInt.asIntN(32, value) === value, 'an immediate wider than 32 bits beside the instruction bits');
      return (value << 32n) | BigInt(raw >>> 0);
  }
}

export interface Registers {
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
}

const DISCARD = slot('discard').offset;

/** Byte offsets of an instruction's registers. */
export const packRegisters = ({ writesFloat, hasZimm }: Fields, decoded: Decoded): Registers => ({
  rd: decoded.rd === 0 && !writesFloat ? DISCARD : xOffset(decoded.rd),
  rs1: hasZimm ? decoded.zimm * 8 : xOffset(decoded.rs1),
  rs2: xOffset(decoded.rs2),
});

/** Calls `visit` with every expression and statement of a meaning. */
export function walk(meaning: readonly Stmt[], visit: (node: Expr | Stmt) => void): void {
  const any = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(any);
    else if (typeof value === 'object' && value !== null) {
      if ('k' in value || 's' in value) visit(value as Expr | Stmt);
      Object.values(value).forEach(any);
    }
  };
  any(meaning);
}

/** Whether some expression or statement of a meaning is such a one. */
export function uses(meaning: readonly Stmt[], such: (node: Expr | Stmt) => boolean): boolean {
  let found = false;
  walk(meaning, (node) => { found ||= such(node); });
  return found;
}
