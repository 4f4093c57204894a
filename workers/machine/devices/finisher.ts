/** The test finisher of SiFive boards and QEMU's virt: a store switches the machine off with an exit code. */
import type { HaltReason } from '../../trace/events.ts';
import type { AccessSize, Device } from './device.ts';

const FAIL = 0x3333;
const PASS = 0x5555;
const RESET = 0x7777;
const SIZE = 0x1000;

export class Finisher implements Device {
  readonly name = 'sifive,test1';
  readonly #halt: (reason: HaltReason) => void;

  constructor(halt: (reason: HaltReason) => void) {
    this.#halt = halt;
  }

  read(offset: number): bigint | undefined {
    return offset < SIZE ? 0n : undefined;
  }

  write(offset: number, size: AccessSize, value: bigint): boolean {
    if (offset !== 0 || size < 2) return offset < SIZE;
    const command = Number(value & 0xffffn);
    if (command === PASS || command === RESET) this.#halt({ by: 'finisher', exitCode: 0 });
    else if (command === FAIL) this.#halt({ by: 'finisher', exitCode: Number((value >> 16n) & 0xffffn) || 1 });
    return true;
  }

  save(): unknown { return undefined; }
  restore(): void { /* it remembers nothing */ }
  reset(): void { /* it remembers nothing */ }
}
