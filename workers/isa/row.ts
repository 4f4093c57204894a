/**
 * One row of the instruction table: bits, operands, assembly form, prose and meaning stand together. Decoder, disassembler,
 * assembler, hovers and every engine tier derive from these rows and from nothing else.
 */
import type { Stmt } from './meaning.ts';

export type Extension = 'I' | 'M' | 'A' | 'C' | 'Zicsr' | 'Zifencei' | 'S' | 'M-mode' | 'H' | 'Svinval' | 'F' | 'D' | 'Zba' | 'Zbb' | 'Zbs' | 'Zicond' | 'Zicbom' | 'Zicboz';

/** Text in each language of the lab. */
export interface Prose {
  readonly en: string;
  readonly 'zh-CN': string;
}

export type OperandName = 'rd' | 'rs1' | 'rs2' | 'rs3' | 'rm' | 'imm' | 'csr' | 'zimm' | 'pred' | 'succ' | 'fm' | 'aq' | 'rl';

/** Where the bits of an operand stand: from the most significant piece to the least, with the place of each in the value. */
export interface OperandBits {
  readonly name: OperandName;
  /** instruction bits high..low hold value bits from `at + (high - low)` down to `at` */
  readonly pieces: readonly { readonly high: number; readonly low: number; readonly at: number }[];
  /** For immediates: sign-extended from this many bits, or unsigned. */
  readonly signed: boolean;
  /** Total width in bits of the value, counted from bit 0 (so 13 for a branch offset, whose bit 0 is 0). */
  readonly width: number;
  /** For compressed registers: the field holds the number minus 8. */
  readonly offset?: 8;
  /** A floating-point register. */
  readonly file?: 'f';
}

export interface InstructionRow {
  /** The mnemonic, in lower case: `addi`, `amoadd.w`. */
  readonly name: string;
  readonly extension: Extension;
  /** Length in bytes. */
  readonly length: 2 | 4;
  /** A word is this instruction when (word & mask) === match. */
  readonly mask: number;
  readonly match: number;
  readonly operands: readonly OperandBits[];
  /** Words that match and are another instruction or reserved all the same: compressed forms whose operand must not be 0. */
  readonly excludes?: (word: number) => boolean;
  /** Operands that the meaning uses and no bits say: a compressed form's stack pointer, or its rd as the first source. */
  readonly implied?: Readonly<Partial<Record<'rd' | 'rs1' | 'rs2' | 'imm', number | 'rd'>>>;
  /**
   * The assembly form, in the syntax of the manual: operand names stand for themselves, all else is literal:
   * `rd, rs1, imm`, `rd, imm(rs1)`, `rd, rs2, (rs1)`, `rs1, rs2, target` (a pc-relative imm), `rd, upper` (imm without its
   * low 12 bits), or the empty string.
   */
  readonly form: string;
  /** One or two sentences: what it does, as a teacher would say it. */
  readonly prose: Prose;
  /** Clause of the manual. */
  readonly clause: string;
  readonly meaning: readonly Stmt[];
  /** May run in any mode without a trap that depends on the mode. False for every privileged instruction and CSR access. */
  readonly privileged: boolean;
}

/** A word taken apart. Registers are numbers 0..31; absent operands are 0. */
export interface Decoded {
  readonly row: InstructionRow;
  readonly word: number;
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number;
  /** Rounding mode. */
  readonly rm: number;
  /** Sign-extended where the row says so, as a signed bigint. */
  readonly imm: bigint;
  readonly csr: number;
  readonly zimm: number;
  readonly aq: boolean;
  readonly rl: boolean;
  readonly pred: number;
  readonly succ: number;
  readonly fm: number;
}
