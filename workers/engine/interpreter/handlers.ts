/**
 * Which handler runs which row. Rows with one meaning and length share a handler (so a compressed instruction costs one only for
 * its other length); a pc-relative jump has two, for a target inside the page and elsewhere.
 */
import { CAUSE } from '../../isa/causes.ts';
import { i64, raw, trap, type Expr, type Stmt } from '../../isa/meaning.ts';
import type { InstructionRow } from '../../isa/row.ts';
import { fieldsOf, FIRST_INSTRUCTION, uses, type Fields, type Packing } from './slots.ts';

export interface Handler {
  readonly meaning: readonly Stmt[];
  readonly length: 2 | 4;
  readonly packing: Packing;
  /** Inlined in the hot loop. Every handler has an out-of-line function too, which does what the hot loop leaves undone. */
  readonly hot: boolean;
  /** Runs after this one, from the next slot, without a dispatch. Out of line it is left to its own slot. */
  readonly then?: Handler;
}

/** What a slot needs to know of a row. */
export interface RowHandlers {
  /** `near` when a pc-relative jump stays in the page. */
  readonly far: number;
  readonly near: number;
  readonly packing: { readonly far: Packing; readonly near: Packing };
  readonly fields: Fields;
}

export interface HandlerTable {
  /** Handler `FIRST_INSTRUCTION + index`; the hot ones come first. */
  readonly handlers: readonly Handler[];
  readonly hotCount: number;
  /** The handler of bits that are no instruction. */
  readonly illegal: number;
  /** Of the first row that it runs: for profilers. */
  nameOf(handler: Handler): string;
  of(row: InstructionRow): RowHandlers;
  /** The handler that runs these two, the second in the slot after the first, if there is one. */
  pair(first: number, second: number): number | undefined;
}

/** The target `pc + imm`, written in the one way that all rows write it. */
export const isRelative = (target: Expr): boolean =>
  target.k === 'binary' && target.op === 'add' && target.a.k === 'pc' && target.b.k === 'operand' && target.b.operand === 'imm';

/**
 * An instruction is hot unless it reaches into the hart: resynchronisation, atomics, 128-bit products and calls stay out of line. A call
 * inside an `if` is a rare path: the hot loop leaves there, for nothing has changed yet.
 */
const isHot = (meaning: readonly Stmt[]): boolean => isInlined(meaning) && !uses(meaning, (node) =>
  's' in node ? node.s === 'store' && node.access === 'amo' : node.k === 'load' && node.access === 'amo' || node.k === 'binary' && node.op.startsWith('mulh'));

/** It does not reach into the hart, apart from rare paths: what translated code holds. */
export function isInlined(meaning: readonly Stmt[]): boolean {
  const often = meaning.map((statement) => (statement.s === 'if' ? { ...statement, then: [], else: [] } : statement));
  return !uses(often, (node) => ('s' in node ? node.s === 'call' : node.k === 'call'))
    && !uses(often, (node) => 's' in node && (node.s === 'resync' || node.s === 'stop'))
    && !uses(meaning, (node) => 'k' in node && (node.k === 'instret' || node.k === 'peek'));
}

/** It needs its own bits: for a trap value, for a third source or for a rounding mode. */
const usesBits = (meaning: readonly Stmt[]): boolean => uses(meaning, (node) =>
  'k' in node ? node.k === 'raw' || node.k === 'freg' && node.operand === 'rs3' : node.s === 'useFloat');

const jumpsRelatively = (meaning: readonly Stmt[]): boolean => uses(meaning, (node) => 's' in node && node.s === 'jump' && isRelative(node.target));

/** The trap value is the bits of the instruction (privileged manual, 3.1.16). */
const ILLEGAL: Handler = { meaning: [trap(i64(CAUSE.illegalInstruction), raw)], length: 4, packing: 'bits', hot: false };

