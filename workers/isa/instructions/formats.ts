/**
 * The instruction formats (unprivileged manual, 2.2 and 2.3): where operands stand, and builders that make a row's mask and match of its
 * opcode and function fields.
 */
import type { Stmt } from '../meaning.ts';
import type { Extension, InstructionRow, OperandBits, OperandName, Prose } from '../row.ts';

type Piece = readonly [high: number, low: number, at: number];

const operand = (name: OperandName, signed: boolean, width: number, ...pieces: Piece[]): OperandBits =>
  ({ name, signed, width, pieces: pieces.map(([high, low, at]) => ({ high, low, at })) });

export const RD = operand('rd', false, 5, [11, 7, 0]);
export const RS1 = operand('rs1', false, 5, [19, 15, 0]);
export const RS2 = operand('rs2', false, 5, [24, 20, 0]);
const I_IMM = operand('imm', true, 12, [31, 20, 0]);
const S_IMM = operand('imm', true, 12, [31, 25, 5], [11, 7, 0]);
const B_IMM = operand('imm', true, 13, [31, 31, 12], [7, 7, 11], [30, 25, 5], [11, 8, 1]);
const U_IMM = operand('imm', true, 32, [31, 12, 12]);
const J_IMM = operand('imm', true, 21, [31, 31, 20], [19, 12, 12], [20, 20, 11], [30, 21, 1]);
const SHAMT6 = operand('imm', false, 6, [25, 20, 0]);
const SHAMT5 = operand('imm', false, 5, [24, 20, 0]);
const CSR = operand('csr', false, 12, [31, 20, 0]);
const ZIMM = operand('zimm', false, 5, [19, 15, 0]);
const FM = operand('fm', false, 4, [31, 28, 0]);
const PRED = operand('pred', false, 4, [27, 24, 0]);
const SUCC = operand('succ', false, 4, [23, 20, 0]);
const AQ = operand('aq', false, 1, [26, 26, 0]);
const RL = operand('rl', false, 1, [25, 25, 0]);

/** What a row says besides its bits. */
export interface Says {
  readonly name: string;
  readonly en: string;
  readonly zh: string;
  readonly meaning: readonly Stmt[];
}

/** What all rows of one table share. */
export interface Family {
  readonly extension: Extension;
  readonly clause: string;
  readonly privileged?: boolean;
}

const prose = ({ en, zh }: Says): Prose => ({ en, 'zh-CN': zh });

function row(family: Family, says: Says, form: string, mask: number, match: number, operands: readonly OperandBits[]): InstructionRow {
  const { extension, clause, privileged = false } = family;
  return { name: says.name, extension, length: 4, mask: mask >>> 0, match: match >>> 0, operands, form, prose: prose(says), clause, meaning: says.meaning, privileged };
}

const FUNCT3 = 0x707f;
const FUNCT7 = 0xfe00_707f;

export const rType = (family: Family, opcode: number, funct3: number, funct7: number, says: Says): InstructionRow =>
  row(family, says, 'rd, rs1, rs2', FUNCT7, opcode | (funct3 << 12) | (funct7 << 25), [RD, RS1, RS2]);

export const iType = (family: Family, opcode: number, funct3: number, says: Says, form = 'rd, rs1, imm'): InstructionRow =>
  row(family, says, form, FUNCT3, opcode | (funct3 << 12), [RD, RS1, I_IMM]);

/** Shifts by a constant: 6 bits of it, or 5 for the 32-bit ones. */
export const shiftType = (family: Family, opcode: number, funct3: number, funct7: number, says: Says): InstructionRow =>
  opcode === 0x1b
    ? row(family, says, 'rd, rs1, imm', FUNCT7, opcode | (funct3 << 12) | (funct7 << 25), [RD, RS1, SHAMT5])
    : row(family, says, 'rd, rs1, imm', 0xfc00_707f, opcode | (funct3 << 12) | (funct7 << 25), [RD, RS1, SHAMT6]);

export const sType = (family: Family, funct3: number, says: Says): InstructionRow =>
  row(family, says, 'rs2, imm(rs1)', FUNCT3, 0x23 | (funct3 << 12), [RS1, RS2, S_IMM]);

export const bType = (family: Family, funct3: number, says: Says): InstructionRow =>
  row(family, says, 'rs1, rs2, target', FUNCT3, 0x63 | (funct3 << 12), [RS1, RS2, B_IMM]);

export const uType = (family: Family, opcode: number, says: Says): InstructionRow => row(family, says, 'rd, upper', 0x7f, opcode, [RD, U_IMM]);

export const jType = (family: Family, opcode: number, says: Says): InstructionRow => row(family, says, 'rd, target', 0x7f, opcode, [RD, J_IMM]);

export const csrType = (family: Family, funct3: number, says: Says): InstructionRow =>
  row(family, says, funct3 < 4 ? 'rd, csr, rs1' : 'rd, csr, zimm', FUNCT3, 0x73 | (funct3 << 12), [RD, CSR, funct3 < 4 ? RS1 : ZIMM]);

/** Atomic memory operations: aq and rl are written as a suffix of the name. */
export const amoType = (family: Family, funct3: number, funct5: number, says: Says, form = 'rd, rs2, (rs1)'): InstructionRow =>
  form.includes('rs2')
    ? row(family, says, form, 0xf800_707f, 0x2f | (funct3 << 12) | (funct5 << 27), [RD, RS1, RS2, AQ, RL])
    : row(family, says, form, 0xf9f0_707f, 0x2f | (funct3 << 12) | (funct5 << 27), [RD, RS1, AQ, RL]);

