/**
 * Runs a session at full speed in the worker: slices that stay short, messages handled between them, and real sleep where the guest
 * waits. All of this is wall time and leaves no trace in the machine.
 */
import { TIMEBASE_FREQUENCY } from '../machine/clock.ts';
import { NO_STOPS } from './board.ts';
import { HIDDEN_SLEEP_MS, IdleDebt, SliceBudget } from './pacing.ts';
import { Progress } from './progress.ts';
import type { Session } from './session.ts';
import { SpeedMeter } from './speed-meter.ts';
import { Sleeper, Yielder } from './yield.ts';

/** Wall time between checkpoints at speed: replaying from one takes about as long, at most. */
const CHECKPOINT_MS = 100;
/** A checkpoint compares all of memory; it may take this share of the time. */
const CHECKPOINT_SHARE = 0.05;

export type RunEnd = 'pause' | 'breakpoint' | 'trap' | 'watchpoint' | 'halt' | 'stuck';

export class Runner {
  private readonly session: Session;
  private readonly sleeper = new Sleeper();
  private readonly afterSlice: () => void;
  private running: Promise<RunEnd> | undefined;
  private pausing = false;
  private visible = true;
  private checkpointDue = 0;
  readonly speed = new SpeedMeter();
  /** The guest waits, and the runner sleeps with it. */
  idle = false;
  /** Of a run that ended as `stuck`: one sentence. */
  problem: string | undefined;

  /** `afterSlice` is called after each slice, and when the guest begins to wait: the time to send a frame. */
  constructor(session: Session, afterSlice: () => void) {
    this.session = session;
    this.afterSlice = afterSlice;
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Runs until paused or stopped. Asking a running machine to run gives the same end. */
  run(): Promise<RunEnd> {
    this.running ??= this.loop().finally(() => {
      this.running = undefined;
      this.idle = false;
      this.speed.stop();
    });
    return this.running;
  }

  /** Stops at the end of the present slice; comes back when it has. */
  async pause(): Promise<void> {
    this.pausing = true;
    this.sleeper.wake();
    await this.running;
    this.pausing = false;
  }

  /** Something happened that a waiting guest may wait for. */
  wake(): void {
    this.sleeper.wake();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.sleeper.wake();
  }

  private async loop(): Promise<RunEnd> {
    const { session } = this;
    const yielder = new Yielder();
    const slices = new SliceBudget();
    const debt = new IdleDebt();
    const progress = new Progress(session);
    try {
      // The user may start at a breakpoint: its instruction runs first, or the run would stop at once.
      let end = session.withStops({ ...NO_STOPS, watches: session.userStops.watches }, () => session.advance(1, true));
      while (!this.pausing) {
        if (end === 'breakpoint' || end === 'trap' || end === 'watchpoint' || end === 'halt') return end;
        if (end === 'waiting') {
          await this.waitWithTheGuest(debt);
        } else if (this.visible) {
          await yielder.yield();
        }
        // Also between the ticks of a guest that waits.
        if (!this.visible && !this.isPaused()) await this.sleeper.sleep(HIDDEN_SLEEP_MS);
        if (this.isPaused()) break;
        const position = session.position;
        const began = performance.now();
        end = session.advance(slices.budget, false);
        const took = performance.now() - began;
        slices.took(session.position - position, took);
        this.speed.add(session.position - position, took);
        this.checkpoint(began + took);
        this.problem = progress.problem();
        if (this.problem !== undefined) return 'stuck';
        this.afterSlice();
      }
      return 'pause';
    } finally {
      yielder.close();
    }
  }

  /** A method, because `pausing` changes while the loop awaits, which control-flow analysis does not see. */
  private isPaused(): boolean {
    return this.pausing;
  }

  private async waitWithTheGuest(debt: IdleDebt): Promise<void> {
    const { session } = this;
    const { waiting } = session.board;
    if (!waiting) return;
    const milliseconds = waiting.ticks === undefined ? undefined : debt.skip(Number(waiting.ticks) / TIMEBASE_FREQUENCY);
    if (milliseconds !== 0) {
      this.idle = true;
      this.afterSlice();
      await this.sleeper.sleep(milliseconds);
      this.idle = false;
    }
    // Input that came meanwhile has ended the wait; otherwise, unless paused, its time has passed.
    if (!this.isPaused() && session.board.waiting?.ticks !== undefined) session.board.skipWait();
  }

  private checkpoint(now: number): void {
    if (now < this.checkpointDue) return;
    this.session.checkpoint();
    const took = performance.now() - now;
    this.checkpointDue = now + Math.max(CHECKPOINT_MS, took / CHECKPOINT_SHARE);
  }
}
