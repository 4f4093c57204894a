/**
 * The devices of the board behind its interrupt controller, at the addresses of QEMU's virt board. The real machine has them, and a VMM gives its
 * guest the same models once more, so that the guest cannot tell.
 *
 *     PLIC ◄─ UART (irq 10), real-time clock (irq 11), eight virtio slots (irq 1 to 8): disk, console, entropy, network, and four empty ones
 */
import type { HaltReason } from '../trace/events.ts';
import type { Mapping } from './bus/bus.ts';
import type { Clock } from './clock.ts';
import type { InterruptLine } from './devices/device.ts';
import { Finisher } from './devices/finisher.ts';
import { Plic } from './devices/plic.ts';
import { Rtc } from './devices/rtc.ts';
import { Uart } from './devices/uart.ts';
import { Disk } from './devices/virtio/block.ts';
import { VirtioConsole } from './devices/virtio/console.ts';
import { Entropy } from './devices/virtio/entropy.ts';
import { NetworkCard, Switch } from './devices/virtio/network.ts';
import type { DmaMemory } from './devices/virtio/queue.ts';
import { VirtioMmio, type VirtioFunction } from './devices/virtio/transport.ts';

/** The board's addresses (QEMU virt, `hw/riscv/virt.c` memory map) and interrupt wiring. */
export const ADDRESS = { finisher: 0x10_0000, rtc: 0x10_1000, clint: 0x200_0000, plic: 0xc00_0000, uart: 0x1000_0000, virtio: 0x1000_1000 } as const;
export const CLINT_BYTES = 0x1_0000;
export const UART_INTERRUPT = 10;
export const RTC_INTERRUPT = 11;
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

type ConsoleName = 'uart' | 'virtio';

interface Saved {
  readonly devices: readonly unknown[];
  readonly printedLast: ConsoleName;
}

export class Peripherals {
  readonly mappings: readonly (Mapping & { readonly name: string })[];
  readonly rtc: Rtc;
  readonly disk: Disk | undefined;
  readonly #uart: Uart;
  readonly #console: VirtioConsole;
  /** In the order of restoring: devices set their lines then, and the controller's own state comes before. */
  readonly #all: readonly { save(): unknown; restore(saved: unknown): void; reset(): void }[];
  /** Where typed characters go: to the console on which somebody spoke last. */
  #printedLast: ConsoleName = 'uart';

  constructor({ clock, memory, external, print, printMany, halt, rescheduled }: PeripheralWiring, { disk, epoch = DEFAULT_EPOCH, seed = DEFAULT_SEED, network }: Equipment) {
    const plic = new Plic(external);
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
    const slots = Array.from({ length: VIRTIO_SLOTS }, (_, slot) => new VirtioMmio(plic.source(1 + slot), memory, functions[slot]));
    this.#all = [plic, this.#uart, this.rtc, ...slots];
    this.mappings = [
      { name: 'finisher', base: ADDRESS.finisher, size: 0x1000, device: new Finisher(halt) },
      { name: 'rtc', base: ADDRESS.rtc, size: 0x1000, device: this.rtc },
      { name: 'plic', base: ADDRESS.plic, size: 0x60_0000, device: plic },
      { name: 'uart', base: ADDRESS.uart, size: 0x100, device: this.#uart },
      ...slots.map((device, slot) => ({ name: 'virtio', base: ADDRESS.virtio + slot * VIRTIO_BYTES, size: VIRTIO_BYTES, device })),
    ];
  }

  /** Characters typed, now. */
  receive(bytes: Uint8Array): void {
    if (this.#printedLast === 'uart') this.#uart.receive(bytes);
    else this.#console.receive(bytes);
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
