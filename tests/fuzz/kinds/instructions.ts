/**
 * Random instructions that stay inside their snippet: they read and write one window of memory, jump only forward or in loops that end,
 * and leave alone the registers that hold this together.
 */
import { decode } from '../../../workers/isa/decode.ts';
import { fits, limitsOf } from '../../../workers/isa/encode.ts';
import { instructionByName, INSTRUCTIONS } from '../../../workers/isa/instructions/index.ts';
import type { InstructionRow, OperandBits } from '../../../workers/isa/row.ts';
import type { Random } from '../../differential/random.ts';
import { interesting } from '../values.ts';
import { arenaPage, item, jump, type Item, type Poke, type Unit } from '../snippet.ts';

/** The window: 64 double words around a page boundary. */
export const WINDOW_BYTES = 512;
const WINDOW = arenaPage(1) - BigInt(WINDOW_BYTES / 2);
const SP = 2;
/** Registers that no instruction writes: pointers into the window (sp its begin, s0 its middle, s1 its middle misaligned, s2 anywhere aligned), an address where nothing is, and a loop's counter. */
const MIDDLE = 8, MISALIGNED = 9, ANYWHERE = 18, NOWHERE = 19, COUNTER = 20;
const KEPT: ReadonlySet<number> = new Set([SP, MIDDLE, MISALIGNED, ANYWHERE, NOWHERE, COUNTER]);

const HOLES = [0x30_0000n, 0x50_0000n, 0x1_0000_0000n, 0x8000_0000_0000_0000n, 0xffff_ffff_ffff_f000n, 0x40_0000_0000n] as const;

export function windowPokes(random: Random): Poke[] {
  return Array.from({ length: WINDOW_BYTES / 8 }, (_, n) => ({ address: WINDOW + BigInt(8 * n), value: interesting(random) }));
}

export function windowRegisters(random: Random): bigint[] {
  const x = Array.from({ length: 31 }, () => interesting(random));
  const set = (register: number, value: bigint): void => { x[register - 1] = value; };
  const middle = WINDOW + BigInt(WINDOW_BYTES / 2);
  set(SP, WINDOW);
  set(MIDDLE, middle);
  set(MISALIGNED, middle + BigInt(1 + random.below(7)));
  set(ANYWHERE, WINDOW + BigInt(8 * random.below(WINDOW_BYTES / 8)));
  set(NOWHERE, random.pick(HOLES) + BigInt(random.oneIn(3) ? random.below(16) : 0));
  set(COUNTER, BigInt(1 + random.below(4)));
  return x;
}

const need = (name: string): InstructionRow => {
  const row = instructionByName(name);
  if (!row) throw new Error(`no instruction ${name}`);
  return row;
};
const ADDI = need('addi'), AUIPC = need('auipc'), JALR = need('jalr'), BLT = need('blt'), C_ADDI = need('c.addi'), C_JR = need('c.jr');

const isMemory = ({ form }: InstructionRow): boolean => /\((rs1|sp)\)/.test(form);
const isAtomic = ({ extension }: InstructionRow): boolean => extension === 'A';
const isJump = ({ form }: InstructionRow): boolean => form.includes('target');
const isReservation = ({ name }: InstructionRow): boolean => name.startsWith('lr.') || name.startsWith('sc.');
const DIRECT: ReadonlySet<string> = new Set(['jalr', 'c.jr', 'c.jalr', 'c.addi16sp', 'ecall', 'ebreak', 'c.ebreak', 'wfi', 'mret', 'sret']);
const isOrdinary = (row: InstructionRow): boolean => !row.privileged && !DIRECT.has(row.name) && !isReservation(row) && !row.operands.some(({ name }) => name === 'csr');

/** What a family of random instructions is made of. */
export interface Palette {
  readonly plain: readonly InstructionRow[];
  readonly memory: readonly InstructionRow[];
  readonly jumps: readonly InstructionRow[];
}

export function palette(wanted: (row: InstructionRow) => boolean): Palette {
  const rows = INSTRUCTIONS.filter((row) => isOrdinary(row) && wanted(row));
  return { plain: rows.filter((row) => !isMemory(row) && !isJump(row)), memory: rows.filter(isMemory), jumps: rows.filter(isJump) };
}

/** A register as an operand: any to read, none of the kept to write. */
function register(random: Random, row: InstructionRow, { name, offset, width }: OperandBits): bigint {
  // Floating-point registers have the same names of operands; those that are kept are merely not used.
  const writes = name === 'rd' || row.implied?.rd === 'rd';
  for (;;) {
    const number = offset === undefined ? random.below(1 << width) : offset + random.below(1 << width);
    if (!writes || !KEPT.has(number)) return BigInt(number);
  }
}

function operand(random: Random, row: InstructionRow, bits: OperandBits): bigint {
  if (bits.name === 'rd' || bits.name === 'rs1' || bits.name === 'rs2' || (bits.name as string) === 'rs3') return register(random, row, bits);
  const { least, most, step } = limitsOf(bits);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const raw = BigInt.asUintN(bits.width, random.oneIn(2) ? interesting(random) : random.double());
    const value = bits.signed ? BigInt.asIntN(bits.width, raw) : raw;
    if (fits(value, bits)) return value;
  }
  return random.oneIn(2) ? least : most - (most % step);
}

