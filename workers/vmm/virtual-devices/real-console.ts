/** The real UART, seen by its driver in the VMM: what the guests print goes out there, what is typed comes in there. */
import { ADDRESS, UART_INTERRUPT } from '../../machine/peripherals.ts';
import type { DeviceAccess } from '../../machine/executor.ts';
import type { RealHart } from '../real-hart.ts';
import type { StepLog } from '../step-log.ts';

/** Registers of the UART (16550A). */
const DATA = BigInt(ADDRESS.uart);
const INTERRUPT_ENABLE = DATA + 1n;
const LINE_STATUS = DATA + 5n;
const DATA_READY = 1n;
const INTERRUPT_WHEN_RECEIVED = 1n;

/** Registers of the interrupt controller (PLIC), for its context of S mode. */
const priorityOf = (source: number): bigint => BigInt(ADDRESS.plic + 4 * source);
const ENABLE = BigInt(ADDRESS.plic + 0x2080);
const CLAIM = BigInt(ADDRESS.plic + 0x20_1004);

export class RealConsole {
  readonly #devices: DeviceAccess;
  readonly #real: RealHart;
  readonly #log: StepLog;

  constructor(devices: DeviceAccess, real: RealHart, log: StepLog) {
    this.#devices = devices;
    this.#real = real;
    this.#log = log;
  }

  /** Asks for an interrupt when something is typed, and when a slice of a guest's does. */
  start(slice?: number): void {
    this.#devices.writeDevice(INTERRUPT_ENABLE, 1, INTERRUPT_WHEN_RECEIVED);
    const sources = [UART_INTERRUPT, ...(slice === undefined ? [] : [slice])];
    for (const source of sources) this.#devices.writeDevice(priorityOf(source), 4, 1n);
    this.#devices.writeDevice(ENABLE, 4, sources.reduce((bits, source) => bits | (1n << BigInt(source)), 0n));
  }

  send(byte: number): void {
    this.#devices.writeDevice(DATA, 1, BigInt(byte));
    this.#log.note({ on: 'device', device: 'real-uart', register: 'THR', access: 'write', value: BigInt(byte) });
  }

  /** Serves the real interrupt: claims it, takes everything that was typed, completes it. `rang` is told of one that is another device's. */
  takeInput(rang: (source: number) => void): Uint8Array {
    const typed: number[] = [];
    // The last character taken lowers the line, and with it the real pending bit.
    this.#real.noting(['mip'], () => { this.#serve(typed, rang); });
    return Uint8Array.from(typed);
  }

  #serve(typed: number[], rang: (source: number) => void): void {
    const source = this.#devices.readDevice(CLAIM, 4) ?? 0n;
    this.#log.note({ on: 'device', device: 'real-plic', register: 'claim', access: 'read', value: source });
    if (source !== BigInt(UART_INTERRUPT)) rang(Number(source));
    while (((this.#devices.readDevice(LINE_STATUS, 1) ?? 0n) & DATA_READY) !== 0n) {
      const byte = this.#devices.readDevice(DATA, 1) ?? 0n;
      this.#log.note({ on: 'device', device: 'real-uart', register: 'RBR', access: 'read', value: byte });
      typed.push(Number(byte));
    }
    this.#devices.writeDevice(CLAIM, 4, source);
    this.#log.note({ on: 'device', device: 'real-plic', register: 'complete', access: 'write', value: source });
  }
}
