/**
 * Moments by what the guest knows of them. A position counts the real hart's steps and means something in one regime only; the guest's own time,
 * instructions, pc and mode are the same in each (E1, E2 of vmm/SPEC.md). By them a run is made again in another regime, with its input at the same
 * moments of the guest.
 */
import type { Mode } from '../trace/events.ts';
import { NO_STOPS } from './board.ts';
import { SliceBudget } from './pacing.ts';
import type { Session } from './session.ts';
import type { Job } from './travel.ts';

export interface GuestInstant {
  readonly time: bigint;
  /** That the guest has retired. */
  readonly instructions: bigint;
  /** Where its next instruction is; of a guest that has ended nothing is left to say. */
  readonly at: { readonly pc: bigint; readonly mode: Mode } | 'ended';
}

/** Traps take no time: so many may come at one tick before the moment is given up. */
const MOST_AT_ONE_TICK = 4096;

function isSame(a: GuestInstant, b: GuestInstant): boolean {
  if (a.time !== b.time || a.instructions !== b.instructions) return false;
  return a.at === 'ended' || b.at === 'ended' ? a.at === b.at : a.at.pc === b.at.pc && a.at.mode === b.at.mode;
}

/**
 * Forward to the guest's moment. False where this run has no such moment (a guest that knows of the VMM does other things); then it stands at the first moment
 * of that time, or where the run cannot go on.
 */
export function* toGuestInstant(session: Session, target: GuestInstant): Job<boolean> {
  const { board } = session;
  yield* toTime(session, target.time);
  if (isSame(board.guestInstant, target)) return true;
  session.checkpoint();
  const { position } = session;
  for (let step = 0; step < MOST_AT_ONE_TICK && session.instant.time <= target.time; step += 1) {
    const end = session.withStops(NO_STOPS, () => session.advance(1, false));
    if (isSame(board.guestInstant, target)) return true;
    if (end !== 'budget') break;
  }
  session.returnBefore(position);
  return false;
}

/** Never past it: a step lets at most one tick pass. */
function* toTime(session: Session, time: bigint): Job<void> {
  const { board } = session;
  const slices = new SliceBudget();
  for (;;) {
    const left = Number(time - session.instant.time);
    if (left <= 0) return;
    if (board.waiting) {
      if (board.waiting.ticks === undefined || Number(board.waiting.ticks) > left) return;
      board.skipWait();
      continue;
    }
    const steps = Math.min(slices.budget, left);
    const began = performance.now();
    const end = session.withStops(NO_STOPS, () => session.advance(steps, false));
    slices.took(steps, performance.now() - began);
    if (end === 'halt') return;
    yield;
  }
}

/** Makes this run again, as far as it has come, in `other`, which stands at its beginning. */
export function* replayInto(session: Session, other: Session): Job<boolean> {
  for (const { guest, input } of session.inputs.all.slice(0, session.inputs.received)) {
    yield* toGuestInstant(other, guest);
    if (other.board.halted) return false;
    other.give(input);
  }
  return yield* toGuestInstant(other, session.board.guestInstant);
}
