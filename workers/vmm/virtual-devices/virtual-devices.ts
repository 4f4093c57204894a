/**
 * The devices that the guest sees: the same models as the real machine's, at the same addresses, but its own. Their lines end in the
 * virtual sip. What the guest prints goes on to the real UART; what is typed there arrives here. There is no virtual CLINT: the guest has
 * its timer from the SBI.
 */
import { INTERRUPT } from '../../isa/causes.ts';
import { Bus } from '../../machine/bus/bus.ts';
import type { AccessSize, InterruptLine } from '../../machine/devices/device.ts';
import { Finisher } from '../../machine/devices/finisher.ts';
import { Plic } from '../../machine/devices/plic.ts';
import { Uart } from '../../machine/devices/uart.ts';
import { ADDRESS, UART_INTERRUPT } from '../../machine/machine.ts';
import type { HaltReason } from '../../trace/events.ts';
import type { StepLog } from '../step-log.ts';
import type { VirtualCsrs } from '../virtual-hart/virtual-csrs.ts';
import type { RealConsole } from './real-console.ts';

interface Saved {
  readonly uart: unknown;
  readonly plic: unknown;
}

/** By name, with what stands where in the guest's physical address space. */
const PLACES = [
  { name: 'virtual-finisher', base: ADDRESS.finisher, size: 0x1000 },
  { name: 'virtual-plic', base: ADDRESS.plic, size: 0x60_0000 },
  { name: 'virtual-uart', base: ADDRESS.uart, size: 0x100 },
] as const;

/** The guest's hart has no machine mode: nobody listens on the PLIC's line for it. */
const UNCONNECTED: InterruptLine = { set: () => undefined };

export class VirtualDevices {
  readonly #console: RealConsole;
  readonly #uart: Uart;
  readonly #plic: Plic;
  readonly #bus: Bus;
  readonly #log: StepLog;
  /** Set once the guest has switched itself off. */
  halted: HaltReason | undefined;

  constructor(csrs: VirtualCsrs, console: RealConsole, log: StepLog) {
    this.#console = console;
    this.#log = log;
    this.#plic = new Plic([UNCONNECTED, { set: (high) => { csrs.setPending(INTERRUPT.sei, high); } }]);
    this.#uart = new Uart(this.#plic.source(UART_INTERRUPT), (byte) => { console.send(byte); });
    const finisher = new Finisher((reason) => { this.halted = reason; });
    const models = { 'virtual-finisher': finisher, 'virtual-plic': this.#plic, 'virtual-uart': this.#uart };
    this.#bus = new Bus(PLACES.map(({ name, base, size }) => ({ base, size, device: models[name] })));
  }

  /** The device at a guest-physical address. */
  nameAt(address: bigint): string | undefined {
    return PLACES.find(({ base, size }) => address >= BigInt(base) && address < BigInt(base + size))?.name;
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

  /** What was typed at the real UART arrives at the virtual one. */
  takeInput(): void {
    this.#uart.receive(this.#console.takeInput());
  }

  /** Firmware's way to print: through the guest's own UART, as the real firmware uses the real one. */
  putCharacter(byte: number): void {
    this.#bus.writeDevice(BigInt(ADDRESS.uart), 1, BigInt(byte));
  }

  getCharacter(): number | undefined {
    return this.#uart.hasInput ? Number(this.#bus.readDevice(BigInt(ADDRESS.uart), 1)) : undefined;
  }

  #note(access: 'read' | 'write', address: bigint, value: bigint): void {
    const place = PLACES.find(({ name }) => name === this.nameAt(address));
    if (!place) return;
    const offset = address - BigInt(place.base);
    this.#log.note({ on: 'device', device: place.name, register: `+0x${offset.toString(16)}`, access, value });
  }

  reset(): void {
    this.halted = undefined;
    this.#plic.reset();
    this.#uart.reset();
  }

  save(): Saved {
    return { uart: this.#uart.save(), plic: this.#plic.save() };
  }

  restore(saved: Saved): void {
    this.halted = undefined;
    this.#plic.restore(saved.plic);
    this.#uart.restore(saved.uart);
  }
}
