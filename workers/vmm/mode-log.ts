/**
 * The guest's virtual mode before and after each of the last exits. The hardware's own trap log cannot know it: the real mode is U for both.
 * Like that log it is a record, not state: what runs again writes the same again.
 */
import { TRAP_LOG_ENTRIES } from '../machine/memory-layout.ts';
import type { VirtualMode } from './virtual-hart/virtual-hart.ts';

export interface GuestModes {
  /** Which guest it was. */
  readonly number: number;
  readonly before: VirtualMode;
  readonly after: VirtualMode;
}

export class ModeLog {
  /** Before × 3 + after, by their places in MODES, counted from 1; 0 where there is no record. */
  readonly #modes = new Uint8Array(TRAP_LOG_ENTRIES);

  readonly #guests = new Uint32Array(TRAP_LOG_ENTRIES);

  record(trap: number, before: VirtualMode, after: VirtualMode, guest: number): void {
    this.#guests[trap % TRAP_LOG_ENTRIES] = guest;
    this.#modes[trap % TRAP_LOG_ENTRIES] = 1 + MODES.indexOf(before) * MODES.length + MODES.indexOf(after);
  }

  /** For a trap that is among the last TRAP_LOG_ENTRIES. */
  of(trap: number): GuestModes | undefined {
    const place = this.#modes[trap % TRAP_LOG_ENTRIES]! - 1;
    return place < 0 ? undefined : { number: this.#guests[trap % TRAP_LOG_ENTRIES]!, before: MODES[Math.floor(place / MODES.length)]!, after: MODES[place % MODES.length]! };
  }
}

const MODES: readonly VirtualMode[] = ['U', 'S', 'M'];
