/**
 * C: compressed instructions for RV64 (unprivileged manual, "C" extension). Each means what one of the 4-byte
 * instructions means, and shares its meaning; only the place of its operands is its own.
 */
import type { Stmt } from '../meaning.ts';
import type { InstructionRow, OperandBits, OperandName } from '../row.ts';
import { RV64FD } from './rv64fd.ts';
import { RV64I } from './rv64i.ts';

type Piece = readonly [high: number, low: number, at: number];
type Implied = NonNullable<InstructionRow['implied']>;

const bits = (name: OperandName, signed: boolean, width: number, ...pieces: Piece[]): OperandBits =>
  ({ name, signed, width, pieces: pieces.map(([high, low, at]) => ({ high, low, at })) });
/** A register x8..x15 in three bits. */
const small = (name: OperandName, high: number): OperandBits => ({ ...bits(name, false, 3, [high, high - 2, 0]), offset: 8 });

const inF = (of: OperandBits): OperandBits => ({ ...of, file: 'f' });

const SP = 2;
const RD = bits('rd', false, 5, [11, 7, 0]);
const RS1 = bits('rs1', false, 5, [11, 7, 0]);
const RS2 = bits('rs2', false, 5, [6, 2, 0]);
const RD_ = small('rd', 9);
const RD_LOW = small('rd', 4);
const RS1_ = small('rs1', 9);
const RS2_ = small('rs2', 4);
const IMM6 = bits('imm', true, 6, [12, 12, 5], [6, 2, 0]);
const SHAMT = bits('imm', false, 6, [12, 12, 5], [6, 2, 0]);
const WORD_OFFSET = bits('imm', false, 7, [5, 5, 6], [12, 10, 3], [6, 6, 2]);
const DOUBLE_OFFSET = bits('imm', false, 8, [6, 5, 6], [12, 10, 3]);
const BRANCH = bits('imm', true, 9, [12, 12, 8], [6, 5, 6], [2, 2, 5], [11, 10, 3], [4, 3, 1]);
const JUMP = bits('imm', true, 12, [12, 12, 11], [8, 8, 10], [10, 9, 8], [6, 6, 7], [7, 7, 6], [2, 2, 5], [11, 11, 4], [5, 3, 1]);

const base = (name: string): readonly Stmt[] => {
  const found = [...RV64I, ...RV64FD].find((row) => row.name === name);
  if (!found) throw new Error(`Internal error: no instruction ${name}`);
  return found.meaning;
};

interface Compressed {
  readonly implied?: Implied;
  readonly excludes?: (word: number) => boolean;
}

function row(name: string, of: string, form: string, mask: number, match: number, operands: readonly OperandBits[], { implied, excludes }: Compressed = {}): InstructionRow {
  return {
    name, extension: 'C', length: 2, mask, match, operands, form, clause: 'C 27', privileged: false, meaning: base(of),
    prose: { en: `The 2-byte form of ${of}, for common operands.`, 'zh-CN': `${of} 的 2 字节形式，用于常见的操作数。` },
    ...(implied && { implied }), ...(excludes && { excludes }),
  };
}

const field = (word: number, high: number, low: number): number => (word >> low) & ((1 << (high - low + 1)) - 1);
const rdIs0 = (word: number): boolean => field(word, 11, 7) === 0;
const rs2Is0 = (word: number): boolean => field(word, 6, 2) === 0;
/** Words that the manual reserves: an immediate of 0 that would do nothing. */
const immediateIs0 = (word: number): boolean => rs2Is0(word) && field(word, 12, 12) === 0;

const F3 = 0xe003;
const ALU = 0xfc63;
/** c.addi and the like: rd is also the first source. */
const TO_ITSELF: Implied = { rs1: 'rd' };

