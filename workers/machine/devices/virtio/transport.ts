/**
 * The registers of a virtio device in memory, version 2 (virtio 1.1, 4.2.2). What the device does is a `VirtioFunction`; a slot without one
 * answers with device number 0, which drivers pass over.
 */
import type { AccessSize, Device, InterruptLine } from '../device.ts';
import { BrokenQueue, EMPTY_QUEUE, LARGEST_QUEUE, readableBytes, scatter, Virtqueue, writableBytes, type Chain, type DmaMemory, type QueueState } from './queue.ts';

export interface VirtioFunction {
  readonly deviceId: number;
  readonly queues: number;
  /** Feature bits beside VERSION_1 (bit 32) and INDIRECT_DESC (bit 28), which the transport adds. */
  readonly features: bigint;
  /** The device's own configuration space. */
  readonly config: Uint8Array;
  /** Serves a chain at once; how many bytes it wrote. */
  serve(queue: number, chain: Chain, memory: DmaMemory): number;
  /** The queue whose buffers wait for something to arrive, if there is one. `serve` is not asked for it. */
  readonly receiveQueue?: number;
  /** Whether something has arrived; and the next piece of it, for a buffer with so much room. */
  readonly hasInput?: boolean;
  take?(room: number): Uint8Array | undefined;
  /** The transport asks to be called when something arrives. */
  whenReceiving?(arrived: () => void): void;
  save(): unknown;
  restore(saved: unknown): void;
}

const MAGIC = 0x7472_6976;
const VERSION = 2;
const VENDOR = 0x554d_4551;
const VERSION_1 = 1n << 32n;
const INDIRECT_DESC = 1n << 28n;
const DRIVER_OK = 4;
const NEEDS_RESET = 64;
const USED_BUFFER = 1;
const CONFIGURATION_CHANGED = 2;
const CONFIG = 0x100;

const REGISTER = {
  magic: 0x00, version: 0x04, deviceId: 0x08, vendor: 0x0c, deviceFeatures: 0x10, deviceFeaturesSelect: 0x14, driverFeatures: 0x20, driverFeaturesSelect: 0x24,
  queueSelect: 0x30, queueMost: 0x34, queueSize: 0x38, queueReady: 0x44, queueNotify: 0x50, interruptStatus: 0x60, interruptAcknowledge: 0x64, status: 0x70,
  descriptorsLow: 0x80, descriptorsHigh: 0x84, driverLow: 0x90, driverHigh: 0x94, deviceLow: 0xa0, deviceHigh: 0xa4, generation: 0xfc,
} as const;

interface Registers {
  readonly deviceFeaturesSelect: number;
  readonly driverFeaturesSelect: number;
  readonly driverFeatures: bigint;
  readonly queueSelect: number;
  readonly interruptStatus: number;
  readonly status: number;
}
const AFTER_RESET: Registers = { deviceFeaturesSelect: 0, driverFeaturesSelect: 0, driverFeatures: 0n, queueSelect: 0, interruptStatus: 0, status: 0 };

interface Saved {
  readonly registers: Registers;
  readonly queues: readonly QueueState[];
  readonly function: unknown;
  readonly moved: number;
}

const half = (value: bigint, high: number): bigint => (high === 0 ? value & 0xffff_ffffn : high === 1 ? value >> 32n : 0n);
const withHalf = (value: bigint, high: boolean, bits: bigint): bigint => (high ? (value & 0xffff_ffffn) | (bits << 32n) : (value & ~0xffff_ffffn) | bits);

export class VirtioMmio implements Device {
  readonly name = 'virtio,mmio';
  readonly #function: VirtioFunction | undefined;
  readonly #line: InterruptLine;
  readonly #memory: DmaMemory;
  readonly #queues: readonly Virtqueue[];
  #registers = AFTER_RESET;
  #moved = 0;

