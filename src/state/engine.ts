/** How fast the machine has run lately, and in which tier: what the pane of the engine draws. */
import type { EngineWork, Frame } from '../../workers/protocol/lab-api.ts';

/** A point of the chart stands for so much time of running. */
const SAMPLE_MS = 250;
/** The last stretch before a stop may be shorter, but not as short as clocks are coarse. */
const SHORTEST_MS = 20;
const KEPT = 240;

export interface SpeedSample {
  /** Seconds of running, since the machine was loaded. */
  readonly at: number;
  /** Million steps a second in each tier. */
  readonly translated: number;
  readonly interpreted: number;
}

export interface EngineState {
  readonly work: EngineWork;
  readonly samples: readonly SpeedSample[];
  /** Seconds of running up to here. */
  readonly ran: number;
  /** What the next sample is counted from, while the machine runs. */
  readonly since: { readonly at: number; readonly work: EngineWork } | undefined;
}

const steps = (work: EngineWork): number => work.translated + work.interpreted;

export function nextEngine(old: EngineState | undefined, { engine, view }: Frame): EngineState | undefined {
  if (!engine) return undefined;
  const { at, work } = engine;
  // Fewer steps than before: another machine.
  const { samples, ran, since } = old && steps(work) >= steps(old.work) ? old : { samples: [], ran: 0, since: undefined };
  const running = view.status.state === 'running' || view.status.state === 'idle';
  if (!since) return { work, samples, ran, since: running ? engine : undefined };
  const milliseconds = at - since.at;
  if (running && milliseconds < SAMPLE_MS) return { work, samples, ran, since };
  const next = running ? engine : undefined;
  if (milliseconds < SHORTEST_MS) return { work, samples, ran, since: next };
  const speed = (tier: 'translated' | 'interpreted'): number => (work[tier] - since.work[tier]) / milliseconds / 1000;
  const sample: SpeedSample = { at: ran + milliseconds / 1000, translated: speed('translated'), interpreted: speed('interpreted') };
  return { work, samples: [...samples, sample].slice(-KEPT), ran: sample.at, since: next };
}
