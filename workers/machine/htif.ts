/**
 * The host-target interface of the RISC-V test programs: a store to the ELF's `tohost` is a command. The machine looks at fixed
 * positions of the run, so that where it stops is a property of the program, not of who runs it.
 */
import type { HaltReason } from '../trace/events.ts';
import type { PhysicalMemory } from './hart/hart.ts';

/** Steps between two looks. */
export const HTIF_INTERVAL = 4096;

const CONSOLE_PUT = 0x0101n;

/** The machine's, or what a guest believes to be it. */
type Memory = Pick<PhysicalMemory, 'contains' | 'read' | 'write'>;

export class Htif {
  readonly #memory: Memory;
  readonly #tohost: bigint;
  readonly #put: (byte: number) => void;

  constructor(memory: Memory, tohost: bigint, put: (byte: number) => void) {
    this.#memory = memory;
    this.#tohost = tohost;
    this.#put = put;
  }

  /** Does what was asked since the last look. An odd number ends the run: 1 passes, others hold the exit code. */
  poll(): HaltReason | undefined {
    if (!this.#memory.contains(this.#tohost, 8)) return undefined;
    const command = this.#memory.read(this.#tohost, 8);
    if (command === 0n) return undefined;
    if (command >> 48n === CONSOLE_PUT) {
      this.#put(Number(command & 0xffn));
      this.#memory.write(this.#tohost, 8, 0n);
      return undefined;
    }
    if ((command & 1n) === 1n && command < 1n << 48n) return { by: 'htif', exitCode: Number((command >> 1n) & 0xffn) };
    return { by: 'stuck', exitCode: 2, message: `The program asked the host for something that this machine does not offer (tohost = 0x${command.toString(16)}): only the console and the exit code are there.` };
  }
}
