/**
 * Other names for single instructions with some operands fixed (unprivileged manual, "RISC-V Assembly Programmer's Handbook"). The
 * disassembler uses the first that fits; the assembler takes them all.
 */
import { RV64FD } from './instructions/rv64fd.ts';
import type { InstructionRow, OperandName } from './row.ts';

export interface Alias {
  readonly name: string;
  /** The row's name. */
  readonly of: string;
  readonly form: string;
  /** Operands that the form does not mention, and what they are: a number, or the same as the first source. */
  readonly fixed: Readonly<Partial<Record<OperandName, number | 'rs1'>>>;
}

const RA = 1;
const ALL_ACCESSES = 15;
const alias = (name: string, of: string, form: string, fixed: Alias['fixed']): Alias => ({ name, of, form, fixed });

const [FFLAGS, FRM, FCSR] = [1, 2, 3];
const DYNAMIC = 7;
/** The rounding mode is not written where it is that of frm; nor, for conversions that are exact, where it is the first (GNU as). */
const EXACT: ReadonlySet<string> = new Set(['fcvt.d.s', 'fcvt.d.w', 'fcvt.d.wu']);
const dynamic = ({ name, form }: InstructionRow): Alias => alias(name, name, form.replace(/, rm$/, ''), { rm: EXACT.has(name) ? 0 : DYNAMIC });

export const ALIASES: readonly Alias[] = [
  ...['s', 'd'].flatMap((format) => [
    alias(`fmv.${format}`, `fsgnj.${format}`, 'rd, rs1', { rs2: 'rs1' }),
    alias(`fneg.${format}`, `fsgnjn.${format}`, 'rd, rs1', { rs2: 'rs1' }),
    alias(`fabs.${format}`, `fsgnjx.${format}`, 'rd, rs1', { rs2: 'rs1' }),
  ]),
  ...RV64FD.filter(({ operands }) => operands.some(({ name }) => name === 'rm')).map(dynamic),
  alias('frflags', 'csrrs', 'rd', { csr: FFLAGS, rs1: 0 }),
  alias('frrm', 'csrrs', 'rd', { csr: FRM, rs1: 0 }),
  alias('frcsr', 'csrrs', 'rd', { csr: FCSR, rs1: 0 }),
  alias('fsflags', 'csrrw', 'rs1', { csr: FFLAGS, rd: 0 }),
  alias('fsflags', 'csrrw', 'rd, rs1', { csr: FFLAGS }),
  alias('fsrm', 'csrrw', 'rs1', { csr: FRM, rd: 0 }),
  alias('fsrm', 'csrrw', 'rd, rs1', { csr: FRM }),
  alias('fscsr', 'csrrw', 'rs1', { csr: FCSR, rd: 0 }),
  alias('fscsr', 'csrrw', 'rd, rs1', { csr: FCSR }),
  alias('fsflagsi', 'csrrwi', 'zimm', { csr: FFLAGS, rd: 0 }),
  alias('fsflagsi', 'csrrwi', 'rd, zimm', { csr: FFLAGS }),
  alias('fsrmi', 'csrrwi', 'zimm', { csr: FRM, rd: 0 }),
  alias('fsrmi', 'csrrwi', 'rd, zimm', { csr: FRM }),
  alias('nop', 'addi', '', { rd: 0, rs1: 0, imm: 0 }),
  alias('c.nop', 'c.nop', '', { imm: 0 }),
  alias('li', 'addi', 'rd, imm', { rs1: 0 }),
  alias('mv', 'addi', 'rd, rs1', { imm: 0 }),
  alias('not', 'xori', 'rd, rs1', { imm: -1 }),
  alias('zext.b', 'andi', 'rd, rs1', { imm: 255 }),
  alias('zext.w', 'add.uw', 'rd, rs1', { rs2: 0 }),
  alias('neg', 'sub', 'rd, rs2', { rs1: 0 }),
  alias('negw', 'subw', 'rd, rs2', { rs1: 0 }),
  alias('sext.w', 'addiw', 'rd, rs1', { imm: 0 }),
  alias('seqz', 'sltiu', 'rd, rs1', { imm: 1 }),
  alias('snez', 'sltu', 'rd, rs2', { rs1: 0 }),
  alias('sltz', 'slt', 'rd, rs1', { rs2: 0 }),
  alias('sgtz', 'slt', 'rd, rs2', { rs1: 0 }),
  alias('beqz', 'beq', 'rs1, target', { rs2: 0 }),
  alias('bnez', 'bne', 'rs1, target', { rs2: 0 }),
  alias('blez', 'bge', 'rs2, target', { rs1: 0 }),
  alias('bgez', 'bge', 'rs1, target', { rs2: 0 }),
  alias('bltz', 'blt', 'rs1, target', { rs2: 0 }),
  alias('bgtz', 'blt', 'rs2, target', { rs1: 0 }),
  alias('j', 'jal', 'target', { rd: 0 }),
  alias('jal', 'jal', 'target', { rd: RA }),
  alias('ret', 'jalr', '', { rd: 0, rs1: RA, imm: 0 }),
  alias('jr', 'jalr', 'rs1', { rd: 0, imm: 0 }),
  alias('jr', 'jalr', 'imm(rs1)', { rd: 0 }),
  alias('jalr', 'jalr', 'rs1', { rd: RA, imm: 0 }),
  alias('jalr', 'jalr', 'imm(rs1)', { rd: RA }),
  alias('fence', 'fence', '', { fm: 0, pred: ALL_ACCESSES, succ: ALL_ACCESSES, rd: 0, rs1: 0 }),
  alias('fence.tso', 'fence', '', { fm: 8, pred: 3, succ: 3, rd: 0, rs1: 0 }),
  alias('rdcycle', 'csrrs', 'rd', { csr: 0xc00, rs1: 0 }),
  alias('rdtime', 'csrrs', 'rd', { csr: 0xc01, rs1: 0 }),
  alias('rdinstret', 'csrrs', 'rd', { csr: 0xc02, rs1: 0 }),
  alias('csrr', 'csrrs', 'rd, csr', { rs1: 0 }),
  alias('csrw', 'csrrw', 'csr, rs1', { rd: 0 }),
  alias('csrs', 'csrrs', 'csr, rs1', { rd: 0 }),
  alias('csrc', 'csrrc', 'csr, rs1', { rd: 0 }),
  alias('csrwi', 'csrrwi', 'csr, zimm', { rd: 0 }),
  alias('csrsi', 'csrrsi', 'csr, zimm', { rd: 0 }),
  alias('csrci', 'csrrci', 'csr, zimm', { rd: 0 }),
  ...['sfence.vma', 'hfence.vvma', 'hfence.gvma'].flatMap((name) => [alias(name, name, '', { rs1: 0, rs2: 0 }), alias(name, name, 'rs1', { rs2: 0 })]),
];
