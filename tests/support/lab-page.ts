/** A page as the lab knows it: the other end of its MessagePort. It keeps what came in frames, as the real page does. */
import type { Lab } from '../../workers/lab/lab.ts';
import type { Frame, MachineView, ToPage } from '../../workers/protocol/lab-api.ts';
import type { StepEvent, TrapEvent } from '../../workers/trace/events.ts';

export class LabPage {
  readonly frames: Frame[] = [];
  /** What is known of the run, with what was taken back taken back. */
  traps: TrapEvent[] = [];
  steps: StepEvent[] = [];
  console = '';
  dropped = 0;
  /** Frames that have come and not been given credit for. */
  unanswered = 0;
  /** Give credit for each frame as it comes. */
  answering = true;
  readonly #channel = new MessageChannel();
  #waiting: { readonly want: (view: MachineView) => boolean; readonly done: (view: MachineView) => void }[] = [];

  async connect(lab: Lab): Promise<this> {
    this.#channel.port2.onmessage = ({ data }: MessageEvent<ToPage>): void => { this.#take(data.frame); };
    await lab.connect(this.#channel.port1);
    return this;
  }

  /** The first view from now on, or the last that came, that is as wanted. */
  until(want: (view: MachineView) => boolean): Promise<MachineView> {
    const last = this.frames.at(-1)?.view;
    if (last && want(last)) return Promise.resolve(last);
    return new Promise((done) => { this.#waiting.push({ want, done }); });
  }

  credit(): void {
    this.unanswered -= 1;
    this.#channel.port2.postMessage({ type: 'credit' });
  }

  /** Any message, as a stranger might send it. */
  send(message: unknown): void {
    this.#channel.port2.postMessage(message);
  }

  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
  }

  #take(frame: Frame): void {
    this.frames.push(frame);
    this.unanswered += 1;
    const { rewound } = frame;
    if (rewound) {
      this.traps = this.traps.filter(({ trap }) => trap < rewound.traps);
      this.steps = this.steps.filter(({ trap }) => trap < rewound.traps);
      this.console = new TextDecoder().decode(new TextEncoder().encode(this.console).subarray(0, rewound.consoleBytes));
    }
    this.traps.push(...frame.traps);
    this.steps.push(...frame.steps);
    this.console += new TextDecoder().decode(frame.console);
    this.dropped += frame.dropped;
    if (this.answering) this.credit();
    this.#waiting = this.#waiting.filter(({ want, done }) => {
      if (!want(frame.view)) return true;
      done(frame.view);
      return false;
    });
  }
}
