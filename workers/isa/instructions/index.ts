/** Every instruction of the machine. */
import type { InstructionRow } from '../row.ts';
import { HYPERVISOR, SVINVAL_ROWS } from './hypervisor.ts';
import { RV64A } from './rv64a.ts';
import { CACHE_BLOCK_ROWS, ZBA_ROWS, ZBB_ROWS, ZBS_ROWS, ZICOND_ROWS } from './rv64b.ts';
import { RV64C } from './rv64c.ts';
import { RV64FD } from './rv64fd.ts';
import { RV64I } from './rv64i.ts';
import { RV64M } from './rv64m.ts';
import { PRIVILEGED, ZICSR_ROWS, ZIFENCEI_ROWS } from './system.ts';

export const INSTRUCTIONS: readonly InstructionRow[] = [
  ...RV64I, ...RV64M, ...RV64A, ...RV64FD, ...ZBA_ROWS, ...ZBB_ROWS, ...ZBS_ROWS, ...ZICOND_ROWS, ...CACHE_BLOCK_ROWS, ...ZICSR_ROWS, ...ZIFENCEI_ROWS,
  ...PRIVILEGED, ...SVINVAL_ROWS, ...HYPERVISOR, ...RV64C,
];

const byName = new Map(INSTRUCTIONS.map((row) => [row.name, row]));
export const instructionByName = (name: string): InstructionRow | undefined => byName.get(name);
