/** What the panes may ask of a computer at rest, besides running it: memory in each address space and page-table walks. */
import type { MemorySpace, Walk } from '../protocol/lab-api.ts';

/** What address translation was before the micro-steps that are to be taken back (see focus.ts). */
export interface TranslationBefore {
  /** The real hart's, and the one that the guest has written. */
  readonly realSatp: bigint;
  readonly guestSatp: bigint;
  /** Page-table entries, by physical address in their table's own space. */
  readonly guest: ReadonlyMap<bigint, bigint>;
  readonly shadow: ReadonlyMap<bigint, bigint>;
}

export interface Inspector {
  /** Bytes; undefined where there is no memory (a device, a hole, no translation). */
  read(space: MemorySpace, address: bigint, length: number, before?: TranslationBefore): readonly (number | undefined)[];
  /** The walks of a virtual address as the guest would use it now: the guest's table, and the shadow table under a VMM. */
  walks(va: bigint, before?: TranslationBefore): readonly Walk[];
}
