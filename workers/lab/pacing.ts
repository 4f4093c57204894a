/**
 * How much to run at a time. A slice is short enough that a click on pause is felt at once, and begins very short: V8 has no
 * on-stack replacement for WebAssembly, so a long first call would stay in the baseline tier (it only tiers up between calls).
 * Pacing decides nothing that the machine can see: where slices end leaves no trace in its state.
 */
export const FIRST_SLICE_MS = 1;
export const LONGEST_SLICE_MS = 4;
const FIRST_BUDGET = 20_000;
const SMALLEST_BUDGET = 1000;
const LARGEST_BUDGET = 50_000_000;

export class SliceBudget {
  private steps = FIRST_BUDGET;
  private target = FIRST_SLICE_MS;

  get budget(): number {
    return this.steps;
  }

  /** A slice of `steps` steps took this long (milliseconds of wall time; clocks in a page tick every 0.1 ms). */
  took(steps: number, milliseconds: number): void {
    this.target = Math.min(LONGEST_SLICE_MS, this.target * 1.05);
    // A slice that was cut short says nothing about a full one, except that it was already too long.
    if (steps < this.steps && milliseconds < this.target) return;
    const factor = Math.min(2, Math.max(0.25, this.target / Math.max(milliseconds, 0.05)));
    this.steps = Math.round(Math.min(LARGEST_BUDGET, Math.max(SMALLEST_BUDGET, this.steps * factor)));
  }
}

/** Longest sleep for one idle wait, so that a guest with a far timer is still seen to live. */
const LONGEST_IDLE_MS = 1000;
/** Waits shorter than this are added up first: a timer of the platform cannot sleep less. */
const SHORTEST_SLEEP_MS = 4;

/**
 * Turns the virtual time that an idle guest skips into wall time to sleep, so that an idle kernel with a ticking timer lives at the
 * speed of its own clock instead of spinning.
 */
export class IdleDebt {
  private owed = 0;

  /** The guest skips this many seconds of virtual time: how many milliseconds to sleep now (0: go on at once). */
  skip(seconds: number): number {
    this.owed += Math.min(seconds * 1000, LONGEST_IDLE_MS);
    if (this.owed < SHORTEST_SLEEP_MS) return 0;
    const sleep = Math.min(this.owed, LONGEST_IDLE_MS);
    this.owed = 0;
    return sleep;
  }
}

/** A hidden page needs no smooth picture: it sleeps this long after each slice. */
export const HIDDEN_SLEEP_MS = 200;
