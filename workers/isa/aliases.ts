/**
 * Other names for single instructions with some operands fixed (unprivileged manual, "RISC-V Assembly Programmer's Handbook"). The
 * disassembler uses the first that fits; the assembler takes them all.
 */
import type { OperandName } from './row.ts';

export interface Alias {
  readonly name: string;
  /** The row's name. */
  readonly of: string;
  readonly form: string;
  /** Operands that the form does not mention, and what they are. */
  readonly fixed: Readonly<Partial<Record<OperandName, number>>>;
}

const RA = 1;
const ALL_ACCESSES = 15;
const alias = (name: string, of: string, form: string, fixed: Alias['fixed']): Alias => ({ name, of, form, fixed });

export const ALIASES: readonly Alias[] = [
  alias('nop', 'addi', '', { rd: 0, rs1: 0, imm: 0 }),
  alias('c.nop', 'c.nop', '', { imm: 0 }),
  alias('li', 'addi', 'rd, imm', { rs1: 0 }),
  alias('mv', 'addi', 'rd, rs1', { imm: 0 }),
  alias('not', 'xori', 'rd, rs1', { imm: -1 }),
  alias('zext.b', 'andi', 'rd, rs1', { imm: 255 }),
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
  alias('sfence.vma', 'sfence.vma', '', { rs1: 0, rs2: 0 }),
  alias('sfence.vma', 'sfence.vma', 'rs1', { rs2: 0 }),
];
