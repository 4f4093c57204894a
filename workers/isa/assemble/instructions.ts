/** Instructions: operands as written are fitted to the rows and aliases of the ISA table, and become items. */
import { hex, s64, u64 } from '../../base/bits.ts';
import { ALIASES, type Alias } from '../aliases.ts';
import { csrByName, CSRS } from '../csrs.ts';
import { encode, fits, limitsOf, type Operands } from '../encode.ts';
import { instructionByName, INSTRUCTIONS } from '../instructions/index.ts';
import { floatRegisterName, registerName, ROUNDING_MODES } from '../registers.ts';
import type { InstructionRow } from '../row.ts';
import { ExpressionError, spanOf, type Expression, type Modifier } from './expressions.ts';
import type { Span } from './messages.ts';
import { nearest } from './nearest.ts';
import type { Operand } from './operands.ts';
import type { Program } from './program.ts';
import { SPELLINGS } from './pseudo.ts';
import type { Item } from './sections.ts';

/** One way to write an instruction: the row it becomes, what is written, what is fixed. */
interface Way {
  readonly row: InstructionRow;
  readonly parts: readonly string[];
  readonly fixed: Alias['fixed'];
}

const partsOf = (form: string): readonly string[] => (form === '' ? [] : form.split(', '));

const WAYS = new Map<string, Way[]>();
for (const row of INSTRUCTIONS) WAYS.set(row.name, [{ row, parts: partsOf(row.form), fixed: {} }]);
for (const { name, of, form, fixed } of [...ALIASES, ...SPELLINGS]) {
  const row = instructionByName(of);
  if (row) WAYS.set(name, [...(WAYS.get(name) ?? []), { row, parts: partsOf(form), fixed }]);
}

export const MNEMONICS: ReadonlySet<string> = new Set(WAYS.keys());

const ORDERINGS: Readonly<Record<string, { readonly aq: number; readonly rl: number }>> = { '.aqrl': { aq: 1, rl: 1 }, '.aq': { aq: 1, rl: 0 }, '.rl': { aq: 0, rl: 1 } };

/** The ways to write this mnemonic; atomics may say their ordering as a suffix. */
function waysOf(name: string): { readonly ways: readonly Way[]; readonly ordering: Operands } | undefined {
  const ways = WAYS.get(name);
  if (ways) return { ways, ordering: {} };
  const suffix = Object.keys(ORDERINGS).find((candidate) => name.endsWith(candidate));
  const base = suffix === undefined ? undefined : WAYS.get(name.slice(0, -suffix.length));
  return base?.[0]?.row.extension === 'A' ? { ways: base, ordering: ORDERINGS[suffix!]! } : undefined;
}

export const isInstruction = (name: string): boolean => waysOf(name) !== undefined;

type RegisterPart = 'rd' | 'rs1' | 'rs2' | 'rs3';
const isRegisterPart = (part: string): part is RegisterPart => /^(rd|rs[123])$/.test(part);
const isFloatPart = (row: InstructionRow, part: string): boolean => row.operands.some(({ name, file }) => name === part && file === 'f');
const roundingOf = (operand: Operand): number => (operand.kind === 'expression' && operand.expression.k === 'symbol' ? ROUNDING_MODES.indexOf(operand.expression.name) : -1);
const isRegister = (operand: Operand): operand is Operand & { readonly kind: 'register' | 'float-register' } => operand.kind === 'register' || operand.kind === 'float-register';
/** `imm(rs1)`, `(rs1)`, `imm(sp)`. */
const memoryBase = (part: string): string | undefined => /\((\w+)\)$/.exec(part)?.[1];

function suits(row: InstructionRow, part: string, operand: Operand): boolean {
  if (isRegisterPart(part)) return operand.kind === (isFloatPart(row, part) ? 'float-register' : 'register');
  if (part === 'rm') return roundingOf(operand) >= 0;
  if (part === 'sp') return operand.kind === 'register' && operand.number === 2;
  const base = memoryBase(part);
  if (base !== undefined) return operand.kind === 'memory' && (base !== 'sp' || operand.base === 2);
  // A label may have the name of a register; a jump's target is never one.
  return operand.kind === 'expression' || (part === 'target' && isRegister(operand));
}

/** Why an operand does not suit, for the way that fits best. */
function mismatch(row: InstructionRow, part: string, operand: Operand, form: string): ExpressionError {
  const found = operand.text;
  if (part === 'rm') return new ExpressionError('expected-rounding', operand, { found });
  if (isFloatPart(row, part)) return new ExpressionError('expected-float-register', operand, { found });
  if (isRegisterPart(part) || part === 'sp') return new ExpressionError('expected-register', operand, { found });
  if (memoryBase(part) !== undefined) return new ExpressionError('expected-memory', operand, { found, form });
  return new ExpressionError('expected-expression', operand, { found });
}

