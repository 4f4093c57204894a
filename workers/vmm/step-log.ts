/**
 * How the VMM tells what it does. Every class that changes something notes the change here; `step` gives the changes since the last
 * step to the probe, under the step's name. While nobody watches, nothing is built.
 */
import type { Effect, World } from '../trace/events.ts';
import type { Probe } from '../trace/probe.ts';
import type { StepId } from '../trace/steps.ts';

export type StepArguments = Readonly<Record<string, string>>;

const none = (): StepArguments => ({});

export class StepLog {
  readonly #probe: Probe;
  #effects: Effect[] = [];

  constructor(probe: Probe) {
    this.#probe = probe;
  }

  /** Whether anyone watches the micro-steps. */
  get detailed(): boolean {
    return this.#probe.detailed;
  }

  /** Notes a change, or a look, that belongs to the step that ends next. */
  note(effect: Effect): void {
    if (this.#probe.detailed) this.#effects.push(effect);
  }

  /** The VMM has just done this. */
  step(id: StepId, args: () => StepArguments = none): void {
    this.#tell('vmm', id, args);
  }

  /** The hardware has just done this. */
  hardware(id: StepId, args: () => StepArguments = none): void {
    this.#tell('hardware', id, args);
  }

  #tell(world: World, id: StepId, args: () => StepArguments): void {
    if (!this.#probe.detailed) return;
    this.#probe.step(world, id, args(), this.#effects);
    this.#effects = [];
  }
}
