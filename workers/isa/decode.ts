/** Takes instruction words apart, by the rows of the table alone. */
import { INSTRUCTIONS } from './instructions/index.ts';
import type { Decoded, InstructionRow, OperandBits, OperandName } from './row.ts';

/** Length in bytes by the two low bits (unprivileged manual, 1.5). */
export const lengthOf = (word: number): 2 | 4 => ((word & 3) === 3 ? 4 : 2);

/**
 * Rows by the bits that tell most of them apart: opcode and funct3 of a 4-byte instruction; quadrant and funct3 of a compressed one.
 * Inside a bucket the row with the most fixed bits comes first, so that an exact word wins over a pattern that holds it.
 */
const keyOf = (word: number, length: 2 | 4): number => (length === 4 ? ((word >>> 2) & 31) | ((word >>> 7) & 0xe0) : 0x100 | (word & 3) | ((word >>> 11) & 0x1c));

const population = (mask: number): number => {
  let count = 0;
  for (let rest = mask >>> 0; rest !== 0; rest &= rest - 1) count += 1;
  return count;
};

function bucket(): readonly (readonly InstructionRow[])[] {
  const buckets: InstructionRow[][] = Array.from({ length: 0x120 }, () => []);
  for (const row of INSTRUCTIONS.toSorted((a, b) => population(b.mask) - population(a.mask))) {
    const fixed = keyOf(row.mask, row.length) & 0xff;
    const wanted = keyOf(row.match, row.length);
    for (const [key, rows] of buckets.entries()) {
      if ((key & 0x100) === (wanted & 0x100) && ((key ^ wanted) & fixed) === 0) rows.push(row);
    }
  }
  return buckets;
}

const BUCKETS = bucket();

/** The row that a word (4 bytes, or 2 when the low bits say so) matches. */
export function matchRow(word: number): InstructionRow | undefined {
  const bits = lengthOf(word) === 4 ? word : word & 0xffff;
  return BUCKETS[keyOf(bits, lengthOf(bits))]!.find((row) => ((bits & row.mask) >>> 0) === row.match && row.excludes?.(bits) !== true);
}

/** The value of an operand's bits (32 at most): sign-extended where it says so, a register number with its offset. */
export function extract(word: number, { pieces, signed, width, offset }: OperandBits): number {
  let value = 0;
  for (const { high, low, at } of pieces) value |= ((word << (31 - high)) >>> (31 - high + low)) << at;
  return signed ? (value << (32 - width)) >> (32 - width) : (value >>> 0) + (offset ?? 0);
}

type Parts = { -readonly [K in keyof Decoded]: Decoded[K] };

function put(parts: Parts, name: OperandName, value: number): void {
  if (name === 'imm') parts.imm = BigInt(value);
  else if (name === 'aq' || name === 'rl') parts[name] = value !== 0;
  else parts[name] = value;
}

/** Words taken apart lately: a VMM meets the same few again and again, and a large program some ten thousand. */
const recent = new Map<number, Decoded>();
const MOST_RECENT = 1 << 15;

const IMPLIED = ['rd', 'rs1', 'rs2', 'imm'] as const;

/** A word taken apart, or undefined where it is no instruction of this machine. `word` may hold more bytes than the instruction. */
export function decode(word: number): Decoded | undefined {
  const known = recent.get(word);
  if (known !== undefined) return known;
  if (recent.size >= MOST_RECENT) recent.clear();
  const decoded = takeApart(word);
  if (decoded) recent.set(word, decoded);
  return decoded;
}

function takeApart(word: number): Decoded | undefined {
  const row = matchRow(word);
  if (!row) return undefined;
  const parts: Parts = {
    row, word: row.length === 4 ? word >>> 0 : word & 0xffff,
    rd: 0, rs1: 0, rs2: 0, rs3: 0, rm: 0, imm: 0n, csr: 0, zimm: 0, aq: false, rl: false, pred: 0, succ: 0, fm: 0,
  };
  for (const operand of row.operands) put(parts, operand.name, extract(word, operand));
  if (row.implied) for (const name of IMPLIED) {
    const source = row.implied[name];
    if (source === undefined) continue;
    const value = source === 'rd' ? parts.rd : source;
    if (name === 'imm') parts.imm = BigInt(value);
    else parts[name] = value;
  }
  return parts;
}
