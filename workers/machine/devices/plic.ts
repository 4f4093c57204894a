/** The platform-level interrupt controller (RISC-V PLIC specification 1.0.0) for one hart: level-triggered sources, a context for M and one for S. */
import type { AccessSize, Device, InterruptLine } from './device.ts';

/** Sources 1..31; source 0 means "none". */
const SOURCES = 32;

const PRIORITY = 0x0;
const PENDING = 0x1000;
const ENABLE = 0x2000;
const ENABLE_STRIDE = 0x80;
const CONTEXT = 0x20_0000;
const CONTEXT_STRIDE = 0x1000;
const THRESHOLD = 0;
const CLAIM = 4;
const SIZE = 0x60_0000;
const MOST_PRIORITY = 7;

interface Saved {
  readonly priorities: readonly number[];
  readonly requests: number;
  readonly claimed: number;
  readonly enables: readonly number[];
  readonly thresholds: readonly number[];
  /** How often each source was claimed, since reset. */
  readonly served: readonly number[];
}

export class Plic implements Device {
  readonly name = 'sifive,plic-1.0.0';
  readonly #outputs: readonly InterruptLine[];
  #priorities: number[] = [];
  /** A bit per source: its device has asked, and was neither served nor has it withdrawn; it is being served (claimed and not completed). */
  #requests = 0;
  #claimed = 0;
  #enables: number[] = [];
  #thresholds: number[] = [];
  #served: number[] = [];

  /** The outputs go to the hart's external interrupts, in the order of the contexts. */
  constructor(outputs: readonly InterruptLine[]) {
    this.#outputs = outputs;
    this.reset();
  }

  reset(): void {
    const zeros = this.#outputs.map(() => 0);
    this.restore({ priorities: new Array<number>(SOURCES).fill(0), requests: 0, claimed: 0, enables: zeros, thresholds: zeros, served: new Array<number>(SOURCES).fill(0) } satisfies Saved);
  }

  /** How often the source was claimed. */
  served(source: number): number {
    return this.#served[source]!;
  }

  /** The line of a source, for its device. */
  source(number: number): InterruptLine {
    return {
      set: (high) => {
        const requests = high ? this.#requests | (1 << number) : this.#requests & ~(1 << number);
        if (requests === this.#requests) return;
        this.#requests = requests;
        this.#update();
      },
    };
  }

  /**
   * Pending: the device has asked and nobody serves it yet. A claim uses the request up; a device whose line stays high asks again with its
   * next event, not by the line alone. So does QEMU's, and drivers that never acknowledge an empty transmitter (xv6's) rely on it.
   */
  get #pending(): number { return this.#requests & ~this.#claimed; }

  /** The pending and enabled source of the highest priority, the lowest number among equals; 0 for none. */
  #best(context: number): number {
    const candidates = this.#pending & this.#enables[context]!;
    let best = 0;
    for (let source = 1; source < SOURCES && candidates >>> source !== 0; source += 1) {
      if (((candidates >>> source) & 1) !== 0 && this.#priorities[source]! > (best === 0 ? 0 : this.#priorities[best]!)) best = source;
    }
    return best;
  }

  #update(): void {
    for (const [context, output] of this.#outputs.entries()) {
      const best = this.#best(context);
      output.set(best !== 0 && this.#priorities[best]! > this.#thresholds[context]!);
    }
  }

  read(offset: number, size: AccessSize): bigint | undefined {
    if (size !== 4 || offset % 4 !== 0 || offset >= SIZE) return undefined;
    return BigInt(this.#read(offset) >>> 0);
  }

  #read(offset: number): number {
    if (offset < PENDING) return this.#priorities[(offset - PRIORITY) / 4] ?? 0;
    if (offset < ENABLE) return offset === PENDING ? this.#pending : 0;
    if (offset < CONTEXT) return (offset - ENABLE) % ENABLE_STRIDE === 0 ? this.#enables[(offset - ENABLE) / ENABLE_STRIDE] ?? 0 : 0;
    const context = Math.floor((offset - CONTEXT) / CONTEXT_STRIDE);
    const register = (offset - CONTEXT) % CONTEXT_STRIDE;
    if (context >= this.#outputs.length) return 0;
    if (register === THRESHOLD) return this.#thresholds[context]!;
    if (register !== CLAIM) return 0;
    const source = this.#best(context);
    if (source !== 0) {
      this.#claimed |= 1 << source;
      this.#requests &= ~(1 << source);
      this.#served[source] = this.#served[source]! + 1;
      this.#update();
    }
    return source;
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    if (size !== 4 || offset % 4 !== 0 || offset >= SIZE) return false;
    this.#write(offset, Number(value & 0xffff_ffffn));
    this.#update();
    return true;
  }

  #write(offset: number, value: number): void {
    if (offset < PENDING) {
      const source = (offset - PRIORITY) / 4;
      if (source > 0 && source < SOURCES) this.#priorities[source] = Math.min(value, MOST_PRIORITY);
      return;
    }
    if (offset < ENABLE) return;
    if (offset < CONTEXT) {
      const context = (offset - ENABLE) / ENABLE_STRIDE;
      if (Number.isInteger(context) && context < this.#outputs.length) this.#enables[context] = value & ~1;
      return;
    }
    const context = Math.floor((offset - CONTEXT) / CONTEXT_STRIDE);
    if (context >= this.#outputs.length) return;
    const register = (offset - CONTEXT) % CONTEXT_STRIDE;
    if (register === THRESHOLD) this.#thresholds[context] = Math.min(value, MOST_PRIORITY);
    // Completing a source that this context does not enable is ignored.
    else if (register === CLAIM && value > 0 && value < SOURCES && ((this.#enables[context]! >>> value) & 1) !== 0) this.#claimed &= ~(1 << value);
  }

  save(): Saved {
    return { priorities: [...this.#priorities], requests: this.#requests, claimed: this.#claimed, enables: [...this.#enables], thresholds: [...this.#thresholds], served: [...this.#served] };
  }

  restore(saved: unknown): void {
    const { priorities, requests, claimed, enables, thresholds, served } = saved as Saved;
    this.#priorities = [...priorities];
    this.#requests = requests;
    this.#claimed = claimed;
    this.#enables = [...enables];
    this.#thresholds = [...thresholds];
    this.#served = [...served];
    this.#update();
  }
}
