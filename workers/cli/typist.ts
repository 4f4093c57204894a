/**
 * Types a file at a guest's UART as a person would: a line at a time, when the guest waits for a key or has been quiet for a while. Typed all at
 * once, the beginning would be lost: drivers empty the receiver when they start.
 */
import type { Session } from '../lab/session.ts';

/** Ticks without a sign of life from the guest (0.2 s of its time). */
const QUIET = 20_000_000n;
/** Instructions of the guest between two looks at it while it does not wait: its own, so that a run is the same every time and in every regime. */
export const INSTRUCTIONS_BETWEEN_LOOKS = 1_000_000;
const LINE_ENDS: ReadonlySet<number> = new Set([10, 13]);

export class Typist {
  readonly #session: Session;
  #rest: Uint8Array;
  #heard = 0;
  #since = 0n;

  constructor(session: Session, typed: Uint8Array) {
    this.#session = session;
    this.#rest = typed;
  }

  get hasMore(): boolean {
    return this.#rest.length > 0;
  }

  /** Types the next line. False when there is none. */
  typeLine(): boolean {
    if (!this.hasMore) return false;
    const end = this.#rest.findIndex((byte) => LINE_ENDS.has(byte));
    const length = end < 0 ? this.#rest.length : end + 1;
    this.#session.receive(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
    this.#since = this.#session.instant.time;
    return true;
  }

  /** To be asked when the guest waits for its timer, and every INSTRUCTIONS_BETWEEN_LOOKS: types the next line when it has printed nothing for a while. */
  look(): boolean {
    const { console, instant } = this.#session;
    if (console.length > this.#heard) {
      this.#heard = console.length;
      this.#since = instant.time;
    } else if (instant.time - this.#since >= QUIET) {
      return this.typeLine();
    }
    return false;
  }
}
