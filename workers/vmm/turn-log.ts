/** Which guest had the hart when: the last turns, for the lanes on the screen. Like the hardware's trap log it is a record, not state. */
export interface Turn {
  readonly guest: number;
  /** Ticks of the machine. */
  readonly from: bigint;
}

const MOST_TURNS = 512;

export class TurnLog {
  #turns: Turn[] = [];

  begin(guest: number, from: bigint): void {
    this.#turns.push({ guest, from });
    if (this.#turns.length > 2 * MOST_TURNS) this.#turns = this.#turns.slice(-MOST_TURNS);
  }

  /** The last turns, each until the next one begins. */
  get last(): readonly Turn[] {
    return this.#turns.slice(-MOST_TURNS);
  }

  /** The machine has gone back to a time at which this guest had the hart. */
  cut(now: bigint, guest: number): void {
    this.#turns = this.#turns.filter(({ from }) => from <= now);
    if (this.#turns.length > 0 && this.#turns.at(-1)!.guest !== guest) this.#turns = [];
  }
}