function operands(random: Random, row: InstructionRow): Record<string, bigint> {
  for (;;) {
    const values = Object.fromEntries(row.operands.map((bits) => [bits.name, operand(random, row, bits)]));
    const made = item(row, values);
    // Reserved forms of compressed instructions and hints that are other instructions are not what was asked for.
    if (decode(made.word)?.row === row) return values;
  }
}

/** A load, store or atomic in the window; now and then where nothing is. */
function memory(random: Random, row: InstructionRow): Item {
  const values = operands(random, row);
  const base = row.operands.find(({ name }) => name === 'rs1');
  const low = base?.offset !== undefined;
  const pointer = isAtomic(row) ? random.pick([MIDDLE, MIDDLE, ANYWHERE, ANYWHERE, ANYWHERE, MISALIGNED]) : low ? random.pick([MIDDLE, MISALIGNED]) : random.pick([SP, MIDDLE, MISALIGNED]);
  const used = !low && random.oneIn(24) ? NOWHERE : pointer;
  if (base) values['rs1'] = BigInt(used);
  const bits = row.operands.find(({ name }) => name === 'imm');
  if (bits) {
    const { least, step } = limitsOf(bits);
    const [from, to] = !base || used === SP ? [0, WINDOW_BYTES - 16] : [-240, 232];
    const lowest = Math.max(from, Number(least));
    const imm = BigInt(lowest + random.below(to - lowest));
    const aligned = imm - (((imm % step) + step) % step);
    if (fits(aligned, bits)) values['imm'] = aligned;
    else values['imm'] = random.oneIn(2) ? 0n : 8n * step <= 64n ? 8n * step : 0n;
  }
  return item(row, values);
}

const forward = (random: Random): number => 1 + random.below(4);

function jumping(random: Random, row: InstructionRow): Item {
  return jump(row, operands(random, row), forward(random));
}

/** Jumps by register: to the unit after this one. */
function byRegister(random: Random): Unit {
  if (random.oneIn(2)) return [item(AUIPC, { rd: 10 }), item(C_ADDI, { rd: 10, imm: 8 }), item(C_JR, { rs1: 10 })];
  const [link, target] = [random.pick([0, 1, 5, 10]), random.pick([1, 5, 6, 10])];
  return [item(AUIPC, { rd: target }), item(JALR, { rd: link, rs1: target, imm: 8 + random.below(2) })];
}

function loop(random: Random, family: Palette): Unit {
  const inside = Array.from({ length: 1 + random.below(3) }, () => random.oneIn(3) ? memory(random, random.pick(family.memory)) : item(...plain(random, family)));
  return [...inside, item(ADDI, { rd: COUNTER, rs1: COUNTER, imm: -1 }), jump(BLT, { rs1: 0, rs2: COUNTER }, 0), item(ADDI, { rd: COUNTER, imm: 1 + random.below(4) })];
}

function plain(random: Random, family: Palette): readonly [InstructionRow, Record<string, bigint>] {
  const row = random.pick(family.plain);
  return [row, operands(random, row)];
}

/**
 * lr and sc of one address, and perhaps an sc that has no reservation any more. An sc that is misaligned is left out: in QEMU it fails
 * before it looks at the address.
 */
function reservation(random: Random): Unit {
  const size = random.pick(['w', 'd']);
  const rs1 = random.pick([MIDDLE, ANYWHERE, ANYWHERE, ANYWHERE, MISALIGNED]);
  const [loaded, stored, said] = [random.pick([10, 11]), random.pick([11, 12, 13]), random.pick([14, 15, 0])];
  const order = { aq: random.below(2), rl: random.below(2) };
  const sc = item(need(`sc.${size}`), { rd: said, rs1, rs2: stored, ...order });
  const lr = item(need(`lr.${size}`), { rd: loaded, rs1, ...order });
  if (rs1 === MISALIGNED) return [lr];
  return [lr, sc, ...(random.oneIn(3) ? [sc] : [])];
}

/** Bits that are no instruction here: they must be none there. */
function illegal(random: Random): Item {
  for (;;) {
    const word = random.word();
    const length = (word & 3) === 3 ? 4 : 2;
    const bits = length === 4 ? word : word & 0xffff;
    // QEMU 7.2 takes the reserved rounding mode 5 for one of its own.
    const ofMode5 = [0x43, 0x47, 0x4b, 0x4f, 0x53].includes(bits & 0x7f) && ((bits >>> 12) & 7) === 5;
    if (!decode(bits) && !ofMode5 && (bits & 0x1f) !== 0x1f) return { word: bits, length };
  }
}

const CALLS: readonly Item[] = ['ecall', 'ebreak', 'c.ebreak'].map((name) => item(need(name), {}));

export function randomUnit(random: Random, family: Palette): Unit {
  const choice = random.below(100);
  if (choice < 55) return [item(...plain(random, family))];
  if (choice < 80) return [memory(random, random.pick(family.memory))];
  if (choice < 88) return [jumping(random, random.pick(family.jumps))];
  if (choice < 91) return byRegister(random);
  if (choice < 95) return reservation(random);
  if (choice < 97) return loop(random, family);
  return [random.oneIn(2) ? illegal(random) : random.pick(CALLS)];
}
