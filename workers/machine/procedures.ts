/**
 * Every procedure of the hart and the memory unit, in the order in which they build on each other. An engine makes them callable by
 * name (hart/README.md lists them with their parameters), and provides `IMPORTS` itself.
 */
import type { Procedure, Type } from '../isa/meaning.ts';
import { CSR_ACCESS } from './hart/csr-access.ts';
import { ENVIRONMENT_PROCEDURES } from './hart/environment.ts';
import { INTERRUPT_PROCEDURES } from './hart/interrupts.ts';
import { FLOAT_PROCEDURES } from './float/index.ts';
import { FLOAT_UNIT } from './hart/float-unit.ts';
import { TRAP_ENTRY } from './hart/trap-entry.ts';
import { TRAP_INSTRUCTION } from './hart/trap-instruction.ts';
import { TRAP_RETURN } from './hart/trap-return.ts';
import { CACHE_BLOCK } from './mmu/cache-block.ts';
import { MEMORY_ACCESS } from './mmu/access.ts';
import { FAST_TLB_PROCEDURES } from './mmu/fast-tlb.ts';
import { TLB_PROCEDURES } from './mmu/tlb.ts';
import { TRANSLATION } from './mmu/translate.ts';
import { WATCHPOINTS } from './mmu/watchpoints.ts';
import { PAGE_WALK } from './mmu/walk.ts';
import { PMP_PROCEDURES } from './mmu/pmp.ts';
import { SECOND_STAGE } from './mmu/second-stage.ts';

export const PROCEDURES: readonly Procedure[] = [
  ...WATCHPOINTS,
  ...FAST_TLB_PROCEDURES,
  ...TLB_PROCEDURES,
  ...PMP_PROCEDURES,
  ...SECOND_STAGE,
  ...PAGE_WALK,
  ...TRANSLATION,
  ...MEMORY_ACCESS,
  ...CACHE_BLOCK,
  ...FLOAT_UNIT,
  ...FLOAT_PROCEDURES,
  ...TRAP_INSTRUCTION,
  ...TRAP_ENTRY,
  ...TRAP_RETURN,
  ...INTERRUPT_PROCEDURES,
  ...CSR_ACCESS,
  ...ENVIRONMENT_PROCEDURES,
];

/** What the procedures call and only an engine can do. None of them leaves a fault; a refused device access sets the slot `busError`. */
export const IMPORTS = {
  /** Physical address, size in bytes: the value, zero-extended. */
  deviceRead: { params: ['i64', 'i32'], result: 'i64' },
  /** Physical address, size in bytes, value (only its low bytes count). */
  deviceWrite: { params: ['i64', 'i32', 'i64'], result: undefined },
  /** RAM was written where decoded code may stand: offset from the start of RAM, size in bytes. It may be a page without decoded code. */
  codeWritten: { params: ['i32', 'i32'], result: undefined },
} as const satisfies Record<string, { params: readonly Type[]; result: Type | undefined }>;