/** Assembles one instruction into the program. Throws ExpressionError. */
export function instruction(program: Program, name: string, operands: readonly Operand[], span: Span): void {
  const known = waysOf(name);
  if (!known) {
    const near = nearest(name, MNEMONICS);
    throw near === undefined ? new ExpressionError('unknown-instruction-far', span, { name }) : new ExpressionError('unknown-instruction', span, { name, near });
  }
  const { ways, ordering } = known;
  const counted = ways.filter(({ parts }) => parts.length === operands.length);
  const way = counted.find(({ row, parts }) => parts.every((part, index) => suits(row, part, operands[index]!)));
  if (way) {
    place(program, name, way, operands, ordering, span);
    return;
  }
  const form = (of: Way): string => `${name} ${of.parts.join(', ')}`.trim();
  const closest = counted[0];
  if (!closest) {
    const counts = [...new Set(ways.map(({ parts }) => String(parts.length)))].sort().join(' or ');
    throw new ExpressionError('operand-count', span, { name, expected: counts, actual: String(operands.length), form: form(ways[0]!) });
  }
  const wrong = closest.parts.findIndex((part, index) => !suits(closest.row, part, operands[index]!));
  throw mismatch(closest.row, closest.parts[wrong]!, operands[wrong]!, form(closest));
}

/** An operand whose value is known only after the layout. */
interface Late {
  readonly name: 'imm' | 'zimm';
  readonly as: 'value' | 'target' | 'upper';
  readonly expression: Expression;
}

/** The operators whose parts each kind of operand holds. */
const MODIFIED: Readonly<Record<Late['as'], readonly Modifier[]>> = { value: ['%lo', '%pcrel_lo'], upper: ['%hi', '%pcrel_hi'], target: [] };

function place(program: Program, name: string, { row, parts, fixed }: Way, operands: readonly Operand[], ordering: Operands, span: Span): void {
  const values: Record<string, bigint | number> = { ...ordering };
  let late: Late | undefined;
  for (const [index, part] of parts.entries()) {
    const operand = operands[index]!;
    if (isRegisterPart(part)) values[part] = registerOf(row, part, operand);
    else if (part === 'rm') values['rm'] = roundingOf(operand);
    else if (part === 'csr') values['csr'] = csrOf(program, operand);
    else if (part === 'pred' || part === 'succ') values[part] = accessesOf(program, operand);
    else if (memoryBase(part) !== undefined && operand.kind === 'memory') {
      if (memoryBase(part) !== 'sp') values['rs1'] = registerOf(row, 'rs1', operand);
      const zero: Expression = { k: 'number', value: 0n, ...spanOf(operand) };
      if (part.startsWith('imm')) late = { name: 'imm', as: 'value', expression: operand.offset ?? zero };
      else if (operand.offset && program.constant(operand.offset) !== 0n) throw new ExpressionError('expected-memory', operand, { found: operand.text, form: `${name} ${parts.join(', ')}` });
    } else if (part !== 'sp') late = lateOf(part, operand);
  }
  for (const [part, value] of Object.entries(fixed)) values[part] = value === 'rs1' ? values['rs1']! : value;
  if (late?.expression.k === 'modifier' && !MODIFIED[late.as].includes(late.expression.modifier)) throw new ExpressionError('wrong-modifier', late.expression, { modifier: late.expression.modifier, name });
  const write = (item: Item): Uint8Array => {
    program.guard(() => {
      if (late) values[late.name] = lateValue(program, row, name, late, item);
    });
    if (program.failed) return wordBytes(row.match, row.length);
    const word = encode(row, values);
    if (row.excludes?.(word) === true) program.report('reserved-operands', span, { name });
    return wordBytes(word, row.length);
  };
  const branch = late?.as === 'target' && row.length === 4 && row.operands.some(({ width }) => width === 13) ? late.expression : undefined;
  const item = branch ? placeBranch(program, row, branch, span, write) : program.place(span, row.length, write);
  if (late?.expression.k === 'modifier' && late.expression.modifier === '%pcrel_hi') program.notePcrel(item, late.expression.a);
}

function registerOf(row: InstructionRow, part: RegisterPart, operand: Operand): bigint {
  const number = BigInt(operand.kind === 'memory' ? operand.base : isRegister(operand) ? operand.number : 0);
  const field = row.operands.find((candidate) => candidate.name === part);
  if (field && !fits(number, field)) {
    const { least, most } = limitsOf(field);
    const nameOf = field.file === 'f' ? floatRegisterName : registerName;
    throw new ExpressionError('out-of-range', operand, { value: nameOf(Number(number)), name: row.name, least: nameOf(Number(least)), most: nameOf(Number(most)) });
  }
  return number;
}

function lateOf(part: string, operand: Operand): Late {
  const expression: Expression = operand.kind === 'expression' ? operand.expression : { k: 'symbol', name: operand.text, ...spanOf(operand) };
  if (part === 'target' || part === 'upper') return { name: 'imm', as: part, expression };
  return { name: part === 'zimm' ? 'zimm' : 'imm', as: 'value', expression };
}

