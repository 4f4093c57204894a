/** Ways to let other messages of the worker be handled between two slices of a run. Wall time only; never part of the machine. */

/**
 * Yields as fast as the platform allows: a message to ourselves has no minimum delay, a timer has 4 ms once nested. The two ends of
 * the channel take turns: Node hands a port up to 1000 messages before anybody else gets a word in, also those that come meanwhile.
 */
export class Yielder {
  private readonly channel = new MessageChannel();
  private toSecond = true;
  private wake: (() => void) | undefined;

  constructor() {
    const awake = (): void => {
      const wake = this.wake;
      this.wake = undefined;
      wake?.();
    };
    this.channel.port1.onmessage = awake;
    this.channel.port2.onmessage = awake;
  }

  yield(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
      (this.toSecond ? this.channel.port1 : this.channel.port2).postMessage(undefined);
      this.toSecond = !this.toSecond;
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