/** fence: the register fields are reserved and ignored, as the manual asks (2.7). */
export const fenceType = (family: Family, says: Says): InstructionRow => row(family, says, 'pred, succ', FUNCT3, 0x0f, [RD, RS1, FM, PRED, SUCC]);

/** fence.i: all fields but the function are reserved and ignored (Zifencei). */
export const fenceIType = (family: Family, says: Says): InstructionRow => row(family, says, '', FUNCT3, 0x100f, [RD, RS1, I_IMM]);

/** Instructions that are one word. */
export const wordType = (family: Family, word: number, says: Says): InstructionRow => row(family, says, '', 0xffff_ffff, word, []);

/** sfence.vma: two registers, and no destination. */
export const fenceVmaType = (family: Family, funct7: number, says: Says): InstructionRow =>
  row(family, says, 'rs1, rs2', 0xfe00_7fff, 0x73 | (funct7 << 25), [RS1, RS2]);

/** hlv and hlvx: an address without an offset; the field of rs2 says the extension. */
export const guestLoadType = (family: Family, funct7: number, field: number, says: Says): InstructionRow =>
  row(family, says, 'rd, (rs1)', 0xfff0_707f, 0x4073 | (field << 20) | (funct7 << 25), [RD, RS1]);

export const guestStoreType = (family: Family, funct7: number, says: Says): InstructionRow =>
  row(family, says, 'rs2, (rs1)', 0xfe00_7fff, 0x4073 | (funct7 << 25), [RS1, RS2]);

/** One source: the field of the second, or the whole immediate, is part of the name. */
export const unaryType = (family: Family, opcode: number, funct3: number, immediate: number, says: Says): InstructionRow =>
  row(family, says, 'rd, rs1', 0xfff0_707f, opcode | (funct3 << 12) | (immediate << 20), [RD, RS1]);

/** slli.uw: a 32-bit opcode with a shift of six bits. */
export const wideShiftType = (family: Family, opcode: number, funct3: number, funct6: number, says: Says): InstructionRow =>
  row(family, says, 'rd, rs1, imm', 0xfc00_707f, opcode | (funct3 << 12) | (funct6 << 26), [RD, RS1, SHAMT6]);

/** Cache-block instructions: an address and nothing else. */
export const cacheBlockType = (family: Family, operation: number, says: Says): InstructionRow =>
  row(family, says, '(rs1)', 0xfff0_7fff, 0x200f | (operation << 20), [RS1]);

// ------------------------------------------------------------------------------------------------ floating point
/** An operand among the f registers. */
const inF = (of: OperandBits): OperandBits => ({ ...of, file: 'f' });
const FD = inF(RD);
const FS1 = inF(RS1);
const FS2 = inF(RS2);
const FS3 = inF(operand('rs3', false, 5, [31, 27, 0]));
const RM = operand('rm', false, 3, [14, 12, 0]);
/** Rounding modes 5 and 6 are reserved: such words are no instructions (20.2). */
const hasReservedRounding = (word: number): boolean => ((word >>> 12) & 7) === 5 || ((word >>> 12) & 7) === 6;

export const floatLoadType = (family: Family, funct3: number, says: Says): InstructionRow => row(family, says, 'rd, imm(rs1)', FUNCT3, 0x07 | (funct3 << 12), [FD, RS1, I_IMM]);
export const floatStoreType = (family: Family, funct3: number, says: Says): InstructionRow => row(family, says, 'rs2, imm(rs1)', FUNCT3, 0x27 | (funct3 << 12), [RS1, FS2, S_IMM]);

/** Four registers and a rounding mode; the format of the numbers in bits 26:25. */
export const fusedType = (family: Family, opcode: number, format: 0 | 1, says: Says): InstructionRow =>
  ({ ...row(family, says, 'rd, rs1, rs2, rs3, rm', 0x0600_007f, opcode | (format << 25), [FD, FS1, FS2, FS3, RM]), excludes: hasReservedRounding });

export interface FloatFields {
  /** Bits 31:27. */
  readonly funct5: number;
  /** Bits 26:25: 0 singles, 1 doubles. */
  readonly format: 0 | 1;
  /** Bits 24:20 where they say the operation; without it they are a second source. */
  readonly rs2?: number;
  /** Bits 14:12 where they say the operation; without it they are a rounding mode. */
  readonly funct3?: number;
  /** The operand that is an x register. */
  readonly integer?: 'rd' | 'rs1';
}
export function floatType(family: Family, { funct5, format, rs2, funct3, integer }: FloatFields, says: Says): InstructionRow {
  const mask = 0xfe00_007f | (rs2 === undefined ? 0 : 0x1f0_0000) | (funct3 === undefined ? 0 : 0x7000);
  const match = 0x53 | (funct5 << 27) | (format << 25) | ((rs2 ?? 0) << 20) | ((funct3 ?? 0) << 12);
  const operands = [integer === 'rd' ? RD : FD, integer === 'rs1' ? RS1 : FS1, ...(rs2 === undefined ? [FS2] : []), ...(funct3 === undefined ? [RM] : [])];
  const made = row(family, says, operands.map(({ name }) => name).join(', '), mask, match, operands);
  return funct3 === undefined ? { ...made, excludes: hasReservedRounding } : made;
}
