/**
 * Pseudo-instructions: what is written as one and is another, or several (RISC-V Assembly Programmer's Manual). Single instructions with
 * fixed operands stand in isa/aliases.ts; here are other spellings that only the assembler knows, and those that become several.
 */
import { s64, u64 } from '../../base/bits.ts';
import type { Alias } from '../aliases.ts';
import { ExpressionError, spanOf, type Expression, type Modifier } from './expressions.ts';
import type { Span } from './messages.ts';
import type { Operand } from './operands.ts';
import type { Program } from './program.ts';

const spelling = (name: string, of: string, form: string, fixed: Alias['fixed'] = {}): Alias => ({ name, of, form, fixed });

/** Taken, never written by the disassembler: GNU's other spellings. */
export const SPELLINGS: readonly Alias[] = [
  ...['add', 'and', 'or', 'xor', 'sll', 'srl', 'sra', 'slt'].map((name) => spelling(name, `${name}i`, 'rd, rs1, imm')),
  spelling('sltu', 'sltiu', 'rd, rs1, imm'),
  ...['ror', 'bclr', 'bext', 'binv', 'bset'].map((name) => spelling(name, `${name}i`, 'rd, rs1, imm')),
  spelling('rorw', 'roriw', 'rd, rs1, imm'),
  ...['add', 'sll', 'srl', 'sra'].map((name) => spelling(`${name}w`, `${name}iw`, 'rd, rs1, imm')),
  spelling('move', 'addi', 'rd, rs1', { imm: 0 }),
  spelling('sgt', 'slt', 'rd, rs2, rs1'),
  spelling('sgtu', 'sltu', 'rd, rs2, rs1'),
  spelling('bgt', 'blt', 'rs2, rs1, target'),
  spelling('ble', 'bge', 'rs2, rs1, target'),
  spelling('bgtu', 'bltu', 'rs2, rs1, target'),
  spelling('bleu', 'bgeu', 'rs2, rs1, target'),
  spelling('jr', 'jalr', 'rs1, imm', { rd: 0 }),
  spelling('jalr', 'jalr', 'rs1, imm', { rd: 1 }),
  spelling('jalr', 'jalr', 'rd, rs1, imm'),
  spelling('jalr', 'jalr', 'rd, rs1', { imm: 0 }),
  spelling('csrw', 'csrrwi', 'csr, zimm', { rd: 0 }),
  spelling('csrs', 'csrrsi', 'csr, zimm', { rd: 0 }),
  spelling('csrc', 'csrrci', 'csr, zimm', { rd: 0 }),
  spelling('csrrw', 'csrrwi', 'rd, csr, zimm'),
  spelling('csrrs', 'csrrsi', 'rd, csr, zimm'),
  spelling('csrrc', 'csrrci', 'rd, csr, zimm'),
  // Older names of the moves between the register files, and comparisons turned round
  ...[['fmv.x.s', 'fmv.x.w'], ['fmv.s.x', 'fmv.w.x']].map(([name, of]) => spelling(name!, of!, 'rd, rs1')),
  ...['s', 'd'].flatMap((format) => [spelling(`fgt.${format}`, `flt.${format}`, 'rd, rs2, rs1'), spelling(`fge.${format}`, `fle.${format}`, 'rd, rs2, rs1')]),
  spelling('frsr', 'csrrs', 'rd', { csr: 3, rs1: 0 }),
  spelling('fssr', 'csrrw', 'rs1', { csr: 3, rd: 0 }),
  spelling('fssr', 'csrrw', 'rd, rs1', { csr: 3 }),
  spelling('scall', 'ecall', ''),
  spelling('sbreak', 'ebreak', ''),
  spelling('pause', 'fence', '', { fm: 0, pred: 1, succ: 0, rd: 0, rs1: 0 }),
  // A write to the read-only cycle counter: never legal (GNU as, unimp).
  spelling('unimp', 'csrrw', '', { rd: 0, csr: 0xc00, rs1: 0 }),
];

/** Emits one real instruction. */
export type Emit = (name: string, ...operands: Operand[]) => void;
interface Context {
  readonly program: Program;
  readonly span: Span;
  readonly emit: Emit;
}
type Expand = (context: Context, operands: readonly Operand[]) => void;

export interface Pseudo {
  readonly forms: readonly string[];
  /** Operands as they are written in the first form. */
  readonly expand: Expand;
}

const RA = 1;
const T1 = 6;

const at = (span: Span, text: string): Span & { readonly text: string } => ({ ...spanOf(span), text });
const register = (number: number, span: Span): Operand => ({ kind: 'register', number, ...at(span, `x${String(number)}`) });
const immediate = (value: bigint, span: Span): Operand => ({ kind: 'expression', expression: { k: 'number', value: u64(value), ...spanOf(span) }, ...at(span, String(value)) });
const modified = (modifier: Modifier, a: Expression, span: Span): Expression => ({ k: 'modifier', modifier, a, ...spanOf(span) });
const expression = (e: Expression, span: Span): Operand => ({ kind: 'expression', expression: e, ...at(span, '') });
const memory = (offset: Expression, base: number, span: Span): Operand => ({ kind: 'memory', offset, base, ...at(span, '') });

function registerIn(operand: Operand): Operand & { readonly kind: 'register' } {
  if (operand.kind !== 'register') throw new ExpressionError('expected-register', operand, { found: operand.text });
  return operand;
}

