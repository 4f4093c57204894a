/**
 * Moving through a run, forward and back. Going back is replay from a checkpoint, so it costs what it lies off the checkpoint and
 * needs no undo of anything. Long ways are jobs: they give way (`yield`) after each slice, so that whoever drives them stays
 * responsive and may give up.
 *
 * A moment at rest is a position of the machine and, when the last step there was a trap, a focus inside that trap: the
 * micro-step that has just happened, from -1 (hardware has taken the trap, no software has run) to the last.
 */
import type { StepEvent } from '../trace/events.ts';
import type { StepUnit } from '../protocol/lab-api.ts';
import { EVERY_TRAP, NO_STOPS, positionAfter } from './board.ts';
import { LONGEST_SLICE_MS, SliceBudget } from './pacing.ts';
import type { Advance, Session } from './session.ts';

export type Job<T> = Generator<undefined, T, undefined>;

/** Runs a job to its end at once, for callers that need not stay responsive. */
export function finish<T>(job: Job<T>): T {
  for (;;) {
    const { done, value } = job.next();
    if (done) return value;
  }
}

/** A replay at least this long leaves checkpoints near its end, so that the next step back is short. */
const LONG_REPLAY = 500_000;
/** Forward steps begin with a checkpoint when the last is further than this: replaying as much takes about a millisecond. */
const NEAR = 250_000;
const LONGEST_REPLAY_FOR_A_VIEW = 50_000_000;

export class Travel {
  private readonly session: Session;
  /** Micro-step of the last trap that has just happened; undefined: all have. */
  private index: number | undefined;

  constructor(session: Session) {
    this.session = session;
  }

  // ---------------------------------------------------------------------------------------------- where we are

  /** The last trap when the machine rests right after it, else undefined. */
  private get trapHere(): number | undefined {
    const { board, recorder } = this.session;
    const last = recorder.traps.get(board.trapCount - 1) ?? board.trapsFrom(board.trapCount - 1)[0];
    return last && positionAfter(last) === board.position ? last.trap : undefined;
  }

  /**
   * The focus: in which trap, after which of its micro-steps. Undefined before the first trap, and when the last trap lies so far
   * back that making its steps again would be felt.
   */
  focus(): { readonly trap: number; readonly index: number; readonly steps: readonly StepEvent[] } | undefined {
    const trap = this.session.board.trapCount - 1;
    if (trap < 0 || (!this.session.recorder.stepsOf(trap) && this.session.replayToTrap(trap) > LONGEST_REPLAY_FOR_A_VIEW)) return undefined;
    const steps = this.stepsOf(trap);
    return { trap, index: Math.min(this.index ?? Infinity, steps.length - 1), steps };
  }

  /** The machine moved by itself: the focus is after all that happened, or before the first micro-step of the last trap. */
  moved(to: 'end' | 'trap' = 'end'): void {
    this.index = to === 'trap' && this.trapHere !== undefined ? -1 : undefined;
  }

  /** The micro-steps of a trap, made again by replay when they were not recorded. */
  stepsOf(trap: number): readonly StepEvent[] {
    const { session } = this;
    const known = session.recorder.stepsOf(trap);
    if (known || trap < 0 || trap >= session.board.trapCount) return known ?? [];
    return session.excursion(() => {
      session.returnBeforeTrap(trap);
      finish(this.toTrap(trap));
      return session.recorder.stepsOf(trap) ?? [];
    });
  }

  // ---------------------------------------------------------------------------------------------- moving

  *step(unit: StepUnit, direction: 'forward' | 'back'): Job<void> {
    if (direction === 'forward') yield* this.forward(unit);
    else yield* this.back(unit);
  }

  private *forward(unit: StepUnit): Job<void> {
    const focus = this.index === undefined ? undefined : this.focus();
    if (unit !== 'trap' && focus && focus.index < focus.steps.length - 1) {
      // Inside a trap an instruction step ends the trap, a micro-step takes the next one.
      this.index = unit === 'micro-step' ? focus.index + 1 : undefined;
      return;
    }
    this.session.checkpoint(NEAR);
    if (unit === 'trap') {
      const end = yield* this.toTrap(this.session.board.trapCount);
      this.moved(end === 'trap' ? 'trap' : 'end');
    } else {
      const traps = this.session.board.trapCount;
      this.one();
      this.moved(unit === 'micro-step' && this.session.board.trapCount > traps ? 'trap' : 'end');
    }
  }

  /** One step of the machine, recorded in full. What it does to watched memory is seen. */
  private one(): Advance {
    return this.recording(() => this.session.withStops({ ...NO_STOPS, watches: this.session.userStops.watches }, () => this.session.advance(1, true)));
  }

  private recording<T>(work: () => T): T {
    const { recorder } = this.session;
    recorder.detailed = true;
    try {
      return work();
    } finally {
      recorder.detailed = false;
    }
  }

  private *back(unit: StepUnit): Job<void> {
    const { board } = this.session;
    const index = this.trapHere === undefined ? undefined : this.focus()?.index;
    if (unit === 'micro-step' && index !== undefined && index >= 0) {
      this.index = index - 1;
      return;
    }
    if (unit === 'trap') {
      // From inside a trap (or after it) to its beginning; from its beginning to that of the one before.
      const trap = index === -1 ? board.trapCount - 2 : board.trapCount - 1;
      if (trap >= 0) yield* this.seekTrap(trap, -1);
      else yield* this.to(0);
      return;
    }
    // A position is missing where software on the host redirected a trap: then the one before that is the last.
    const from = board.position;
    for (let target = from - 1; target >= 0; target -= 1) {
      yield* this.to(target);
      if (board.position < from) break;
    }
  }