/** A CSR by its name, or by a number of 12 bits. */
function csrOf(program: Program, operand: Operand): number {
  const name = operand.kind === 'expression' && operand.expression.k === 'symbol' ? operand.expression.name : undefined;
  const row = name === undefined ? undefined : csrByName(name.toLowerCase());
  if (row) return row.number;
  if (operand.kind !== 'expression' || (name !== undefined && !program.symbols.get(name))) {
    const near = nearest(operand.text, CSRS.map((csr) => csr.name));
    throw near === undefined ? new ExpressionError('expected-csr-far', operand, { found: operand.text }) : new ExpressionError('expected-csr', operand, { found: operand.text, near });
  }
  const number = program.constant(operand.expression);
  if (number > 0xfffn) throw new ExpressionError('out-of-range', operand, { value: String(s64(number)), name: 'csr', least: '0', most: '4095' });
  return Number(number);
}

const ACCESS_BITS: Readonly<Record<string, number>> = { i: 8, o: 4, r: 2, w: 1 };

function accessesOf(program: Program, operand: Operand): number {
  if (operand.kind === 'expression' && operand.expression.k !== 'symbol') {
    const bits = program.constant(operand.expression);
    if (bits < 16n) return Number(bits);
  }
  if (!/^i?o?r?w?$/.test(operand.text)) throw new ExpressionError('expected-fence-set', operand, { found: operand.text });
  return Array.from(operand.text).reduce((bits, letter) => bits | ACCESS_BITS[letter]!, 0);
}

function lateValue(program: Program, row: InstructionRow, name: string, { name: operandName, as, expression }: Late, item: Item): bigint {
  const field = row.operands.find((candidate) => candidate.name === operandName)!;
  const { least, most, step } = limitsOf(field);
  const raw = program.value(expression, item);
  if (as === 'target') {
    const distance = s64(u64(raw - item.address));
    if (distance % step !== 0n) throw new ExpressionError('not-a-multiple', expression, { value: String(distance), step: String(step) });
    if (!fits(distance, field)) throw new ExpressionError('target-too-far', expression, { distance: String(distance), name, least: String(least), most: String(most) });
    return distance;
  }
  if (as === 'upper') {
    // The 20 upper bits as they stand in the register: compressed lui takes those of a small number, 0xfffff as well as 1.
    const upper = BigInt.asIntN(32, raw << 12n);
    if (raw >> 20n !== 0n || !fits(upper, field)) {
      const range = field.width === 32 ? ['0', '0xfffff'] : ['1 to 31 and 0xfffe0', '0xfffff'];
      throw new ExpressionError('out-of-range', expression, { value: raw < 1n << 20n ? hex(raw) : String(s64(raw)), name, least: range[0]!, most: range[1]! });
    }
    return upper;
  }
  const value = field.signed ? s64(raw) : raw;
  if (fits(value, field)) return value;
  if (value >= least && value <= most) throw new ExpressionError('not-a-multiple', expression, { value: String(value), step: String(step) });
  throw new ExpressionError('out-of-range', expression, { value: value > 1n << 32n ? hex(value) : String(s64(raw)), name, least: String(least), most: String(most) });
}

/** A conditional branch reaches 4 KiB; a farther one becomes the opposite branch over a jump, as in GNU as. */
function placeBranch(program: Program, row: InstructionRow, target: Expression, span: Span, write: (item: Item) => Uint8Array): Item {
  const NEAR = 4;
  const FAR = 8;
  const distance = (item: Item): bigint | undefined => {
    try {
      return s64(u64(program.value(target, item) - item.address));
    } catch (error) {
      if (error instanceof ExpressionError) return undefined;
      throw error;
    }
  };
  const field = row.operands.find(({ name }) => name === 'imm')!;
  return program.place(span, NEAR, (item) => {
    if (item.size === NEAR) return write(item);
    const bytes = new Uint8Array(FAR);
    const [near, jal] = [write({ ...item, address: program.value(target, item) }), instructionByName('jal')!];
    const view = new DataView(near.buffer);
    // With its target at itself the branch has distance 0: set 8, and turn the condition round (funct3 bit 0).
    const inverted = (view.getUint32(0, true) ^ 0x1000) | encode({ ...row, match: 0 }, { imm: BigInt(FAR) });
    bytes.set(wordBytes(inverted, 4));
    const jump = (distance(item) ?? 0n) - 4n;
    const jumpField = jal.operands.find(({ name }) => name === 'imm')!;
    if (!fits(jump, jumpField)) program.guard(() => { throw new ExpressionError('target-too-far', target, { distance: String(jump + 4n), name: row.name, least: String(limitsOf(jumpField).least), most: String(limitsOf(jumpField).most) }); });
    else bytes.set(wordBytes(encode(jal, { rd: 0, imm: jump }), 4), 4);
    return bytes;
  }, {
    settle: (item) => {
      const away = distance(item);
      if (away !== undefined && away % 2n === 0n && !fits(away, field)) item.size = FAR;
    },
  });
}

function wordBytes(word: number, length: 2 | 4): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (word >>> (8 * index)) & 0xff);
}

