/**
 * The time of one guest: the machine's, without what passed while the guest was ready and another had the hart. So a guest's instants are its own
 * instructions and its own waits, whoever runs beside it (SPEC.md, G4).
 */
import { u64 } from '../base/bits.ts';
import type { Clock } from '../machine/clock.ts';

export class GuestClock implements Clock {
  readonly #machine: Clock;
  /** How far it is behind the machine's while it goes; where it stands while it does not. */
  #behind = 0n;
  #stopped: bigint | undefined = 0n;

  constructor(machine: Clock) {
    this.#machine = machine;
  }

  now(): bigint {
    return this.#stopped ?? u64(this.#machine.now() - this.#behind);
  }

  elapse(ticks: bigint): void {
    this.#machine.elapse(ticks);
  }

  tick(): void {
    this.#machine.tick();
  }

  /** The guest runs, or waits. */
  start(): void {
    if (this.#stopped === undefined) return;
    this.#behind = u64(this.#machine.now() - this.#stopped);
    this.#stopped = undefined;
  }

  /** The guest is ready, and another runs. */
  stop(at = this.now()): void {
    this.#stopped = at;
  }

  /** When the machine's clock shows what this one will show at `time`, if it goes on. */
  onMachine(time: bigint): bigint {
    return time + this.#behind;
  }

  save(): { readonly behind: bigint; readonly stopped: bigint | undefined } {
    return { behind: this.#behind, stopped: this.#stopped };
  }

  restore({ behind, stopped }: ReturnType<GuestClock['save']>): void {
    this.#behind = behind;
    this.#stopped = stopped;
  }
}