const keyOf = (handler: Handler): string =>
  JSON.stringify(handler, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

/**
 * Pairs that compilers and people write often, by the rows' names: when the first is decoded in front of the second, its slot gets a
 * handler that runs both, which saves a dispatch. The second keeps its own slot, for whoever jumps to it.
 */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  addi: ['addi', 'add', 'beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu', 'jal', 'jalr', 'ld', 'sd', 'lw', 'lbu', 'slli', 'auipc', 'and'],
  add: ['add', 'addi', 'ld', 'lw', 'lwu', 'lbu', 'sb', 'sd', 'jalr', 'bltu'],
  slli: ['add', 'srli', 'xor'],
  srli: ['xor', 'andi', 'slli'],
  xor: ['slli', 'srli', 'andi', 'addi'],
  andi: ['slli', 'beq', 'bne'],
  lui: ['addi', 'addiw'],
  auipc: ['addi', 'jalr', 'ld'],
  ld: ['ld', 'addi', 'add', 'jalr', 'mul', 'beq', 'bne', 'sd'],
  lw: ['addi', 'addiw', 'lw'],
  lbu: ['addi', 'xor', 'beq', 'bne'],
  lwu: ['srliw'],
  srliw: ['xor'],
  mul: ['add'],
  sd: ['sd', 'addi', 'ld', 'add', 'jal'],
  sb: ['add', 'addi'],
  sw: ['addi', 'sw'],
};

const pairKey = (first: number, second: number): number => first * 0x1_0000 + second;

export function buildHandlers(rows: readonly InstructionRow[]): HandlerTable {
  const known = new Map<string, Handler>();
  const names = new Map<string, string>();
  const wanted = rows.map((row) => {
    const { meaning, length } = row;
    const hot = isHot(meaning);
    const far: Handler = { meaning, length, hot, packing: usesBits(meaning) ? 'bits' : 'immediate' };
    const near: Handler = hot && jumpsRelatively(meaning) ? { ...far, packing: 'distance' } : far;
    const keys = { far: keyOf(far), near: keyOf(near) };
    known.set(keys.far, far);
    known.set(keys.near, near);
    for (const key of Object.values(keys)) if (!names.has(key)) names.set(key, row.name);
    return { row, keys };
  });
  known.set(keyOf(ILLEGAL), ILLEGAL);

  const singles = [...known.values()];
  const nearOf = (name: string): Handler => known.get(wanted.find(({ row }) => row.name === name)!.keys.near)!;
  const pairs = Object.entries(PAIRS).flatMap(([first, seconds]) => seconds.map((second) => ({ first: nearOf(first), second: nearOf(second) })))
    .map(({ first, second }) => ({ first, second, both: { ...first, then: second } satisfies Handler }));
  const handlers: readonly Handler[] = [...singles.filter(({ hot }) => hot), ...pairs.map(({ both }) => both), ...singles.filter(({ hot }) => !hot)];

  const numberOf = new Map(handlers.map((handler, index) => [handler, FIRST_INSTRUCTION + index]));
  const ofRow = new Map(wanted.map(({ row, keys }): [InstructionRow, RowHandlers] => {
    const [far, near] = [known.get(keys.far)!, known.get(keys.near)!];
    return [row, { far: numberOf.get(far)!, near: numberOf.get(near)!, packing: { far: far.packing, near: near.packing }, fields: fieldsOf(row) }];
  }));
  const ofPair = new Map(pairs.map(({ first, second, both }) => [pairKey(numberOf.get(first)!, numberOf.get(second)!), numberOf.get(both)!]));
  return {
    handlers,
    nameOf: ({ meaning, length, hot, packing }) => names.get(keyOf({ meaning, length, hot, packing })) ?? 'illegal',
    hotCount: handlers.filter(({ hot }) => hot).length,
    illegal: numberOf.get(ILLEGAL)!,
    of: (row) => ofRow.get(row)!,
    pair: (first, second) => ofPair.get(pairKey(first, second)),
  };
}
