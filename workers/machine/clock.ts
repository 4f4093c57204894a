/**
 * Time belongs to the machine. One tick of `mtime` is one retired instruction; idle time (wfi) and the VMM's own work are added
 * as ticks without instructions. The device tree says 100 MHz (timebase-frequency), so the guest sees a 100 MIPS computer.
 */
export const TIMEBASE_FREQUENCY = 100_000_000;

export interface Clock {
  /** Ticks since reset. */
  now(): bigint;
  /** Adds ticks in which no instruction retires. */
  elapse(ticks: bigint): void;
  /** The same for one tick. */
  tick(): void;
}
