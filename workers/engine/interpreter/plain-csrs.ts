/**
 * CSR instructions that a kernel runs at every trap (scratch, epc, cause, trap value; reads of sstatus and mstatus), as rows of their own: in the mode that the register
 * belongs to, such an access is a load and a store (machine/hart/csr-access.ts), so that the hot loop and translated code do it themselves. In every other mode they
 * leave for what the row of the table says.
 */
import { INSTRUCTIONS } from '../../isa/instructions/index.ts';
import type { Decoded, InstructionRow } from '../../isa/row.ts';
import { csrByName } from '../../isa/csrs.ts';
import { PLAIN_CSRS, PLAIN_STATUS, plainRead, plainSwap } from '../../machine/hart/plain-csrs.ts';

const rowOf = (name: string): InstructionRow => INSTRUCTIONS.find((row) => row.name === name)!;
const SWAP = rowOf('csrrw');
const READ = rowOf('csrrs');

const numberOf = (name: string): number => csrByName(name)!.number;
const swaps = new Map(PLAIN_CSRS.map((name): [number, InstructionRow] => [numberOf(name), { ...SWAP, meaning: plainSwap(name, SWAP.meaning) }]));
const reads = new Map([...PLAIN_CSRS, ...PLAIN_STATUS].map((name): [number, InstructionRow] => [numberOf(name), { ...READ, meaning: plainRead(name, READ.meaning) }]));

export const PLAIN_CSR_ROWS: readonly InstructionRow[] = [...swaps.values(), ...reads.values()];

/** The same instruction by the row for its register, where there is one. */
export function withPlainCsr(decoded: Decoded): Decoded {
  const row = decoded.row === SWAP ? swaps.get(decoded.csr) : decoded.row === READ && decoded.rs1 === 0 ? reads.get(decoded.csr) : undefined;
  return row ? { ...decoded, row } : decoded;
}
