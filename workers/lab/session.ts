/**
 * A run and its past: the board, the log of its input, what it showed, and checkpoints to go back to. Everything here is synchronous
 * and knows no wall time; the lab decides when to call `advance` and how far.
 */
import { Recorder } from '../trace/recorder.ts';
import type { Instant } from '../trace/events.ts';
import { NO_STOPS, positionAfter, type Board, type Stops } from './board.ts';
import { Checkpoints } from './checkpoints.ts';
import { ConsoleLog } from './console-log.ts';
import { InputLog, type Input, type Setting } from './input-log.ts';
import { TrapCounts } from './trap-counts.ts';

const MOST_CHECKPOINTS = 64;
/** With what the engine holds (40 MiB of decoded code, regions) this keeps the lab below 128 MiB beside the guest's RAM. */
const MOST_CHECKPOINT_BYTES = 64 << 20;

/** Why `advance` came back. `waiting`: the guest waits, and only a skip or input lets it go on. */
export type Advance = 'budget' | 'waiting' | 'breakpoint' | 'trap' | 'watchpoint' | 'halt';

/** A moment of the run, all of it. */
interface Saved {
  readonly board: unknown;
  readonly instant: Instant;
  readonly consoleBytes: number;
  readonly inputs: number;
  readonly counts: ReadonlyMap<string, number>;
}

/** How far the run was taken back since somebody last asked. */
export interface Rewind {
  readonly to: Instant;
  readonly traps: number;
  readonly consoleBytes: number;
}

export class Session {
  readonly board: Board;
  readonly recorder: Recorder;
  readonly console = new ConsoleLog();
  readonly inputs = new InputLog();
  readonly counts = new TrapCounts();
  private readonly checkpoints: Checkpoints<Saved>;
  private stops = NO_STOPS;
  private otherStops: Stops | undefined;
  private stopsInForce: Stops | undefined;
  private rewind: Rewind | undefined;

  constructor(board: Board, recorder: Recorder) {
    this.board = board;
    this.recorder = recorder;
    this.checkpoints = new Checkpoints<Saved>(MOST_CHECKPOINTS, MOST_CHECKPOINT_BYTES, (states) => board.heldBytes(states.map((state) => state.board)));
  }

  get position(): number {
    return this.board.position;
  }

  get instant(): Instant {
    return this.board.instant;
  }

  setStops(stops: Stops): void {
    this.stops = stops;
  }

  /** The stops that the user has set. */
  get userStops(): Stops {
    return this.stops;
  }

  /** Runs `work` with other stops than those of the user. */
  withStops<T>(stops: Stops, work: () => T): T {
    const before = this.otherStops;
    this.otherStops = stops;
    try {
      return work();
    } finally {
      this.otherStops = before;
    }
  }

  /** Only before the machine runs: changing stops costs the engine, and replay wants its own in each slice. */
  private useStops(): void {
    const stops = this.otherStops ?? this.stops;
    if (stops === this.stopsInForce) return;
    this.stopsInForce = stops;
    this.board.setStops(stops);
  }

  /** Runs at most `steps` steps, giving the recorded input where it is due. A wait of the guest ends it unless `skipWaits`. */
  advance(steps: number, skipWaits: boolean): Advance {
    const target = this.position + steps;
    for (;;) {
      this.giveDueInput();
      if (this.board.halted) return 'halt';
      if (this.position >= target) return 'budget';
      if (this.board.waiting) {
        if (!skipWaits || this.board.waiting.ticks === undefined) return 'waiting';
        this.board.skipWait();
        continue;
      }
      this.useStops();
      const stop = this.board.run(Math.min(target, this.inputs.nextPosition ?? target) - this.position);
      this.collect();
      if (stop.by !== 'budget' && stop.by !== 'waiting') {
        this.giveDueInput();
        return stop.by;
      }
    }
  }

  private giveDueInput(): void {
    for (;;) {
      const entry = this.inputs.takeDue(this.position, this.instant.time);
      if (!entry) return;
      this.take(entry.input);
    }
  }

