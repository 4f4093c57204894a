/** What the page knows of the machine: the last frame's view, and what frames have brought so far. Written by client/lab.ts alone. */
import { create } from 'zustand';
import type { Frame, MachineView, Problem, ProgramInfo, Regime, StepEvent, TrapEvent } from '../../workers/protocol/lab-api.ts';
import { nextEngine, type EngineState } from './engine.ts';
import type { Diagnostic } from '../../workers/isa/assemble/diagnostic.ts';

/** Traps that the page lists; earlier ones are only counted. */
export const LISTED_TRAPS = 4096;
const KEPT_STEPS = 64;
const KEPT_CONSOLE = 1 << 20;

export interface ConsoleText {
  readonly bytes: Uint8Array;
  /** Counts how often text was taken back or cut: another number means that `bytes` is not a continuation. */
  readonly edition: number;
}

/** What the machine runs, as the reader chose it. */
export interface Loaded {
  readonly info: ProgramInfo;
  readonly regime: Regime;
  /** Of public/guests/index.json; undefined for the reader's own program. */
  readonly guest: string | undefined;
  /** Assembly text, when the program came as such. */
  readonly source: string | undefined;
}

export interface MachineState {
  readonly view: MachineView | undefined;
  readonly loaded: Loaded | undefined;
  /** The registers' values and mode one stop ago: what has changed is marked. */
  readonly previous: MachineView | undefined;
  /** Ascending by number, without holes, the newest last. */
  readonly traps: readonly TrapEvent[];
  readonly steps: ReadonlyMap<number, readonly StepEvent[]>;
  readonly console: ConsoleText;
  readonly engine: EngineState | undefined;
  /** Why the last program was refused. */
  readonly refusal: { readonly problem: Problem; readonly diagnostics: readonly Diagnostic[] } | undefined;
  readonly died: string | undefined;
}

const EMPTY_CONSOLE: ConsoleText = { bytes: new Uint8Array(), edition: 0 };

export const useMachine = create<MachineState>(() => ({
  view: undefined, loaded: undefined, previous: undefined, traps: [], steps: new Map(), console: EMPTY_CONSOLE, engine: undefined, refusal: undefined, died: undefined,
}));

function nextTraps(old: readonly TrapEvent[], { traps, rewound }: Frame): readonly TrapEvent[] {
  const kept = rewound ? old.filter(({ trap }) => trap < rewound.traps) : old;
  if (traps.length === 0) return kept;
  // After a gap (traps that were only counted) the list begins anew: it has no holes.
  const joined = kept.length > 0 && kept.at(-1)!.trap + 1 === traps[0]!.trap ? [...kept, ...traps] : [...traps];
  return joined.length > LISTED_TRAPS ? joined.slice(-LISTED_TRAPS) : joined;
}

function nextSteps(old: MachineState['steps'], { steps, rewound }: Frame): MachineState['steps'] {
  if (steps.length === 0 && !rewound) return old;
  const next = new Map([...old].filter(([trap]) => !rewound || trap < rewound.traps));
  const byTrap = new Map<number, StepEvent[]>();
  for (const step of steps) byTrap.set(step.trap, [...(byTrap.get(step.trap) ?? []), step]);
  for (const [trap, list] of byTrap) next.set(trap, list);
  for (const trap of next.keys()) {
    if (next.size <= KEPT_STEPS) break;
    next.delete(trap);
  }
  return next;
}

function nextConsole(old: ConsoleText, { console, rewound }: Frame): ConsoleText {
  if (console.length === 0 && !rewound) return old;
  const taken = rewound ? old.bytes.subarray(0, rewound.consoleBytes) : old.bytes;
  const edition = taken.length < old.bytes.length ? old.edition + 1 : old.edition;
  const joined = new Uint8Array(taken.length + console.length);
  joined.set(taken);
  joined.set(console, taken.length);
  return joined.length > KEPT_CONSOLE ? { bytes: joined.slice(-KEPT_CONSOLE / 2), edition: edition + 1 } : { bytes: joined, edition };
}

const atRest = (view: MachineView | undefined): boolean => view?.status.state === 'paused' || view?.status.state === 'halted';

export function takeFrame(frame: Frame): void {
  useMachine.setState((old) => {
    const moved = old.view && (old.view.time !== frame.view.time || old.view.micro?.trap !== frame.view.micro?.trap || old.view.micro?.index !== frame.view.micro?.index);
    return {
      view: frame.view,
      previous: moved && atRest(old.view) ? old.view : old.previous,
      traps: nextTraps(old.traps, frame),
      steps: nextSteps(old.steps, frame),
      console: nextConsole(old.console, frame),
      engine: nextEngine(old.engine, frame),
    };
  });
}

export function takeSteps(trap: number, steps: readonly StepEvent[]): void {
  useMachine.setState(({ steps: old }) => ({ steps: new Map([...old, [trap, steps]]) }));
}

export const isRunning = (view: MachineView | undefined): boolean => view?.status.state === 'running' || view?.status.state === 'idle';

export interface Focus {
  /** The last trap, with its micro-steps; undefined before the first. */
  readonly trap: TrapEvent | undefined;
  readonly steps: readonly StepEvent[] | undefined;
  /** The micro-step that has just happened, -1 before the first. */
  readonly index: number;
  readonly step: StepEvent | undefined;
  /** The machine stands at this trap: no instruction has retired since. */
  readonly here: boolean;
}

export function useFocus(): Focus {
  const micro = useMachine(({ view }) => view?.micro);
  const instret = useMachine(({ view }) => view?.instret);
  const traps = useMachine((state) => state.traps);
  const steps = useMachine((state) => (micro ? state.steps.get(micro.trap) : undefined));
  const trap = micro && traps.find((candidate) => candidate.trap === micro.trap);
  return { trap, steps, index: micro?.index ?? -1, step: micro && steps?.[micro.index], here: trap !== undefined && trap.instret === instret };
}
