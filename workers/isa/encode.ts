/** Puts instruction words together: the inverse of decode.ts. */
import { assert } from '../base/assert.ts';
import type { InstructionRow, OperandBits, OperandName } from './row.ts';

/** The operands of a word; absent ones are 0. Immediates are signed where the row says so. */
export type Operands = Readonly<Partial<Record<OperandName, bigint | number>>>;

export interface Limits {
  readonly least: bigint;
  readonly most: bigint;
  /** Values must be multiples of this (a branch offset is even). */
  readonly step: bigint;
}

/** What values an operand can hold. */
export function limitsOf({ width, signed, pieces, offset }: OperandBits): Limits {
  const step = 1n << BigInt(Math.min(...pieces.map(({ at }) => at)));
  if (signed) return { least: -(1n << BigInt(width - 1)), most: (1n << BigInt(width - 1)) - step, step };
  const base = BigInt(offset ?? 0);
  return { least: base, most: base + (1n << BigInt(width)) - step, step };
}

export function fits(value: bigint, operand: OperandBits): boolean {
  const { least, most, step } = limitsOf(operand);
  return value >= least && value <= most && (value - least) % step === 0n;
}

/** The bits of one operand in place. The caller has checked that the value fits. */
export function place(value: bigint, operand: OperandBits): number {
  assert(fits(value, operand), `${operand.name} = ${String(value)} does not fit`);
  const raw = BigInt.asUintN(operand.width, value - BigInt(operand.offset ?? 0));
  let word = 0;
  for (const { high, low, at } of operand.pieces) {
    word |= Number((raw >> BigInt(at)) & ((1n << BigInt(high - low + 1)) - 1n)) << low;
  }
  return word >>> 0;
}

/** The word of an instruction with these operands. */
export function encode(row: InstructionRow, operands: Operands): number {
  let word = row.match;
  for (const operand of row.operands) word |= place(BigInt(operands[operand.name] ?? operand.offset ?? 0), operand);
  return word >>> 0;
}