export const RV64C: readonly InstructionRow[] = [
  // Quadrant 0
  row('c.addi4spn', 'addi', 'rd, sp, imm', F3, 0x0000, [RD_LOW, bits('imm', false, 10, [10, 7, 6], [12, 11, 4], [5, 5, 3], [6, 6, 2])], { implied: { rs1: SP }, excludes: (word) => field(word, 12, 5) === 0 }),
  row('c.fld', 'fld', 'rd, imm(rs1)', F3, 0x2000, [inF(RD_LOW), RS1_, DOUBLE_OFFSET]),
  row('c.lw', 'lw', 'rd, imm(rs1)', F3, 0x4000, [RD_LOW, RS1_, WORD_OFFSET]),
  row('c.ld', 'ld', 'rd, imm(rs1)', F3, 0x6000, [RD_LOW, RS1_, DOUBLE_OFFSET]),
  row('c.fsd', 'fsd', 'rs2, imm(rs1)', F3, 0xa000, [inF(RS2_), RS1_, DOUBLE_OFFSET]),
  row('c.sw', 'sw', 'rs2, imm(rs1)', F3, 0xc000, [RS2_, RS1_, WORD_OFFSET]),
  row('c.sd', 'sd', 'rs2, imm(rs1)', F3, 0xe000, [RS2_, RS1_, DOUBLE_OFFSET]),
  // Quadrant 1
  row('c.nop', 'addi', 'imm', 0xef83, 0x0001, [IMM6]),
  row('c.addi', 'addi', 'rd, imm', F3, 0x0001, [RD, IMM6], { implied: TO_ITSELF, excludes: rdIs0 }),
  row('c.addiw', 'addiw', 'rd, imm', F3, 0x2001, [RD, IMM6], { implied: TO_ITSELF, excludes: rdIs0 }),
  row('c.li', 'addi', 'rd, imm', F3, 0x4001, [RD, IMM6]),
  row('c.addi16sp', 'addi', 'sp, imm', 0xef83, 0x6101, [bits('imm', true, 10, [12, 12, 9], [4, 3, 7], [5, 5, 6], [2, 2, 5], [6, 6, 4])], { implied: { rd: SP, rs1: SP }, excludes: immediateIs0 }),
  row('c.lui', 'lui', 'rd, upper', F3, 0x6001, [RD, bits('imm', true, 18, [12, 12, 17], [6, 2, 12])], { excludes: (word) => field(word, 11, 7) === SP || immediateIs0(word) }),
  row('c.srli', 'srli', 'rd, imm', 0xec03, 0x8001, [RD_, SHAMT], { implied: TO_ITSELF }),
  row('c.srai', 'srai', 'rd, imm', 0xec03, 0x8401, [RD_, SHAMT], { implied: TO_ITSELF }),
  row('c.andi', 'andi', 'rd, imm', 0xec03, 0x8801, [RD_, IMM6], { implied: TO_ITSELF }),
  row('c.sub', 'sub', 'rd, rs2', ALU, 0x8c01, [RD_, RS2_], { implied: TO_ITSELF }),
  row('c.xor', 'xor', 'rd, rs2', ALU, 0x8c21, [RD_, RS2_], { implied: TO_ITSELF }),
  row('c.or', 'or', 'rd, rs2', ALU, 0x8c41, [RD_, RS2_], { implied: TO_ITSELF }),
  row('c.and', 'and', 'rd, rs2', ALU, 0x8c61, [RD_, RS2_], { implied: TO_ITSELF }),
  row('c.subw', 'subw', 'rd, rs2', ALU, 0x9c01, [RD_, RS2_], { implied: TO_ITSELF }),
  row('c.addw', 'addw', 'rd, rs2', ALU, 0x9c21, [RD_, RS2_], { implied: TO_ITSELF }),
  row('c.j', 'jal', 'target', F3, 0xa001, [JUMP]),
  row('c.beqz', 'beq', 'rs1, target', F3, 0xc001, [RS1_, BRANCH]),
  row('c.bnez', 'bne', 'rs1, target', F3, 0xe001, [RS1_, BRANCH]),
  // Quadrant 2
  row('c.slli', 'slli', 'rd, imm', F3, 0x0002, [RD, SHAMT], { implied: TO_ITSELF }),
  row('c.fldsp', 'fld', 'rd, imm(sp)', F3, 0x2002, [inF(RD), bits('imm', false, 9, [4, 2, 6], [12, 12, 5], [6, 5, 3])], { implied: { rs1: SP } }),
  row('c.lwsp', 'lw', 'rd, imm(sp)', F3, 0x4002, [RD, bits('imm', false, 8, [3, 2, 6], [12, 12, 5], [6, 4, 2])], { implied: { rs1: SP }, excludes: rdIs0 }),
  row('c.ldsp', 'ld', 'rd, imm(sp)', F3, 0x6002, [RD, bits('imm', false, 9, [4, 2, 6], [12, 12, 5], [6, 5, 3])], { implied: { rs1: SP }, excludes: rdIs0 }),
  row('c.jr', 'jalr', 'rs1', 0xf07f, 0x8002, [RS1], { excludes: rdIs0 }),
  row('c.mv', 'add', 'rd, rs2', 0xf003, 0x8002, [RD, RS2], { excludes: rs2Is0 }),
  row('c.ebreak', 'ebreak', '', 0xffff, 0x9002, []),
  row('c.jalr', 'jalr', 'rs1', 0xf07f, 0x9002, [RS1], { implied: { rd: 1 }, excludes: rdIs0 }),
  row('c.add', 'add', 'rd, rs2', 0xf003, 0x9002, [RD, RS2], { implied: TO_ITSELF, excludes: rs2Is0 }),
  row('c.fsdsp', 'fsd', 'rs2, imm(sp)', F3, 0xa002, [inF(RS2), bits('imm', false, 9, [9, 7, 6], [12, 10, 3])], { implied: { rs1: SP } }),
  row('c.swsp', 'sw', 'rs2, imm(sp)', F3, 0xc002, [RS2, bits('imm', false, 8, [8, 7, 6], [12, 9, 2])], { implied: { rs1: SP } }),
  row('c.sdsp', 'sd', 'rs2, imm(sp)', F3, 0xe002, [RS2, bits('imm', false, 9, [9, 7, 6], [12, 10, 3])], { implied: { rs1: SP } }),
];
