/** Runs a program once more, from its beginning, and counts: what the same guest costs in each regime and with each way to keep shadow tables. */
import type { Measurement } from '../protocol/lab-api.ts';
import { toGuestInstant } from './guest-instant.ts';
import type { InputEntry } from './input-log.ts';
import type { OpenProgram } from './open.ts';
import { SliceBudget } from './pacing.ts';
import { Progress } from './progress.ts';
import type { Job } from './travel.ts';

export interface MeasureOptions {
  /** Of the guest's instructions. */
  readonly limit: number;
  /** What was typed, given at the same moments of the guest. */
  readonly inputs?: readonly InputEntry[];
  /** What is typed when the guest waits for a key; false when there is no more. */
  readonly typeLine?: () => boolean;
}

export function* measure({ session, inspector }: OpenProgram, regime: Measurement['regime'], { limit, inputs = [], typeLine }: MeasureOptions): Job<Measurement> {
  const { board, console } = session;
  let milliseconds = 0;
  const slices = new SliceBudget();
  const progress = new Progress(session);
  const typed = inputs.filter(({ input }) => input.kind === 'typed');
  for (const { guest, input } of typed) {
    const began = performance.now();
    yield* toGuestInstant(session, guest);
    milliseconds += performance.now() - began;
    if (!board.halted) session.give(input);
  }
  let end: Measurement['end'] | undefined;
  while (end === undefined) {
    const left = limit - Number(board.guestInstructions);
    if (left <= 0) { end = 'limit'; break; }
    const steps = Math.min(slices.budget, left);
    const began = performance.now();
    const stop = session.advance(steps, true);
    const took = performance.now() - began;
    milliseconds += took;
    slices.took(steps, took);
    if (board.halted) end = board.halted.by === 'stuck' ? 'stuck' : 'ended';
    else if (stop === 'waiting' && !(typeLine?.() ?? false)) end = 'waits';
    else if (progress.problem() !== undefined) end = 'stuck';
    yield;
  }
  const instructions = Number(board.guestInstructions);
  const { instret, time } = session.instant;
  return {
    regime, shadow: board.shadowVariant, end, exitCode: board.halted?.exitCode,
    instructions, direct: Number(instret), ticks: Number(time), milliseconds,
    exits: board.vmExits, exitsByCause: board.vmExitsByCause, shadowPages: inspector.shadowUse?.most ?? 0,
    console: console.text(),
  };
}
