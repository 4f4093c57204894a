/**
 * A device sees an offset, an interrupt line and a clock; never the machine, never its own address.
 */
export type AccessSize = 1 | 2 | 4 | 8;

export interface Device {
  /** As the device's own specification names it: `ns16550a`, `sifive,plic-1.0.0`. */
  readonly name: string;
  /** Bytes that have gone through it, since reset; undefined for a device that carries none. */
  readonly moved?: number | undefined;
  /** The value at this offset, zero-extended; undefined where the device refuses this size or offset (an access fault). */
  read(offset: number, size: AccessSize): bigint | undefined;
  /** False where the device refuses the write (an access fault). */
  write(offset: number, size: AccessSize, value: bigint): boolean;
  /** Plain data, structured-cloneable; `restore(save())` changes nothing that can be seen. */
  save(): unknown;
  restore(saved: unknown): void;
  reset(): void;
}

/** A level-triggered interrupt line. */
export interface InterruptLine {
  set(high: boolean): void;
}
