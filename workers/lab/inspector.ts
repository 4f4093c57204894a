/** What the panes may ask of a computer at rest, besides running it: memory in each address space and page-table walks. */
import type { MemorySpace, Walk } from '../protocol/lab-api.ts';

/** Page-table entries to be taken back, by physical address in their table's own space (see focus.ts). */
export interface EntriesBefore {
  readonly guest: ReadonlyMap<bigint, bigint>;
  readonly shadow: ReadonlyMap<bigint, bigint>;
}

export interface Inspector {
  /** Bytes; undefined where there is no memory (a device, a hole, no translation). */
  read(space: MemorySpace, address: bigint, length: number, before?: EntriesBefore): readonly (number | undefined)[];
  /** The walks of a virtual address as the guest would use it now: the guest's table, and the shadow table under a VMM. */
  walks(va: bigint, before?: EntriesBefore): readonly Walk[];
}
