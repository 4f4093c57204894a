/**
 * All input, with its instant. A run is a function of program, configuration and this log, so it can be replayed. Position alone does not
 * say when: a waiting guest lets time pass without a step, so the time of the clock is part of the instant. What the user sets while the guest runs is
 * input, too.
 */
import type { ShadowVariant } from '../protocol/lab-api.ts';
import type { BugId } from '../vmm/bugs.ts';
import type { GuestInstant } from './guest-instant.ts';

/** Of the VMM, while its guest runs: the guest goes on where it is. */
export type Setting =
  | { readonly kind: 'shadow'; readonly variant: ShadowVariant }
  /** All mistakes that it makes from now on; whether it is stopped at the first wrong moment. */
  | { readonly kind: 'bugs'; readonly bugs: readonly BugId[]; readonly checked: boolean };

export type Input = { readonly kind: 'typed'; readonly bytes: Uint8Array } | Setting;

export interface InputEntry {
  readonly position: number;
  readonly time: bigint;
  /** The same moment, as the guest knows it: for another regime. */
  readonly guest: GuestInstant;
  readonly input: Input;
}

export class InputLog {
  private entries: InputEntry[] = [];
  private next = 0;

  get all(): readonly InputEntry[] {
    return this.entries;
  }

  /** How many entries the machine has received. */
  get received(): number {
    return this.next;
  }

  /** New input, at the present moment: what was logged for the future belongs to a run that will not happen. */
  add(entry: InputEntry): void {
    this.entries = this.entries.slice(0, this.next);
    this.entries.push(entry);
    this.next += 1;
  }

  /** The machine went back to when it had received this many. */
  rewind(received: number): void {
    this.next = received;
  }

  /** The next entry that is due at this moment; it counts as received. */
  takeDue(position: number, time: bigint): InputEntry | undefined {
    const entry = this.entries[this.next];
    if (!entry || entry.position > position || (entry.position === position && entry.time > time)) return undefined;
    this.next += 1;
    return entry;
  }

  /** Where the next entry is due. */
  get nextPosition(): number | undefined {
    return this.entries[this.next]?.position;
  }

  /** Whether the recorded future holds input yet to come. */
  get pending(): boolean {
    return this.next < this.entries.length;
  }
}
