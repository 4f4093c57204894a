/** The real-time clock of QEMU's virt board ("goldfish"): nanoseconds since 1970, and an alarm. */
import { u64 } from '../../base/bits.ts';
import { TIMEBASE_FREQUENCY, type Clock } from '../clock.ts';
import type { AccessSize, Device, InterruptLine } from './device.ts';

/** Registers by offset. */
export const REGISTER = { timeLow: 0x00, timeHigh: 0x04, alarmLow: 0x08, alarmHigh: 0x0c, interruptEnabled: 0x10, clearAlarm: 0x14, alarmStatus: 0x18, clearInterrupt: 0x1c } as const;
const NANOSECONDS_PER_TICK = BigInt(1_000_000_000 / TIMEBASE_FREQUENCY);
const NANOSECONDS_PER_SECOND = 1_000_000_000n;
const LOW = 0xffff_ffffn;

interface Saved {
  /** What to add to the machine's own time. */
  readonly offset: bigint;
  readonly latchedHigh: bigint;
  readonly alarmHigh: bigint;
  /** When it rings, in nanoseconds since 1970. */
  readonly alarm: bigint | undefined;
  readonly enabled: boolean;
  readonly pending: boolean;
}

const withLow = (value: bigint, low: bigint): bigint => (value & ~LOW) | low;
const withHigh = (value: bigint, high: bigint): bigint => (value & LOW) | (high << 32n);

export class Rtc implements Device {
  readonly name = 'google,goldfish-rtc';
  readonly #clock: Clock;
  readonly #line: InterruptLine;
  readonly #rescheduled: () => void;
  readonly #afterReset: Saved;
  #state: Saved;

  /** `epoch`: seconds since 1970 at the machine's start. `rescheduled` is called when the time of the alarm has moved. */
  constructor(clock: Clock, line: InterruptLine, epoch: number, rescheduled: () => void = () => undefined) {
    this.#clock = clock;
    this.#line = line;
    this.#rescheduled = rescheduled;
    this.#afterReset = { offset: BigInt(epoch) * NANOSECONDS_PER_SECOND, latchedHigh: 0n, alarmHigh: 0n, alarm: undefined, enabled: false, pending: false };
    this.#state = this.#afterReset;
  }

  get #now(): bigint {
    return u64(this.#clock.now() * NANOSECONDS_PER_TICK + this.#state.offset);
  }

  /** Ticks until the alarm rings, rounded up; undefined when none is set. */
  get ticksToAlarm(): bigint | undefined {
    const { alarm } = this.#state;
    if (alarm === undefined) return undefined;
    const left = alarm - this.#now;
    return left <= 0n ? 0n : (left + NANOSECONDS_PER_TICK - 1n) / NANOSECONDS_PER_TICK;
  }

  /** Rings when it is time. */
  update(): void {
    if (this.#state.alarm === undefined || this.#now < this.#state.alarm) return;
    this.#set({ alarm: undefined, pending: true });
  }

  read(offset: number, size: AccessSize): bigint | undefined {
    if (size !== 4) return undefined;
    const { alarm, alarmHigh, enabled, latchedHigh } = this.#state;
    switch (offset) {
      // Reading the low half latches the high one.
      case REGISTER.timeLow: {
        const now = this.#now;
        this.#set({ latchedHigh: now >> 32n });
        return now & LOW;
      }
      case REGISTER.timeHigh: return latchedHigh;
      case REGISTER.alarmLow: return (alarm ?? 0n) & LOW;
      case REGISTER.alarmHigh: return alarm === undefined ? alarmHigh : alarm >> 32n;
      case REGISTER.interruptEnabled: return BigInt(enabled);
      case REGISTER.alarmStatus: return BigInt(alarm !== undefined);
      default: return 0n;
    }
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    if (size !== 4) return false;
    const now = this.#now;
    const setTime = (time: bigint): void => {
      this.#set({ offset: u64(this.#state.offset + time - now) });
      this.#rescheduled();
    };
    switch (offset) {
      case REGISTER.timeLow: setTime(withLow(now, value)); break;
      case REGISTER.timeHigh: setTime(withHigh(now, value)); break;
      // Writing the low half sets the alarm.
      case REGISTER.alarmLow:
        this.#set({ alarm: withLow(this.#state.alarmHigh << 32n, value) });
        this.update();
        this.#rescheduled();
        break;
      case REGISTER.alarmHigh: this.#set({ alarmHigh: value }); break;
      case REGISTER.interruptEnabled: this.#set({ enabled: (value & 1n) !== 0n }); break;
      case REGISTER.clearAlarm: this.#set({ alarm: undefined }); break;
      case REGISTER.clearInterrupt: this.#set({ pending: false }); break;
      default: break;
    }
    return true;
  }

  #set(change: Partial<Saved>): void {
    this.#state = { ...this.#state, ...change };
    this.#line.set(this.#state.enabled && this.#state.pending);
  }

  reset(): void {
    this.#set(this.#afterReset);
  }

  save(): Saved {
    return this.#state;
  }

  restore(saved: unknown): void {
    this.#set(saved as Saved);
  }
}
