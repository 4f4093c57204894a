/**
 * A computer of thirty lines for tests of the lab: a register stirred at each step, traps when its low bits say so (with three
 * micro-steps of software), a console, waits for a timer or for input. All of it deterministic, so time travel can be checked exactly.
 */
import type { GuestInstant } from '../../workers/lab/guest-instant.ts';
import type { Board, BoardStop, Stops } from '../../workers/lab/board.ts';
import { NO_STOPS } from '../../workers/lab/board.ts';
import type { Visible } from '../../workers/lab/focus.ts';
import type { HaltReason, Instant, TrapEvent } from '../../workers/trace/events.ts';
import type { Probe } from '../../workers/trace/probe.ts';
import type { StepId } from '../../workers/trace/steps.ts';

interface ToyState {
  readonly x: number;
  readonly instret: bigint;
  readonly time: bigint;
  readonly traps: readonly TrapEvent[];
  readonly received: readonly number[];
  readonly waiting: { readonly ticks: bigint | undefined } | undefined;
}

export class ToyBoard implements Board<ToyState> {
  private state: ToyState = { x: 1, instret: 0n, time: 0n, traps: [], received: [], waiting: undefined };
  private stops: Stops = NO_STOPS;
  private printed: number[] = [];
  probe: Probe | undefined;
  /** Steps that were run in all, replays included. */
  stepsRun = 0;

  get instant(): Instant { return { time: this.state.time, instret: this.state.instret }; }
  get trapCount(): number { return this.state.traps.length; }
  get position(): number { return Number(this.state.instret) + this.trapCount; }
  get waiting(): { readonly ticks: bigint | undefined } | undefined { return this.state.waiting; }
  get guestInstant(): GuestInstant { return { time: this.state.time, instructions: this.state.instret, at: { pc: BigInt(this.state.x & 0xff), mode: 'U' } }; }
  get guestInstructions(): bigint { return this.state.instret; }
  readonly vmExits = 0;
  readonly vmExitsByCause = {};
  readonly deviceUses = [];
  readonly shadowVariant = undefined;
  readonly mistakes = { bugs: [], checked: false };
  readonly engineWork = undefined;
  readonly halted: HaltReason | undefined = undefined;

  skipWait(): void {
    this.state = { ...this.state, time: this.state.time + (this.state.waiting?.ticks ?? 0n), waiting: undefined };
  }

  run(steps: number): BoardStop {
    for (let i = 0; i < steps; i += 1) {
      if (this.stops.addresses.includes(BigInt(this.state.x & 0xff))) return { by: 'breakpoint' };
      this.stepsRun += 1;
      const { instret, time, traps } = this.state;
      const x = (Math.imul(this.state.x, 1103515245) + 12345 + this.state.received.reduce((sum, byte) => sum + byte, 0)) >>> 0;
      this.state = { ...this.state, x };
      if (x % 13 === 0) {
        const cause = x % 3;
        const event: TrapEvent = { kind: 'trap', trap: traps.length, instret, time, interrupt: false, cause, from: 'U', to: 'S', epc: BigInt(x), tval: 0n, handler: 0n };
        this.state = { ...this.state, traps: [...traps, event] };
        for (let n = 0n; n < 3n; n += 1n) {
          const before = BigInt(this.state.x);
          this.state = { ...this.state, x: (this.state.x ^ 0x55) >>> 0 };
          this.probe?.step('vmm', 'toy' as StepId, {}, [{ on: 'register', register: 1, before, after: BigInt(this.state.x) }]);
        }
        if ((this.stops.exceptions >> BigInt(cause)) & 1n) return { by: 'trap' };
      } else {
        this.state = { ...this.state, instret: instret + 1n, time: time + 1n };
        if (x % 7 === 0) this.printed.push(97 + (x % 26));
        if (x % 61 === 0) {
          this.state = { ...this.state, waiting: { ticks: x % 2 === 0 ? undefined : 1000n } };
          return { by: 'waiting' };
        }
      }
    }
    return { by: 'budget' };
  }

  setStops(stops: Stops): void { this.stops = stops; }
  receive(bytes: Uint8Array): void { this.state = { ...this.state, received: [...this.state.received, ...bytes], waiting: undefined }; }
  set(): void {
    // There is no VMM.
  }

  takeConsole(): Uint8Array {
    const bytes = Uint8Array.from(this.printed);
    this.printed = [];
    return bytes;
  }

  trapsFrom(from: number): readonly TrapEvent[] { return this.state.traps.slice(from); }
  save(): ToyState { return this.state; }
  restore(state: ToyState): void { this.state = state; this.printed = []; }
  heldBytes(): number { return 0; }
  visible(): Visible {
    return { pc: BigInt(this.state.x & 0xff), mode: 'U', registers: [0n, BigInt(this.state.x), ...Array.from({ length: 30 }, () => 0n)], float: { registers: [], fcsr: 0n }, real: new Map(), virtualMode: undefined, virtual: new Map(), shadowRoot: undefined };
  }

  hash(): string {
    const { x, instret, time, received, traps, waiting } = this.state;
    return [x, instret, time, received.join('.'), traps.length, waiting ? `waits ${String(waiting.ticks)}` : ''].join('/');
  }
}
