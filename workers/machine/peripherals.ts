/**
 * The devices of the board behind its interrupt controller, at the addresses of QEMU's virt board. The real machine has them, and a VMM gives its
 * guest the same models once more, so that the guest cannot tell.
 *
 *     PLIC ◄─ UART (irq 10), real-time clock (irq 11), eight virtio slots (irq 1 to 8): disk, console, entropy, network, and four empty ones
 *
 * And where it is asked for, what QEMU's board does not have: a device in four slices (irq 16 to 19) that moves data by itself, behind an IOMMU.
 */
import type { DeviceUse } from '../trace/devices.ts';
import type { HaltReason } from '../trace/events.ts';
import type { Mapping } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import type { InterruptLine } from './devices/device.ts';
import { Finisher } from './devices/finisher.ts';
import { Iommu, IOMMU_SIZE } from './devices/iommu.ts';
import { Plic } from './devices/plic.ts';
import { Rtc } from './devices/rtc.ts';
import { Slice, SLICE_BYTES, SLICES } from './devices/sliced-dma.ts';
import { Uart } from './devices/uart.ts';
import { Disk } from './devices/virtio/block.ts';
import { VirtioConsole } from './devices/virtio/console.ts';
import { Entropy } from './devices/virtio/entropy.ts';
import { NetworkCard, Switch } from './devices/virtio/network.ts';
import type { DmaMemory } from './devices/virtio/queue.ts';
import { VirtioMmio, type VirtioFunction } from './devices/virtio/transport.ts';

/** The board's addresses (QEMU virt, `hw/riscv/virt.c` memory map) and interrupt wiring. */
export const ADDRESS = { finisher: 0x10_0000, rtc: 0x10_1000, clint: 0x200_0000, plic: 0xc00_0000, uart: 0x1000_0000, virtio: 0x1000_1000, iommu: 0x301_0000, slices: 0x400_0000 } as const;
export const CLINT_BYTES = 0x1_0000;
export const UART_INTERRUPT = 10;
export const RTC_INTERRUPT = 11;
/** Of the first slice; the others follow. */
export const SLICE_INTERRUPT = 16;
/** Slots for virtio devices, 4 KiB apart, with interrupts 1 and up. */
export const VIRTIO_SLOTS = 8;
export const VIRTIO_BYTES = 0x1000;

/** What a machine is made with beside memory: given to the real one or to a VMM for its guest. */
export interface Equipment {
  /** The image of a disk, which is never changed: it is in the first virtio slot. */
  readonly disk?: Uint8Array | undefined;
  /** What the real-time clock shows at the start: seconds since 1970. */
  readonly epoch?: number | undefined;
  /** Of the source of random numbers. */
  readonly seed?: bigint | undefined;
  /** What the network card is plugged into, and its hardware address. Without, it is alone. */
  readonly network?: { readonly to: Switch; readonly address: Uint8Array } | undefined;
  /** Whether the board has the device in slices and the IOMMU: a VMM gives one slice through to its guest. */
  readonly slices?: boolean | undefined;
}

/** The start of 2026: a fixed moment, so that a run can be repeated. */
export const DEFAULT_EPOCH = 1_767_225_600;
const DEFAULT_SEED = 0x5eedn;
/** Of the range that is administered locally (IEEE 802). */
const DEFAULT_HARDWARE_ADDRESS = Uint8Array.of(0x52, 0x54, 0x00, 0x12, 0x34, 0x56);

export interface PeripheralWiring {
  readonly clock: Clock;
  readonly memory: DmaMemory;
  /** The lines of the PLIC's contexts, of M and of S. */
  readonly external: readonly InterruptLine[];
  readonly print: (byte: number) => void;
  /** The same for a buffer at once. */
  readonly printMany: (bytes: Uint8Array) => void;
  readonly halt: (reason: HaltReason) => void;
  /** The real-time clock rings at another time than before. */
  readonly rescheduled?: () => void;
}

/** A device and where it stands. `id` tells two of one kind apart. */
export interface Place extends Mapping {
  readonly name: string;
  readonly id: string;
  /** Its line to the interrupt controller. */
  readonly source?: number;
}

/** What is in the virtio slots, from the first on. */
const VIRTIO_IDS = ['virtio-block', 'virtio-console', 'virtio-entropy', 'virtio-network'] as const;

/** A guest has one slice, and calls it by the first name. */
export const sliceId = (number: number): string => (number === 0 ? 'slice' : `slice-${String(number)}`);

type ConsoleName = 'uart' | 'virtio';

interface Saved {
  readonly devices: readonly unknown[];
  readonly printedLast: ConsoleName;
}

export class Peripherals {
  readonly mappings: readonly Place[];
  readonly rtc: Rtc;
  readonly disk: Disk | undefined;
  readonly iommu: Iommu | undefined;
  readonly #plic: Plic;
  readonly #uart: Uart;
  readonly #console: VirtioConsole;
  /** In the order of restoring: devices set their lines then, but the controller has its own memory of what they asked for, and it comes last. */
  readonly #all: readonly { save(): unknown; restore(saved: unknown): void; reset(): void }[];
  /** Where typed characters go: to the console on which somebody spoke last. */
  #printedLast: ConsoleName = 'uart';

