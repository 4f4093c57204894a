/** The core-local interruptor (as on SiFive parts and QEMU's virt): software interrupt, time compare and time of one hart. */
import { MASK64, u64, withBits } from '../../base/bits.ts';
import type { Clock } from '../clock.ts';
import type { AccessSize, Device, InterruptLine } from './device.ts';

const MSIP = 0x0;
const MTIMECMP = 0x4000;
const MTIME = 0xbff8;
const SIZE = 0x1_0000;

interface Saved {
  readonly software: boolean;
  readonly compare: bigint;
}

export class Clint implements Device {
  readonly name = 'riscv,clint0';
  readonly #clock: Clock;
  readonly #software: InterruptLine;
  readonly #timer: InterruptLine;
  readonly #rescheduled: () => void;
  #msip = false;
  #compare = MASK64;
  #compareNumber = Number(MASK64);

  /** `rescheduled` is called when a store of the program has moved the time of the timer interrupt. */
  constructor(clock: Clock, software: InterruptLine, timer: InterruptLine, rescheduled: () => void = () => undefined) {
    this.#rescheduled = rescheduled;
    this.#clock = clock;
    this.#software = software;
    this.#timer = timer;
  }

  reset(): void {
    this.restore({ software: false, compare: MASK64 } satisfies Saved);
  }

  /** When the timer interrupt comes: ticks of mtime. */
  get compare(): bigint {
    return this.#compare;
  }
  set compare(value: bigint) {
    this.#setCompare(u64(value));
    this.update();
  }

  /** Ticks until the timer interrupt, or undefined when it is up already or lies beyond 2^53 ticks. */
  get ticksToTimer(): bigint | undefined {
    const ticks = this.#compare - this.#clock.now();
    return ticks > 0n && ticks < 1n << 53n ? ticks : undefined;
  }

  /** When the timer interrupt comes, as a number, rounded when it is 2^53 or more. */
  get compareNumber(): number {
    return this.#compareNumber;
  }

  #setCompare(value: bigint): void {
    this.#compare = value;
    this.#compareNumber = Number(value);
  }

  /** Time has passed: sets the lines as they are now (mtime >= mtimecmp; privileged manual, 3.2.1). */
  update(): void {
    this.#software.set(this.#msip);
    this.#timer.set(this.#clock.now() >= this.#compare);
  }

  /** The same at a time below 2^53, for those who ask often. */
  updateAt(now: number): void {
    this.#software.set(this.#msip);
    this.#timer.set(now >= this.#compareNumber);
  }

  read(offset: number, size: AccessSize): bigint | undefined {
    if (size < 4 || offset % size !== 0 || offset + size > SIZE) return undefined;
    const register = offset & ~7;
    const value = register === MSIP ? BigInt(this.#msip) : register === MTIMECMP ? this.#compare : register === MTIME ? this.#clock.now() : 0n;
    return size === 8 ? value : (value >> BigInt((offset & 4) * 8)) & 0xffff_ffffn;
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    if (size < 4 || offset % size !== 0 || offset + size > SIZE) return false;
    const merge = (old: bigint): bigint => (size === 8 ? u64(value) : (offset & 4) === 0 ? withBits(old, 31, 0, value & 0xffff_ffffn) : withBits(old, 63, 32, value & 0xffff_ffffn));
    const register = offset & ~7;
    if (register === MSIP && (offset & 4) === 0) this.#msip = (value & 1n) === 1n;
    else if (register === MTIMECMP) this.#setCompare(merge(this.#compare));
    // Time may be set forward; a run never goes back in time.
    else if (register === MTIME && merge(this.#clock.now()) > this.#clock.now()) this.#clock.elapse(merge(this.#clock.now()) - this.#clock.now());
    this.update();
    if (register === MTIMECMP || register === MTIME) this.#rescheduled();
    return true;
  }

  save(): Saved {
    return { software: this.#msip, compare: this.#compare };
  }

  restore(saved: unknown): void {
    const { software, compare } = saved as Saved;
    this.#msip = software;
    this.#setCompare(compare);
    this.update();
  }
}
