/**
 * Who runs next. Each guest that runs is charged for its time, divided by its weight, and the one that has been charged least is next (stride
 * scheduling: Waldspurger and Weihl, 1995). One that was away, because it waited or was paused, begins where the others are: nobody saves time up.
 */
export interface Schedulable {
  readonly number: number;
  weight: number;
  /** What it has been charged, and how long it has run: ticks of the machine, and those that its exits stand for. */
  pass: number;
  ran: number;
  /** It was away since the last choice. */
  fresh: boolean;
  readonly ready: boolean;
}

/** Ticks after which another may run: a millisecond of the board's time. */
export const SLICE = 100_000;
/** An exit takes no time of the board's (SPEC.md, E2), but keeps the host: it is charged as so many ticks. So a guest that does nothing but trap shares, too. */
export const EXIT_TICKS = 100;

export interface SavedScheduler {
  readonly since: number;
  readonly end: number;
  readonly exits: number;
}

export class Scheduler<Guest extends Schedulable> {
  /** When the present guest got the hart, or was last charged; when its slice ends; and exits since then. */
  #since = 0;
  #end = Infinity;
  #exits = 0;

  /** The time of the machine at which the slice ends; Infinity when nobody else wants to run. */
  get end(): number {
    return this.#end;
  }

  /** The present guest has made an exit. True when its slice is used up by exits alone, without a timer that could tell. */
  exits(): boolean {
    this.#exits += 1;
    return this.#exits * EXIT_TICKS >= SLICE && this.#end < Infinity;
  }

  /** The present guest has run until now. */
  charge(guest: Guest, now: number): void {
    const ticks = now - this.#since + this.#exits * EXIT_TICKS;
    if (this.#exits * EXIT_TICKS >= SLICE) this.#end = Math.min(this.#end, now);
    this.#since = now;
    this.#exits = 0;
    guest.ran += ticks;
    guest.pass += ticks / guest.weight;
  }

  /** The next guest; undefined when none is ready. The present one goes on while its slice lasts, unless one that was away has a better claim. */
  next(guests: readonly Guest[], present: Guest, now: number): Guest | undefined {
    const ready = guests.filter((guest) => guest.ready);
    const least = Math.min(...ready.filter(({ fresh }) => !fresh).map(({ pass }) => pass));
    const came = ready.filter(({ fresh }) => fresh);
    for (const guest of came) {
      if (least < Infinity) guest.pass = Math.max(guest.pass, least);
      guest.fresh = false;
    }
    const goesOn = present.ready && now < this.#end && came.length === 0;
    const chosen = goesOn ? present : ready.reduce<Guest | undefined>((best, guest) => (best === undefined || isBefore(guest, best, present) ? guest : best), undefined);
    if (ready.length < 2) this.#end = Infinity;
    else if (!goesOn || this.#end === Infinity) this.#end = now + SLICE;
    return chosen;
  }

  save(): SavedScheduler {
    return { since: this.#since, end: this.#end, exits: this.#exits };
  }

  restore({ since, end, exits }: SavedScheduler): void {
    this.#since = since;
    this.#end = end;
    this.#exits = exits;
  }
}

/** The one that has been charged less; of two alike not the one that has just run. */
const isBefore = (a: Schedulable, b: Schedulable, present: Schedulable): boolean => a.pass < b.pass || (a.pass === b.pass && b === present);
