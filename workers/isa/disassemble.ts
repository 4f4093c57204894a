/** Writes instructions as text, in the syntax of GNU tools. */
import { hex, u64 } from '../base/bits.ts';
import { ALIASES, type Alias } from './aliases.ts';
import { csrName } from './csrs.ts';
import { floatRegisterName, registerName, ROUNDING_MODES } from './registers.ts';
import type { Decoded, OperandName } from './row.ts';

export interface DisassembleOptions {
  /** False: the instruction's own name and all its operands, for round trips. */
  readonly aliases?: boolean;
}

const byRow = new Map<string, Alias[]>();
for (const alias of ALIASES) byRow.set(alias.of, [...(byRow.get(alias.of) ?? []), alias]);

const ACCESSES = ['i', 'o', 'r', 'w'];
const accesses = (bits: number): string => ACCESSES.filter((_, index) => ((bits >> (3 - index)) & 1) === 1).join('') || '0';

const valueOf = (decoded: Decoded, name: OperandName): bigint => BigInt(decoded[name]);

const fits = (decoded: Decoded, { fixed }: Alias): boolean =>
  Object.entries(fixed).every(([name, value]) => valueOf(decoded, name as OperandName) === (typeof value === 'number' ? BigInt(value) : valueOf(decoded, value)));

/** One token of a form as text. */
function token(name: string, decoded: Decoded, address: bigint | undefined, label: (target: bigint) => string | undefined): string {
  switch (name) {
    case 'rd': case 'rs1': case 'rs2': case 'rs3': {
      const inF = decoded.row.operands.some((operand) => operand.name === name && operand.file === 'f');
      return inF ? floatRegisterName(decoded[name]) : registerName(decoded[name]);
    }
    case 'rm': return ROUNDING_MODES[decoded.rm] ?? String(decoded.rm);
    case 'imm': return String(decoded.imm);
    case 'zimm': return String(decoded.zimm);
    case 'csr': return csrName(decoded.csr);
    case 'upper': return hex((decoded.imm >> 12n) & 0xf_ffffn);
    case 'pred': case 'succ': return accesses(decoded[name]);
    case 'target': {
      // Without an address the target is relative to this instruction, as `.` is in the assembler.
      if (address === undefined) return decoded.imm < 0n ? `. - ${String(-decoded.imm)}` : `. + ${String(decoded.imm)}`;
      const target = u64(address + decoded.imm);
      const name = label(target);
      return name === undefined ? hex(target) : `${hex(target)} <${name}>`;
    }
    default: return name;
  }
}

/**
 * An instruction as text. With its address, pc-relative targets are absolute, with `label` giving them names.
 */
export function disassemble(decoded: Decoded, address?: bigint, label: (target: bigint) => string | undefined = () => undefined, options: DisassembleOptions = {}): string {
  const { row, aq, rl } = decoded;
  const alias = options.aliases === false ? undefined : byRow.get(row.name)?.find((candidate) => fits(decoded, candidate));
  const form = alias?.form ?? row.form;
  const suffix = aq && rl ? '.aqrl' : aq ? '.aq' : rl ? '.rl' : '';
  const operands = form.replace(/[a-z]+\d?/g, (name) => token(name, decoded, address, label)).replaceAll(', ', ',');
  return `${alias?.name ?? row.name}${suffix}${operands === '' ? '' : ` ${operands}`}`;
}
