/**
 * What being watched costs: the same program on the board alone, and in a session as the page runs it, which takes every trap into its records and remembers moments to go
 * back to. In turns, on new machines.
 */
import { open } from '../../../workers/lab/open.ts';
import type { Regime } from '../../../workers/protocol/lab-api.ts';
import { RAM_BASE } from '../../../workers/machine/memory-layout.ts';
import { RAM_BYTES } from '../run.ts';

const SLICE = 200_000;
const CHECKPOINT_MS = 100;

export interface Tracing {
  readonly untracedSeconds: number;
  readonly tracedSeconds: number;
  readonly traps: number;
}

export function measureTracing(bytes: Uint8Array<ArrayBuffer>, regime: Regime): Tracing {
  const timed = (traced: boolean): { readonly seconds: number; readonly traps: number } => {
    const opened = open({ program: { kind: 'binary', name: 'benchmark', bytes, origin: RAM_BASE }, regime, start: 'm', memoryBytes: RAM_BYTES });
    if (!opened.ok) throw new Error(opened.problem.message);
    const { session } = opened.open;
    const { board } = session;
    const began = performance.now();
    let due = began;
    while (!board.halted) {
      if (!traced) {
        board.run(SLICE);
        continue;
      }
      session.advance(SLICE, true);
      if (performance.now() < due) continue;
      session.checkpoint();
      due = performance.now() + CHECKPOINT_MS;
    }
    return { seconds: (performance.now() - began) / 1000, traps: board.trapCount };
  };
  const untraced = timed(false);
  const traced = timed(true);
  return { untracedSeconds: untraced.seconds, tracedSeconds: traced.seconds, traps: traced.traps };
}