  private take(input: Input): void {
    if (input.kind === 'typed') this.board.receive(input.bytes);
    // It belongs to no trap: no micro-steps are told of it.
    else this.recorder.quietly(() => { this.board.set(input); });
  }

  /** Takes what the board has to show into the records. */
  private collect(): void {
    const console = this.board.takeConsole();
    if (console.length > 0) this.console.append(console);
    const { traps } = this.recorder;
    if (this.board.trapCount === traps.end) return;
    const events = this.board.trapsFrom(traps.end);
    const lost = this.board.trapCount - traps.end - events.length;
    if (lost > 0) {
      this.counts.addLost(lost);
      traps.skipTo(traps.end + lost);
    }
    for (const event of events) {
      traps.push(event);
      this.counts.add(event);
      // A trap that RISC-V code handles has no steps; that, too, is known of it then.
      if (this.recorder.detailed && !this.recorder.stepsOf(event.trap)) this.recorder.openTrap(event.trap);
    }
  }

  /** Input from outside, now. What was recorded for later belongs to a future that will not happen. */
  receive(bytes: Uint8Array): void {
    this.give({ kind: 'typed', bytes });
  }

  /** Something of the VMM is set, now: input as well. */
  set(setting: Setting): void {
    this.give(setting);
  }

  give(input: Input): void {
    const entry = { position: this.position, time: this.instant.time, guest: this.board.guestInstant, input };
    this.take(input);
    this.inputs.add(entry);
    this.checkpoints.forgetAfter(this.position);
    this.recorder.forgetFrom(this.board.trapCount);
  }

  /** Remembers this moment, when the last one remembered lies at least so many steps back. */
  checkpoint(distance = 0): void {
    const last = this.checkpoints.all.length > 0 ? this.checkpoints.atOrBefore(this.position) : undefined;
    if (last && this.position - last.position < Math.max(1, distance)) return;
    this.checkpoints.add({ position: this.position, traps: this.board.trapCount, state: this.saved(last?.state) });
  }

  private saved(earlier?: Saved): Saved {
    return {
      board: this.board.save(earlier?.board),
      instant: this.instant,
      consoleBytes: this.console.length,
      inputs: this.inputs.received,
      counts: this.counts.saved(),
    };
  }

  /** Goes to the last checkpoint at or before this position: the rest of the way is replay. */
  returnBefore(position: number): void {
    this.back(this.checkpoints.atOrBefore(position).state);
  }

  /** Goes to the last checkpoint before this trap. */
  returnBeforeTrap(trap: number): void {
    this.back(this.checkpoints.beforeTrap(trap).state);
  }

  /** How many steps lie between this trap and the checkpoint before it. */
  replayToTrap(trap: number): number {
    const event = this.recorder.traps.get(trap);
    return event ? positionAfter(event) - this.checkpoints.beforeTrap(trap).position : Infinity;
  }

  private back(saved: Saved): void {
    this.board.restore(saved.board);
    this.console.truncate(saved.consoleBytes);
    this.inputs.rewind(saved.inputs);
    this.counts.restore(saved.counts);
    this.recorder.rewind(this.board.trapCount);
    const { rewind } = this;
    this.rewind = {
      to: rewind && rewind.to.time < saved.instant.time ? rewind.to : saved.instant,
      traps: Math.min(rewind?.traps ?? Infinity, this.board.trapCount),
      consoleBytes: Math.min(rewind?.consoleBytes ?? Infinity, saved.consoleBytes),
    };
  }

  /** Looks elsewhere in time and comes back exactly here; nobody else sees that it was away. */
  excursion<T>(work: () => T): T {
    const here = this.saved();
    const { rewind } = this;
    const console = this.console.saved();
    const { traps } = this.recorder;
    const begin = traps.begin;
    const events = Array.from({ length: traps.end - begin }, (_, i) => traps.get(begin + i)!);
    try {
      return work();
    } finally {
      this.back(here);
      traps.skipTo(begin);
      for (const event of events) traps.push(event);
      this.console.restore(console);
      this.rewind = rewind;
    }
  }

  /** How far the run was taken back since the last call of this. */
  takeRewind(): Rewind | undefined {
    const { rewind } = this;
    this.rewind = undefined;
    return rewind;
  }
}
