/** What the panes may ask of a computer at rest, besides running it: memory in each address space and page-table walks. */
import type { MemorySpace } from '../protocol/lab-api.ts';
import type { AccessKind, MappingKind, Mappings, ShadowUse, Translation } from '../protocol/translation.ts';
import type { Mode } from '../trace/events.ts';

/** What address translation was before the micro-steps that are to be taken back (see focus.ts). */
export interface TranslationBefore {
  /** The real hart's, and the one that the guest has written. */
  readonly realSatp: bigint;
  readonly guestSatp: bigint;
  /** The guest's mode and sstatus. */
  readonly mode: Mode;
  readonly status: bigint;
  /** Page-table entries, by physical address in their table's own space. */
  readonly guest: ReadonlyMap<bigint, bigint>;
  readonly shadow: ReadonlyMap<bigint, bigint>;
}

export interface Inspector {
  /** Bytes; undefined where there is no memory (a device, a hole, no translation). */
  read(space: MemorySpace, address: bigint, length: number, before?: TranslationBefore): readonly (number | undefined)[];
  /** A virtual address as the guest would use it now, in every table on its way. */
  translate(va: bigint, access: AccessKind, before?: TranslationBefore): Translation;
  mappings(of: MappingKind, before?: TranslationBefore): Mappings;
  readonly shadowUse: ShadowUse | undefined;
}
