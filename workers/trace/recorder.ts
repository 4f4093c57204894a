/**
 * Keeps what a run has shown: the last traps, the micro-steps of the last traps that were recorded in full, and the console. It is
 * the one listener at the probe. Recording is not machine state: it can be forgotten and made again by replay.
 */
import type { Effect, Instant, StepEvent, TrapEvent, World } from './events.ts';
import type { Probe } from './probe.ts';
import { Ring } from './ring.ts';
import type { StepId } from './steps.ts';

/** Traps whose hardware part is kept (about 300 bytes each). */
export const KEPT_TRAPS = 16_384;
/** Traps whose micro-steps are kept (about 10 kB each). */
export const KEPT_DETAILS = 256;

export interface Moment extends Instant {
  /** The trap being handled: the number of the last trap that the hart took, or -1. */
  readonly trap: number;
}

export class Recorder implements Probe {
  /** Whether micro-steps are wanted: set while stepping and while replaying a trap, never at full speed. */
  detailed = false;
  readonly traps = new Ring<TrapEvent>(KEPT_TRAPS);
  private readonly steps = new Map<number, StepEvent[]>();
  /** The trap whose steps are being recorded now. */
  private open: number | undefined;
  private readonly now: () => Moment;

  constructor(now: () => Moment) {
    this.now = now;
  }

  step(world: World, id: StepId, args: Readonly<Record<string, string>>, effects: readonly Effect[]): void {
    if (!this.detailed) return;
    const { time, instret, trap } = this.now();
    const steps = this.openTrap(trap);
    steps.push({ kind: 'step', time, instret, trap, index: steps.length, id, world, args, effects });
  }

  /** Does something that nobody is told of. */
  quietly(work: () => void): void {
    const { detailed } = this;
    this.detailed = false;
    try {
      work();
    } finally {
      this.detailed = detailed;
    }
  }

  /** The list of this trap's steps, begun anew when another trap was recorded before: replay records the same once more. */
  openTrap(trap: number): StepEvent[] {
    const known = this.steps.get(trap);
    if (this.open === trap && known) return known;
    this.open = trap;
    const steps: StepEvent[] = [];
    // A Map iterates in the order of insertion, so the first key is the trap recorded longest ago.
    this.steps.delete(trap);
    this.steps.set(trap, steps);
    if (this.steps.size > KEPT_DETAILS) for (const oldest of this.steps.keys()) { this.steps.delete(oldest); break; }
    return steps;
  }

  /** The micro-steps of a trap that was recorded in full; undefined when it was not (or is forgotten). */
  stepsOf(trap: number): readonly StepEvent[] | undefined {
    return this.steps.get(trap);
  }

  /** The run was taken back to before trap number `traps`. Steps of later traps stay: replay would make the same again. */
  rewind(traps: number): void {
    this.traps.truncate(traps);
    this.open = undefined;
  }

  /** Traps from this number on will not happen again as they did (there was new input). */
  forgetFrom(trap: number): void {
    for (const recorded of [...this.steps.keys()]) if (recorded >= trap) this.steps.delete(recorded);
  }
}