  constructor(line: InterruptLine, memory: DmaMemory, itsFunction?: VirtioFunction) {
    this.#function = itsFunction;
    this.#line = line;
    this.#memory = memory;
    this.#queues = Array.from({ length: itsFunction?.queues ?? 0 }, () => new Virtqueue(memory));
    itsFunction?.whenReceiving?.(() => { this.#serve(itsFunction.receiveQueue!); });
  }

  get moved(): number | undefined { return this.#function && this.#moved; }

  read(offset: number, size: AccessSize): bigint | undefined {
    if (offset >= CONFIG) return this.#readConfig(offset - CONFIG, size);
    if (size !== 4 || offset % 4 !== 0) return undefined;
    const { deviceFeaturesSelect, interruptStatus, status } = this.#registers;
    const queue = this.#queue;
    switch (offset) {
      case REGISTER.magic: return BigInt(MAGIC);
      case REGISTER.version: return BigInt(VERSION);
      case REGISTER.deviceId: return BigInt(this.#function?.deviceId ?? 0);
      case REGISTER.vendor: return BigInt(VENDOR);
      case REGISTER.deviceFeatures: return half(this.#features, deviceFeaturesSelect);
      case REGISTER.queueMost: return queue ? BigInt(LARGEST_QUEUE) : 0n;
      case REGISTER.queueReady: return BigInt(queue?.state.ready ?? false);
      case REGISTER.interruptStatus: return BigInt(interruptStatus);
      case REGISTER.status: return BigInt(status);
      // The configuration never changes, and write-only registers read as 0.
      default: return 0n;
    }
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    // No function here has a configuration that the driver may change.
    if (offset >= CONFIG) return true;
    if (size !== 4 || offset % 4 !== 0) return false;
    if (!this.#function) return true;
    const number = Number(value);
    const registers = this.#registers;
    const set = (change: Partial<Registers>): void => { this.#registers = { ...this.#registers, ...change }; };
    switch (offset) {
      case REGISTER.deviceFeaturesSelect: set({ deviceFeaturesSelect: number }); break;
      case REGISTER.driverFeaturesSelect: set({ driverFeaturesSelect: number }); break;
      case REGISTER.driverFeatures:
        if (registers.driverFeaturesSelect <= 1) set({ driverFeatures: withHalf(registers.driverFeatures, registers.driverFeaturesSelect === 1, value) & this.#features });
        break;
      case REGISTER.queueSelect: set({ queueSelect: number }); break;
      case REGISTER.queueSize: this.#setQueue({ size: number }); break;
      case REGISTER.queueReady: this.#setQueue({ ready: (number & 1) === 1 }); break;
      case REGISTER.descriptorsLow: case REGISTER.descriptorsHigh: this.#setAddress('descriptors', offset === REGISTER.descriptorsHigh, value); break;
      case REGISTER.driverLow: case REGISTER.driverHigh: this.#setAddress('driver', offset === REGISTER.driverHigh, value); break;
      case REGISTER.deviceLow: case REGISTER.deviceHigh: this.#setAddress('device', offset === REGISTER.deviceHigh, value); break;
      case REGISTER.queueNotify: this.#serve(number); break;
      case REGISTER.interruptAcknowledge:
        set({ interruptStatus: registers.interruptStatus & ~number });
        this.#updateLine();
        break;
      case REGISTER.status:
        // Writing 0 resets the device (2.1).
        if (number === 0) this.reset();
        else set({ status: number & 0xff });
        break;
      default: break;
    }
    return true;
  }

  get #features(): bigint {
    return this.#function ? this.#function.features | VERSION_1 | INDIRECT_DESC : 0n;
  }

  get #queue(): Virtqueue | undefined {
    return this.#queues[this.#registers.queueSelect];
  }

  #setQueue(change: Partial<QueueState>): void {
    const queue = this.#queue;
    if (queue) queue.state = { ...queue.state, ...change };
  }

  #setAddress(which: 'descriptors' | 'driver' | 'device', high: boolean, value: bigint): void {
    const queue = this.#queue;
    if (queue) this.#setQueue({ [which]: withHalf(queue.state[which], high, value) });
  }

  #readConfig(offset: number, size: AccessSize): bigint {
    const config = this.#function?.config ?? new Uint8Array();
    let value = 0n;
    for (let n = 0; n < size; n += 1) value |= BigInt(config[offset + n] ?? 0) << BigInt(8 * n);
    return value;
  }

  #serve(index: number): void {
    const queue = this.#queues[index];
    const { status } = this.#registers;
    if (!queue?.state.ready || (status & DRIVER_OK) === 0 || (status & NEEDS_RESET) !== 0) return;
    let used = 0;
    try {
      for (const chain of index === this.#function!.receiveQueue ? this.#chainsForInput(queue) : queue.chains()) {
        const written = this.#fill(index, chain);
        this.#moved += readableBytes(chain) + written;
        queue.give(chain.head, written);
        used = USED_BUFFER;
      }
      if (!queue.wantsInterrupt) used = 0;
    } catch (error) {
      if (!(error instanceof BrokenQueue)) throw error;
      this.#registers = { ...this.#registers, status: status | NEEDS_RESET };
      used |= CONFIGURATION_CHANGED;
    }
    this.#registers = { ...this.#registers, interruptStatus: this.#registers.interruptStatus | used };
    this.#updateLine();
  }

  /** A buffer is taken only when there is something to put in it. */
  *#chainsForInput(queue: Virtqueue): Generator<Chain, void> {
    const chains = queue.chains();
    while (this.#function!.hasInput === true) {
      const next = chains.next();
      if (next.done === true) return;
      yield next.value;
    }
  }

  #fill(index: number, chain: Chain): number {
    if (index !== this.#function!.receiveQueue) return this.#function!.serve(index, chain, this.#memory);
    const bytes = this.#function!.take!(writableBytes(chain)) ?? new Uint8Array();
    scatter(this.#memory, chain, bytes);
    return bytes.length;
  }

  #updateLine(): void {
    this.#line.set(this.#registers.interruptStatus !== 0);
  }

  reset(): void {
    this.#registers = AFTER_RESET;
    for (const queue of this.#queues) queue.state = EMPTY_QUEUE;
    this.#updateLine();
  }

  save(): Saved {
    return { registers: this.#registers, queues: this.#queues.map(({ state }) => state), function: this.#function?.save(), moved: this.#moved };
  }

  restore(saved: unknown): void {
    const { registers, queues, function: itsFunction, moved } = saved as Saved;
    this.#moved = moved;
    this.#registers = registers;
    for (const [index, queue] of this.#queues.entries()) queue.state = queues[index]!;
    this.#function?.restore(itsFunction);
    this.#updateLine();
  }
}
