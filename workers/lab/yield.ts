/** Ways to let other messages of the worker be handled between two slices of a run. Wall time only; never part of the machine. */

/** Yields as fast as the platform allows: a message to ourselves has no minimum delay, a timer has 4 ms once nested. */
export class Yielder {
  private readonly channel = new MessageChannel();
  private wake: (() => void) | undefined;

  constructor() {
    this.channel.port1.onmessage = (): void => {
      const wake = this.wake;
      this.wake = undefined;
      wake?.();
    };
  }

  yield(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      this.channel.port2.postMessage(undefined);
    });
  }

  close(): void {
    this.channel.port1.close();
    this.channel.port2.close();
  }
}

/** A sleep that `wake` ends early. */
export class Sleeper {
  private wakeUp: (() => void) | undefined;

  /** Sleeps for this many milliseconds of wall time, or until `wake` when undefined. */
  sleep(milliseconds: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => { this.wake(); }, milliseconds);
      this.wakeUp = (): void => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  wake(): void {
    const wakeUp = this.wakeUp;
    this.wakeUp = undefined;
    wakeUp?.();
  }
}