  constructor({ clock, memory, external, print, printMany, halt, rescheduled }: PeripheralWiring, { disk, epoch = DEFAULT_EPOCH, seed = DEFAULT_SEED, network, slices = false }: Equipment) {
    const plic = this.#plic = new Plic(external);
    this.#uart = new Uart(plic.source(UART_INTERRUPT), (byte) => {
      this.#printedLast = 'uart';
      print(byte);
    });
    this.rtc = new Rtc(clock, plic.source(RTC_INTERRUPT), epoch, rescheduled);
    this.#console = new VirtioConsole((bytes) => {
      this.#printedLast = 'virtio';
      printMany(bytes);
    });
    this.disk = disk && new Disk(disk);
    const functions: readonly (VirtioFunction | undefined)[] = [
      this.disk, this.#console, new Entropy(seed), new NetworkCard(network?.address ?? DEFAULT_HARDWARE_ADDRESS, network?.to ?? new Switch()),
    ];
    const iommu = this.iommu = slices ? new Iommu(memory, SLICES) : undefined;
    const sliced = iommu ? Array.from({ length: SLICES }, (_, number) => new Slice(plic.source(SLICE_INTERRUPT + number), iommu.port(number), print)) : [];
    const slots = Array.from({ length: VIRTIO_SLOTS }, (_, slot) => new VirtioMmio(plic.source(1 + slot), memory, functions[slot]));
    this.#all = [this.#uart, this.rtc, ...slots, ...(iommu ? [iommu] : []), ...sliced, plic];
    this.mappings = [
      { name: 'finisher', id: 'finisher', base: ADDRESS.finisher, size: 0x1000, device: new Finisher(halt) },
      { name: 'rtc', id: 'rtc', base: ADDRESS.rtc, size: 0x1000, device: this.rtc, source: RTC_INTERRUPT },
      { name: 'plic', id: 'plic', base: ADDRESS.plic, size: 0x60_0000, device: plic },
      { name: 'uart', id: 'uart', base: ADDRESS.uart, size: 0x100, device: this.#uart, source: UART_INTERRUPT },
      ...slots.map((device, slot) => ({ name: 'virtio', id: VIRTIO_IDS[slot] ?? `virtio-${String(slot)}`, base: ADDRESS.virtio + slot * VIRTIO_BYTES, size: VIRTIO_BYTES, device, source: 1 + slot })),
      ...(iommu ? [{ name: 'iommu', id: 'iommu', base: ADDRESS.iommu, size: IOMMU_SIZE, device: iommu }] : []),
      ...sliced.map((device, number) => ({ name: 'slice', id: sliceId(number), base: ADDRESS.slices + number * SLICE_BYTES, size: SLICE_BYTES, device, source: SLICE_INTERRUPT + number })),
    ];
  }

  /** Characters typed, now. */
  receive(bytes: Uint8Array): void {
    if (this.#printedLast === 'uart') this.#uart.receive(bytes);
    else this.#console.receive(bytes);
  }

  /** What the devices have done that are used. */
  get uses(): readonly DeviceUse[] {
    return this.mappings.flatMap(({ id, device, source }) => {
      const interrupts = source === undefined ? 0 : this.served(source);
      const bytes = device.moved ?? 0;
      return bytes + interrupts === 0 ? [] : [{ device: id, strategy: 'real', bytes, exits: 0, interrupts }];
    });
  }

  /** How often an interrupt of this source was claimed. */
  served(source: number): number {
    return this.#plic.served(source);
  }

  /** A device that is none of these has asked for an interrupt. */
  ring(source: number): void {
    this.#plic.source(source).set(true);
  }

  /** Whether a character waits to be read at the UART. */
  get hasInput(): boolean {
    return this.#uart.hasInput;
  }

  reset(): void {
    for (const device of this.#all) device.reset();
    this.#printedLast = 'uart';
  }

  save(): Saved {
    return { devices: this.#all.map((device) => device.save()), printedLast: this.#printedLast };
  }

  restore(saved: unknown): void {
    const { devices, printedLast } = saved as Saved;
    for (const [index, device] of this.#all.entries()) device.restore(devices[index]);
    this.#printedLast = printedLast;
  }
}

/** What a device tree says of the slots. */
export const VIRTIO = { base: ADDRESS.virtio, bytes: VIRTIO_BYTES, slots: VIRTIO_SLOTS } as const;
/** And of the device in slices; `count` of them, of which a guest has no IOMMU to see. */
export const slicesFor = (count: number): { readonly base: number; readonly bytes: number; readonly count: number; readonly interrupt: number } =>
  ({ base: ADDRESS.slices, bytes: SLICE_BYTES, count, interrupt: SLICE_INTERRUPT });
export const ALL_SLICES = { ...slicesFor(SLICES), iommu: ADDRESS.iommu } as const;
