/**
 * The guest's virtual mode before and after each of the last exits. The hardware's own trap log cannot know it: the real mode is U for both.
 * Like that log it is a record, not state: what runs again writes the same again.
 */
import { TRAP_LOG_ENTRIES } from '../machine/memory-layout.ts';
import type { VirtualMode } from './virtual-hart/virtual-hart.ts';

export interface GuestModes {
  readonly before: VirtualMode;
  readonly after: VirtualMode;
}

export class ModeLog {
  readonly #modes = new Array<GuestModes | undefined>(TRAP_LOG_ENTRIES);

  record(trap: number, before: VirtualMode, after: VirtualMode): void {
    this.#modes[trap % TRAP_LOG_ENTRIES] = MODES[before][after];
  }

  /** For a trap that is among the last TRAP_LOG_ENTRIES. */
  of(trap: number): GuestModes | undefined {
    return this.#modes[trap % TRAP_LOG_ENTRIES];
  }
}

/** Made once, so that recording allocates nothing. */
const MODES: Readonly<Record<VirtualMode, Readonly<Record<VirtualMode, GuestModes>>>> = {
  U: { U: { before: 'U', after: 'U' }, S: { before: 'U', after: 'S' } },
  S: { U: { before: 'S', after: 'U' }, S: { before: 'S', after: 'S' } },
};
