/**
 * CSR instructions that a kernel runs at every trap and around every lock (scratch, epc, cause, trap value; sstatus and reads of mstatus), as rows of their own: in the mode
 * that the register belongs to, such an access is a load and a store (machine/hart/plain-csrs.ts), so that the hot loop and translated code do it themselves. In every other
 * mode they leave for what the row of the table says.
 */
import { INSTRUCTIONS } from '../../isa/instructions/index.ts';
import { and, not, or, rs1, zimm, type Expr } from '../../isa/meaning.ts';
import type { Decoded, InstructionRow } from '../../isa/row.ts';
import { csrByName } from '../../isa/csrs.ts';
import { PLAIN_CSRS, PLAIN_STATUS, plainRead, plainStatus, plainSwap, type Combine } from '../../machine/hart/plain-csrs.ts';

const rowOf = (name: string): InstructionRow => INSTRUCTIONS.find((row) => row.name === name)!;
const SWAP = rowOf('csrrw');
const READ = rowOf('csrrs');

const numberOf = (name: string): number => csrByName(name)!.number;
const swaps = new Map(PLAIN_CSRS.map((name): [number, InstructionRow] => [numberOf(name), { ...SWAP, meaning: plainSwap(name, rs1, SWAP.meaning) }]));
const reads = new Map([...PLAIN_CSRS, ...PLAIN_STATUS].map((name): [number, InstructionRow] => [numberOf(name), { ...READ, meaning: plainRead(name, READ.meaning) }]));

const set: Combine = or;
const clear: Combine = (before, source) => and(before, not(source));
const STATUS_WRITES: readonly (readonly [name: string, source: Expr, combine: Combine])[] = [
  ['csrrw', rs1, (_, source) => source], ['csrrs', rs1, set], ['csrrc', rs1, clear], ['csrrsi', zimm, set], ['csrrci', zimm, clear],
];
const SSTATUS = numberOf('sstatus');
const statusWrites = new Map(STATUS_WRITES.map(([name, source, combine]): [InstructionRow, InstructionRow] => {
  const row = rowOf(name);
  return [row, { ...row, meaning: plainStatus(source, combine, row.meaning) }];
}));

export const PLAIN_CSR_ROWS: readonly InstructionRow[] = [...swaps.values(), ...reads.values(), ...statusWrites.values()];

function plainRow({ row, csr, rs1: source }: Decoded): InstructionRow | undefined {
  if (row === READ && source === 0) return reads.get(csr);
  return csr === SSTATUS ? statusWrites.get(row) : row === SWAP ? swaps.get(csr) : undefined;
}

/** The same instruction by the row for its register, where there is one. */
export function withPlainCsr(decoded: Decoded): Decoded {
  const row = plainRow(decoded);
  return row ? { ...decoded, row } : decoded;
}
