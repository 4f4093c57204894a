/** The page's end of the lab in the worker: calls by comlink, frames by a port with credit, and the news that a worker has died. */
import { transfer, wrap } from 'comlink';
import type { Frame, FromPage, LabApi, ToPage } from '../../workers/protocol/lab-api.ts';
import { busyWith } from './idle.ts';

export class WorkerDied extends Error {
  override readonly name = 'WorkerDied';
}

export interface LabListener {
  frame(frame: Frame): void;
  /** The worker will never answer again; `message` is for developers. */
  died(message: string): void;
}

export class LabClient {
  readonly #worker: Worker;
  readonly #lab: LabApi;
  readonly #death: Promise<never>;
  #dead = false;

  constructor(listener: LabListener) {
    this.#worker = new Worker(new URL('../../workers/lab.worker.ts', import.meta.url), { type: 'module', name: 'hypervisible-lab' });
    // Every method of the lab already gives a promise, so the remote has the same type.
    this.#lab = wrap<LabApi>(this.#worker);
    this.#death = new Promise<never>((_, reject) => {
      const die = (message: string): void => {
        if (this.#dead) return;
        this.#dead = true;
        this.#worker.terminate();
        reject(new WorkerDied(message));
        listener.died(message);
      };
      this.#worker.addEventListener('error', (event) => { die(event.message); });
      this.#worker.addEventListener('messageerror', () => { die('a message could not be read'); });
    });
    // Calls in flight see the death themselves; without any it is no unhandled rejection.
    this.#death.catch(() => undefined);
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }: MessageEvent<ToPage>): void => {
      listener.frame(data.frame);
      // Credit only when the browser has drawn: a slow page gets fewer frames.
      requestAnimationFrame(() => { port1.postMessage({ type: 'credit' } satisfies FromPage); });
    };
    this.call((lab) => lab.connect(transfer(port2, [port2]))).catch(() => undefined);
    document.addEventListener('visibilitychange', this.#visibility);
  }

  /** One call to the lab; rejects with WorkerDied when the worker does not live to answer. */
  call<T>(work: (lab: LabApi) => Promise<T>): Promise<T> {
    return busyWith(Promise.race([work(this.#lab), this.#death]));
  }

  /** Ends the worker, as a crash would: for starting again, and for tests. */
  close(): void {
    document.removeEventListener('visibilitychange', this.#visibility);
    this.#dead = true;
    this.#worker.terminate();
  }

  readonly #visibility = (): void => {
    const visible = document.visibilityState === 'visible';
    this.call((lab) => lab.setVisible(visible)).catch(() => undefined);
  };
}
