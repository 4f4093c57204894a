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
  private readonly now: () => Moment;

  constructor(now: () => Moment) {
    this.now = now;
  }

  step(world: World, id: StepId, args: Readonly<Record<string, string>>, effects: readonly Effect[]): void {
    if (!this.detailed) return;
    const { time, instret, trap } = this.now();
    const steps = this.stepsFor(trap);
    steps.push({ kind: 'step', time, instret, trap, index: steps.length, id, world, args, effects });
  }

  private stepsFor(trap: number): StepEvent[] {
    let steps = this.steps.get(trap);
    if (!steps) {
      steps = [];
      this.steps.set(trap, steps);
      // A Map iterates in the order of insertion, so the first key is the trap recorded longest ago.
      if (this.steps.size > KEPT_DETAILS) for (const oldest of this.steps.keys()) { this.steps.delete(oldest); break; }
    }
    return steps;
  }

  /** Says that this trap is being recorded in full, even if the software that handles it makes no step. */
  openTrap(trap: number): void {
    if (this.detailed) this.stepsFor(trap);
  }

  /** The micro-steps of a trap that was recorded in full; undefined when it was not (or is forgotten). */
  stepsOf(trap: number): readonly StepEvent[] | undefined {
    return this.steps.get(trap);
  }

  /** The run was taken back to before trap number `traps`: what came after is forgotten. */
  truncate(traps: number): void {
    this.traps.truncate(traps);
    for (const trap of [...this.steps.keys()]) if (trap >= traps) this.steps.delete(trap);
  }
}