  /** To the machine's first rest at or after this position, all that happened there included. */
  *to(position: number): Job<Advance> {
    const { session } = this;
    if (position < session.position) session.returnBefore(position);
    this.index = undefined;
    const distance = position - session.position;
    if (distance > LONG_REPLAY) {
      yield* this.run(session.position + Math.floor(distance * 15 / 16));
      session.checkpoint();
      yield* this.run(position - 2000);
      session.checkpoint();
    }
    const last = yield* this.run(position - 1);
    if (last !== 'budget') return last;
    // The last step is recorded in full: it is the one that is looked at.
    return session.position < position ? this.one() : 'budget';
  }

  /** Runs to this position with slices that stay short in wall time; ends early where the machine cannot go on. */
  private *run(target: number): Job<Advance> {
    const { session } = this;
    const slices = new SliceBudget();
    while (session.position < target) {
      const steps = Math.min(slices.budget, target - session.position);
      const began = performance.now();
      const end = session.withStops(NO_STOPS, () => session.advance(steps, true));
      slices.took(steps, performance.now() - began);
      if (end !== 'budget') return end;
      yield;
    }
    return 'budget';
  }

  /** To just after hardware took trap number `trap`, or after micro-step `index` of it. False when the run ends or waits before. */
  *seekTrap(trap: number, index = -1): Job<boolean> {
    const { session } = this;
    const known = session.recorder.traps.get(trap);
    if (known) {
      yield* this.to(positionAfter(known));
    } else {
      if (trap < session.board.trapCount) session.returnBeforeTrap(trap);
      yield* this.toTrap(trap);
    }
    const reached = session.board.trapCount > trap;
    this.index = undefined;
    if (reached && this.trapHere === trap) this.index = Math.max(-1, index);
    return reached;
  }

  /** Forward until trap number `trap` has been taken; that one is recorded in full. */
  private *toTrap(trap: number): Job<Advance> {
    const { session } = this;
    const { board } = session;
    const slices = new SliceBudget();
    while (board.trapCount <= trap) {
      // A slice that sees no trap ends by its budget and is then a good place to come back to.
      session.checkpoint(20_000_000);
      const steps = slices.budget;
      const began = performance.now();
      const slice = (): Advance => session.withStops({ ...NO_STOPS, ...EVERY_TRAP }, () => session.advance(steps, true));
      const end = board.trapCount === trap ? this.recording(slice) : slice();
      slices.took(steps, performance.now() - began);
      if (end === 'halt' || end === 'waiting') return end;
      if (end === 'budget') yield;
    }
    return 'trap';
  }

  /**
   * Back to where the run would last have stopped by itself: at a breakpoint, a trap that was asked for, or after an access to watched
   * memory. Each stretch between two checkpoints is run again with those stops, the newest first. To the start when there is none.
   */
  *previousStop(): Job<Advance | 'start'> {
    const { session } = this;
    let limit = session.position - 1;
    let from = limit;
    while (from >= 0) {
      session.returnBefore(from);
      const start = session.position;
      const found = yield* this.lastStop(limit);
      if (found) {
        // What an access was is known only after its step.
        session.returnBefore(found.position - 1);
        yield* this.to(found.position);
        if (found.end === 'trap' && this.trapHere !== undefined) this.index = -1;
        return found.end;
      }
      limit = start;
      from = start - 1;
    }
    yield* this.to(0);
    return 'start';
  }

  /** The last of the user's stops from here to this position. */
  private *lastStop(limit: number): Job<{ readonly position: number; readonly end: Advance } | undefined> {
    const { session } = this;
    const slices = new SliceBudget();
    let found: { readonly position: number; readonly end: Advance } | undefined;
    let yielded = performance.now();
    // Whether a breakpoint stands at the limit says the step after it.
    while (session.position <= limit) {
      const { position } = session;
      const began = performance.now();
      const end = session.withStops(session.userStops, () => session.advance(Math.min(slices.budget, limit + 1 - position), true));
      if (end === 'halt' || end === 'waiting') break;
      if (end !== 'budget' && session.position <= limit) found = { position: session.position, end };
      if (end === 'breakpoint') {
        // Its instruction has not run yet, and would stop the next run at once.
        const after = session.withStops({ ...session.userStops, addresses: [] }, () => session.advance(1, true));
        if (after !== 'budget' && session.position <= limit) found = { position: session.position, end: after };
      }
      const now = performance.now();
      slices.took(session.position - position, now - began);
      if (now - yielded < LONGEST_SLICE_MS) continue;
      yield;
      yielded = performance.now();
    }
    return found;
  }

  /**
   * Forward until `reached` says so, which is asked after each trap, breakpoint and slice; or until `limit` steps have been used. A
   * stop at a breakpoint is told from the rest, so that passes can be counted.
   */
  *until(reached: (end: Advance) => boolean, addresses: readonly bigint[], limit: number): Job<boolean> {
    const { session } = this;
    const slices = new SliceBudget();
    const last = session.position + limit;
    this.index = undefined;
    while (session.position < last) {
      session.checkpoint(20_000_000);
      const steps = Math.min(slices.budget, last - session.position);
      const began = performance.now();
      const end = session.withStops({ ...NO_STOPS, addresses, ...EVERY_TRAP }, () => session.advance(steps, true));
      slices.took(steps, performance.now() - began);
      if (reached(end)) return true;
      if (end === 'halt' || end === 'waiting') return false;
      // The instruction at a breakpoint has not run yet, and would stop the next run at once.
      if (end === 'breakpoint') {
        this.one();
        if (reached('budget')) return true;
      }
      if (end === 'budget') yield;
    }
    return false;
  }
}
