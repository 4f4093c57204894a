/**
 * The one declared place where a run can be watched. The default does nothing; listeners live elsewhere (recorder.ts, the lab).
 * `detailed` says whether anyone wants the micro-steps: the VMM builds a step's effects only then.
 */
import type { Effect, World } from './events.ts';
import type { StepId } from './steps.ts';

export interface Probe {
  readonly detailed: boolean;
  step(world: World, id: StepId, args: Readonly<Record<string, string>>, effects: readonly Effect[]): void;
}

export const silentProbe: Probe = { detailed: false, step: () => undefined };
