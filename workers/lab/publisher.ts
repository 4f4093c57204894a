/**
 * Sends frames to the page: at most 20 a second while running, at once on a stop, and never more than the page has given credit for.
 * What does not fit is counted, so that a slow page or a fast guest never floods anybody.
 */
import type { Frame, FromPage, MachineView, ToPage } from '../protocol/lab-api.ts';
import type { StepEvent, TrapEvent } from '../trace/events.ts';
import type { Session } from './session.ts';

const FRAME_MS = 50;
const MOST_TRAPS = 2000;
/** Frames that may be under way: one being drawn, one coming. */
const CREDITS = 2;

export class Publisher {
  private port: MessagePort | undefined;
  private credits = 0;
  private sentTraps = 0;
  private sentConsole = 0;
  private lastSent = -Infinity;
  /** A frame that must go out as soon as there is credit. */
  private owed = false;
  private fresh = true;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly source: () => { readonly session: Session; readonly view: MachineView } | undefined;

  constructor(source: () => { readonly session: Session; readonly view: MachineView } | undefined) {
    this.source = source;
  }

  connect(port: MessagePort): void {
    this.port?.close();
    this.port = port;
    this.credits = CREDITS;
    port.onmessage = ({ data }: MessageEvent<FromPage>): void => {
      // The union has one member today; a page of another version may send more.
      if ((data as { type?: unknown } | undefined)?.type !== 'credit') return;
      this.credits = Math.min(CREDITS, this.credits + 1);
      if (this.owed) this.send();
    };
    this.restart();
  }

  /** Another machine, or another page: everything is told from the beginning. */
  restart(): void {
    this.sentTraps = 0;
    this.sentConsole = 0;
    this.fresh = true;
    this.now();
  }

  /** While running: a frame when it is time for one. It comes even if nothing happens any more: the guest may fall asleep. */
  tick(): void {
    const early = this.lastSent + FRAME_MS - performance.now();
    if (early <= 0) this.now();
    else this.timer ??= setTimeout(() => { this.now(); }, early);
  }

  /** On a stop: a frame at once, or as soon as the page has given credit. */
  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.owed = true;
    this.send();
  }

  private send(): void {
    if (!this.port || this.credits === 0) return;
    const source = this.source();
    if (!source) return;
    const frame = this.frame(source.session, source.view);
    this.credits -= 1;
    this.owed = false;
    this.lastSent = performance.now();
    this.port.postMessage({ type: 'frame', frame } satisfies ToPage);
  }

  private frame(session: Session, view: MachineView): Frame {
    const rewind = session.takeRewind();
    const fresh = this.fresh;
    this.fresh = false;
    if (rewind) {
      this.sentTraps = Math.min(this.sentTraps, rewind.traps);
      this.sentConsole = Math.min(this.sentConsole, rewind.consoleBytes);
    }
    const rewound = fresh
      ? { to: { time: 0n, instret: 0n }, traps: 0, consoleBytes: 0 }
      : rewind && { to: rewind.to, traps: this.sentTraps, consoleBytes: this.sentConsole };
    const { traps: ring } = session.recorder;
    const first = Math.max(this.sentTraps, ring.begin, ring.end - MOST_TRAPS);
    const traps: TrapEvent[] = [];
    const steps: StepEvent[] = [];
    for (let trap = first; trap < ring.end; trap += 1) {
      const event = ring.get(trap);
      if (event) traps.push(event);
      steps.push(...(session.recorder.stepsOf(trap) ?? []));
    }
    const dropped = Math.max(0, ring.end - this.sentTraps - traps.length);
    const console = session.console.from(this.sentConsole);
    this.sentTraps = ring.end;
    this.sentConsole = session.console.length;
    const work = session.board.engineWork;
    return { view, traps, steps, dropped, console, engine: work && { at: performance.now(), work }, ...(rewound && { rewound }) };
  }
}
