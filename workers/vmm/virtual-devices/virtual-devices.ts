/**
 * The devices that the guest sees: the same models as the real machine's, at the same addresses, but its own. Their lines end in the
 * virtual sip; what they read and write by themselves is the guest's memory. What the guest prints goes on to the real UART; what is typed
 * there for this guest arrives here.
 */
import { guestPhysical } from '../../base/address.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import type { Clock } from '../../machine/clock.ts';
import type { Clint } from '../../machine/devices/clint.ts';
import type { AccessSize, Device, InterruptLine } from '../../machine/devices/device.ts';
import type { Disk } from '../../machine/devices/virtio/block.ts';
import { SLICE_BYTES } from '../../machine/devices/sliced-dma.ts';
import type { DmaMemory } from '../../machine/devices/virtio/queue.ts';
import { ADDRESS, CLINT_BYTES, Peripherals, sliceId, type Equipment, type Place } from '../../machine/peripherals.ts';
import type { DeviceUse, Strategy } from '../../trace/devices.ts';
import type { HaltReason } from '../../trace/events.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { GrantedSlice } from '../pass-through/granted-slice.ts';
import type { StepLog } from '../step-log.ts';
import type { VirtualCsrs } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface SavedDevices {
  readonly peripherals: ReturnType<Peripherals['save']>;
  readonly clint: ReturnType<Clint['save']>;
  /** By place. */
  readonly exits: readonly number[];
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
  readonly slice: GrantedSlice | undefined;
  readonly log: StepLog;
  /** To be called when a device writes to the guest's memory. */
  readonly breakReservation: () => void;
  /** Entries into the VMM so far: several accesses in one count once. */
  readonly exits: () => number;
}

/** With the exits in which the guest used it. */
interface CountedPlace extends Omit<Place, 'device'> {
  readonly device: Pick<Device, 'moved' | 'read' | 'write'>;
  exits: number;
  lastExit: number;
}

const STRATEGY: Readonly<Record<string, Strategy>> = { virtio: 'virtual', slice: 'pass-through' };

const UART = BigInt(ADDRESS.uart);

export class VirtualDevices {
  readonly #peripherals: Peripherals;
  readonly #clint: Clint;
  readonly #places: readonly CountedPlace[];
  readonly #exits: () => number;
  readonly #slice: GrantedSlice | undefined;
  readonly #log: StepLog;
  /** Set once the guest has switched itself off. */
  halted: HaltReason | undefined;

  constructor({ csrs, memory, clock, print, rescheduled, raised, timers, slice, log, exits, breakReservation }: VirtualDeviceParts, equipment: Equipment) {
    this.#log = log;
    this.#slice = slice;
    this.#exits = exits;
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
    this.#places = [
      ...this.#peripherals.mappings, { name: 'clint', id: 'clint', base: ADDRESS.clint, size: CLINT_BYTES, device: timers.clint },
      ...(slice ? [{ name: 'slice', id: sliceId(0), base: Number(slice.at), size: SLICE_BYTES, device: slice, source: slice.interrupt }] : []),
    ].map((place) => ({ ...place, exits: 0, lastExit: 0 }));
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

  #placeAt(address: bigint, bytes = 1): CountedPlace | undefined {
    // Rounding of addresses far away changes nothing.
    const at = Number(address);
    return this.#places.find(({ base, size }) => at >= base && at + bytes <= base + size);
  }

  /** The device that the guest uses now: the exit is one of its. */
  #use(address: bigint, bytes: AccessSize): CountedPlace | undefined {
    const place = this.#placeAt(address, bytes);
    const exit = this.#exits();
    if (place && place.lastExit !== exit) {
      place.lastExit = exit;
      place.exits += 1;
    }
    return place;
  }

  /** What the devices have done that the guest has used. */
  get uses(): readonly DeviceUse[] {
    return this.#places.flatMap(({ id, name, device, source, exits }) => {
      const interrupts = source === undefined ? 0 : this.#peripherals.served(source);
      const bytes = device.moved ?? 0;
      return exits + bytes + interrupts === 0 ? [] : [{ device: id, strategy: STRATEGY[name] ?? 'emulated', bytes, exits, interrupts }];
    });
  }

  /** The value read; undefined where no device answers. */
  read(address: bigint, size: AccessSize): bigint | undefined {
    const place = this.#use(address, size);
    const value = place?.device.read(Number(address) - place.base, size);
    if (value !== undefined) this.#note('read', place!, address, value);
    return value;
  }

  /** False where no device answers. */
  write(address: bigint, size: AccessSize, value: bigint): boolean {
    const place = this.#use(address, size);
    if (place?.device.write(Number(address) - place.base, size, value) !== true) return false;
    this.#note('write', place, address, value);
    return true;
  }

  /** The real slice of this guest has asked for an interrupt. */
  sliceRings(): void {
    if (this.#slice) this.#peripherals.ring(this.#slice.interrupt);
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
    const place = this.#use(UART, 1)!;
    place.device.write(0, 1, BigInt(byte));
  }

  getCharacter(): number | undefined {
    if (!this.#peripherals.hasInput) return undefined;
    return Number(this.#use(UART, 1)!.device.read(0, 1));
  }

  #note(access: 'read' | 'write', place: CountedPlace, address: bigint, value: bigint): void {
    if (!this.#log.detailed) return;
    const offset = address - BigInt(place.base);
    this.#log.note({ on: 'device', device: `virtual-${place.name}`, register: `+0x${offset.toString(16)}`, access, value });
  }

  reset(): void {
    this.halted = undefined;
    this.#peripherals.reset();
    this.#clint.reset();
  }

  save(): SavedDevices {
    return { peripherals: this.#peripherals.save(), clint: this.#clint.save(), exits: this.#places.map(({ exits }) => exits) };
  }

  restore({ peripherals, clint, exits }: SavedDevices): void {
    this.halted = undefined;
    this.#peripherals.restore(peripherals);
    this.#clint.restore(clint);
    for (const [index, place] of this.#places.entries()) {
      place.exits = exits[index]!;
      place.lastExit = 0;
    }
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
