/**
 * The devices that the guest sees: the same models as the real machine's, at the same addresses, but its own. Their lines end in the
 * virtual sip; what they read and write by themselves is the guest's memory. What the guest prints goes on to the real UART; what is typed
 * there for this guest arrives here.
 */
import { guestPhysical } from '../../base/address.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import { Bus } from '../../machine/bus/bus.ts';
import type { Clock } from '../../machine/clock.ts';
import type { Clint } from '../../machine/devices/clint.ts';
import type { AccessSize, InterruptLine } from '../../machine/devices/device.ts';
import type { Disk } from '../../machine/devices/virtio/block.ts';
import type { DmaMemory } from '../../machine/devices/virtio/queue.ts';
import { ADDRESS, CLINT_BYTES, Peripherals, type Equipment } from '../../machine/peripherals.ts';
import type { HaltReason } from '../../trace/events.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { StepLog } from '../step-log.ts';
import type { VirtualCsrs } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface SavedDevices {
  readonly peripherals: ReturnType<Peripherals['save']>;
  readonly clint: ReturnType<Clint['save']>;
}

export interface VirtualDeviceParts {
  readonly csrs: VirtualCsrs;
  readonly memory: GuestMemory;
  readonly clock: Clock;
  /** A character that the guest has printed. */
  readonly print: (byte: number) => void;
  /** The guest's real-time clock rings at another time than before. */
  readonly rescheduled: () => void;
  /** A device has something for the guest's kernel. */
  readonly raised: () => void;
  readonly timers: VirtualTimers;
  readonly log: StepLog;
  /** To be called when a device writes to the guest's memory. */
  readonly breakReservation: () => void;
}

export class VirtualDevices {
  readonly #peripherals: Peripherals;
  readonly #clint: Clint;
  readonly #mappings: Peripherals['mappings'];
  readonly #bus: Bus;
  readonly #log: StepLog;
  /** Set once the guest has switched itself off. */
  halted: HaltReason | undefined;

  constructor({ csrs, memory, clock, print, rescheduled, raised, timers, log, breakReservation }: VirtualDeviceParts, equipment: Equipment) {
    this.#log = log;
    this.#peripherals = new Peripherals({
      clock, memory: dmaOf(memory, breakReservation),
      external: [INTERRUPT.mei, INTERRUPT.sei].map((interrupt): InterruptLine => ({ set: (high) => {
        csrs.setPending(interrupt, high);
        if (high) raised();
      } })),
      print, rescheduled,
      printMany: (bytes) => { for (const byte of bytes) print(byte); },
      halt: (reason) => { this.halted = reason; },
    }, equipment);
    this.#clint = timers.clint;
    this.#mappings = [...this.#peripherals.mappings, { name: 'clint', base: ADDRESS.clint, size: CLINT_BYTES, device: timers.clint }];
    this.#bus = new Bus(this.#mappings);
  }

  /** The guest's disk, as it has changed it. */
  get disk(): Disk | undefined {
    return this.#peripherals.disk;
  }

  /** The device at a guest-physical address. */
  nameAt(address: bigint): string | undefined {
    const place = this.#placeAt(address);
    return place && `virtual-${place.name}`;
  }

  /** Whether there is a device at a guest-physical address. */
  has(address: bigint): boolean {
    return this.#placeAt(address) !== undefined;
  }

  #placeAt(address: bigint) {
    // Rounding of addresses far away changes nothing.
    const at = Number(address);
    return this.#mappings.find(({ base, size }) => at >= base && at < base + size);
  }


  /** The value read; undefined where no device answers. */
  read(address: bigint, size: AccessSize): bigint | undefined {
    const value = this.#bus.readDevice(address, size);
    if (value !== undefined) this.#note('read', address, value);
    return value;
  }

  /** False where no device answers. */
  write(address: bigint, size: AccessSize, value: bigint): boolean {
    const answered = this.#bus.writeDevice(address, size, value);
    if (answered) this.#note('write', address, value);
    return answered;
  }

  /** What was typed for this guest arrives at its UART, or at the console that it uses. */
  receive(typed: Uint8Array): void {
    this.#peripherals.receive(typed);
  }

  /** Ticks until the guest's real-time clock rings; undefined when it will not. */
  get ticksToAlarm(): bigint | undefined {
    return this.#peripherals.rtc.ticksToAlarm;
  }

  /** It is time for the clock to look. */
  clockRings(): void {
    this.#peripherals.rtc.update();
  }

  /** Firmware's way to print: through the guest's own UART, as the real firmware uses the real one. */
  putCharacter(byte: number): void {
    this.#bus.writeDevice(BigInt(ADDRESS.uart), 1, BigInt(byte));
  }

  getCharacter(): number | undefined {
    return this.#peripherals.hasInput ? Number(this.#bus.readDevice(BigInt(ADDRESS.uart), 1)) : undefined;
  }

  #note(access: 'read' | 'write', address: bigint, value: bigint): void {
    const place = this.#log.detailed ? this.#placeAt(address) : undefined;
    if (!place) return;
    const offset = address - BigInt(place.base);
    this.#log.note({ on: 'device', device: `virtual-${place.name}`, register: `+0x${offset.toString(16)}`, access, value });
  }

  reset(): void {
    this.halted = undefined;
    this.#peripherals.reset();
    this.#clint.reset();
  }

  save(): SavedDevices {
    return { peripherals: this.#peripherals.save(), clint: this.#clint.save() };
  }

  restore({ peripherals, clint }: SavedDevices): void {
    this.halted = undefined;
    this.#peripherals.restore(peripherals);
    this.#clint.restore(clint);
  }
}

/** A device of the guest reaches what the guest has, and nothing else. */
function dmaOf(memory: GuestMemory, breakReservation: () => void): DmaMemory {
  return {
    contains: (address, length) => memory.contains(address, length),
    read: (address, size) => memory.read(guestPhysical(address), size),
    write: (address, size, value) => {
      breakReservation();
      memory.write(guestPhysical(address), size, value);
    },
    bytes: (address, length) => memory.copyOut(guestPhysical(address), length) ?? new Uint8Array(),
    copyIn: (address, bytes) => {
      breakReservation();
      memory.copyIn(guestPhysical(address), bytes);
    },
  };
}