/** The expression of an operand; a label may have the name of a register. */
function expressionIn(operand: Operand): Expression {
  if (operand.kind === 'expression') return operand.expression;
  if (operand.kind === 'register' || operand.kind === 'float-register') return { k: 'symbol', name: operand.text, ...spanOf(operand) };
  throw new ExpressionError('expected-expression', operand, { found: operand.text });
}

/** auipc with the upper part, and a label on it that the lower part names. */
function upperPart({ program, span, emit }: Context, to: number, target: Expression): Expression {
  const label = program.symbols.defineLocal('pcrel');
  program.defineLabel(label, span);
  emit('auipc', register(to, span), expression(modified('%pcrel_hi', target, span), span));
  return modified('%pcrel_lo', { k: 'symbol', name: label, ...spanOf(span) }, span);
}

/** The sequence of lui, addi and slli that GNU as makes for a constant; `inner`: where it writes addiw for a small number, too. */
function loadConstant(context: Context, to: number, value: bigint, inner = false): void {
  const { span, emit } = context;
  const rd = register(to, span);
  const low = BigInt.asIntN(12, value);
  if (BigInt.asIntN(32, value) === s64(value)) {
    const upper = BigInt.asUintN(20, (s64(value) - low) >> 12n);
    if (upper !== 0n) emit('lui', rd, immediate(upper, span));
    if (low !== 0n || upper === 0n) emit(upper === 0n && !inner ? 'addi' : 'addiw', rd, register(upper === 0n ? 0 : to, span), immediate(low, span));
    return;
  }
  let upper = s64(u64(s64(value) - low));
  let shift = 0n;
  while ((upper & 1n) === 0n) {
    upper >>= 1n;
    shift += 1n;
  }
  loadConstant(context, to, u64(upper), true);
  emit('slli', rd, rd, immediate(shift, span));
  if (low !== 0n) emit('addi', rd, rd, immediate(low, span));
}

const loadAddress: Expand = (context, [to, target]) => {
  const rd = registerIn(to!);
  const known = context.program.constantOrUndefined(expressionIn(target!));
  if (known !== undefined) {
    // A number has no place to be relative to; GNU as loads it as li does.
    loadConstant(context, rd.number, known, true);
    return;
  }
  const low = upperPart(context, rd.number, expressionIn(target!));
  context.emit('addi', rd, rd, expression(low, context.span));
};

/** A far jump through a scratch register; `call rd, symbol` links in rd and goes through t1, as GNU as has it. */
const callBy = (link: number, scratch: number): Expand => (context, operands) => {
  const [target, given] = [operands.at(-1)!, operands.length === 2 ? registerIn(operands[0]!).number : undefined];
  const low = upperPart(context, scratch, expressionIn(target));
  context.emit('jalr', register(given ?? link, context.span), memory(low, scratch, context.span));
};

/** A floating-point load or store has no x register to make the address in: it says one. */
const floatAccess = (name: string): Expand => (context, [of, target, scratch]) => {
  const through = registerIn(scratch!).number;
  const low = upperPart(context, through, expressionIn(target!));
  context.emit(name, of!, memory(low, through, context.span));
};

const loadFrom = (name: string): Expand => (context, [to, target]) => {
  const rd = registerIn(to!);
  const low = upperPart(context, rd.number, expressionIn(target!));
  context.emit(name, rd, memory(low, rd.number, context.span));
};

const storeTo = (name: string): Expand => (context, [from, target, scratch]) => {
  const through = registerIn(scratch!).number;
  const low = upperPart(context, through, expressionIn(target!));
  context.emit(name, registerIn(from!), memory(low, through, context.span));
};

const pseudo = (forms: readonly string[], expand: Expand): Pseudo => ({ forms, expand });

export const PSEUDO: ReadonlyMap<string, Pseudo> = new Map([
  ['li', pseudo(['rd, imm'], (context, [to, value]) => { loadConstant(context, registerIn(to!).number, context.program.constant(expressionIn(value!))); })],
  ['la', pseudo(['rd, symbol'], loadAddress)],
  ['lla', pseudo(['rd, symbol'], loadAddress)],
  ['call', pseudo(['symbol', 'rd, symbol'], (context, operands) => { callBy(RA, operands.length === 2 ? T1 : RA)(context, operands); })],
  ['tail', pseudo(['symbol'], callBy(0, T1))],
  ['jump', pseudo(['symbol, rt'], (context, [target, through]) => { callBy(0, registerIn(through!).number)(context, [target!]); })],
  ...['lb', 'lh', 'lw', 'ld', 'lbu', 'lhu', 'lwu'].map((name): [string, Pseudo] => [name, pseudo(['rd, symbol'], loadFrom(name))]),
  ...['sb', 'sh', 'sw', 'sd'].map((name): [string, Pseudo] => [name, pseudo(['rs2, symbol, rt'], storeTo(name))]),
  ...['flw', 'fld'].map((name): [string, Pseudo] => [name, pseudo(['rd, symbol, rt'], floatAccess(name))]),
  ...['fsw', 'fsd'].map((name): [string, Pseudo] => [name, pseudo(['rs2, symbol, rt'], floatAccess(name))]),
]);

/** The pseudo-instruction that these operands mean; loads and stores are one only when they name a symbol. */
export function pseudoFor(name: string, operands: readonly Operand[]): Pseudo | undefined {
  const found = PSEUDO.get(name);
  if (!found || !found.forms.some((form) => form.split(', ').length === operands.length)) return undefined;
  const symbolAt = found.forms[0]!.split(', ').indexOf('symbol');
  const isAccess = /^f?[ls][bhwd]u?$/.test(name);
  return isAccess && operands[symbolAt]?.kind !== 'expression' ? undefined : found;
}
