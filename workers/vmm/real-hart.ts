/** The real hart in the VMM's hands: every read and write of a real register is told to the step log. */
import type { Mode } from '../trace/events.ts';
import type { Hart } from '../machine/hart/hart.ts';
import type { StepLog } from './step-log.ts';

export class RealHart {
  readonly #hart: Hart;
  readonly #log: StepLog;

  constructor(hart: Hart, log: StepLog) {
    this.#hart = hart;
    this.#log = log;
  }

  get mode(): Mode {
    return this.#hart.mode;
  }

  get pc(): bigint {
    return this.#hart.pc;
  }

  get satp(): bigint {
    return this.#hart.readCsr('satp');
  }

  get instret(): bigint {
    return this.#hart.instret;
  }

  readCsr(name: string): bigint {
    const value = this.#hart.readCsr(name);
    this.#log.note({ on: 'real-csr', name, access: 'read', before: value, after: value });
    return value;
  }

  writeCsr(name: string, value: bigint): void {
    if (!this.#log.detailed) {
      this.#hart.writeCsr(name, value);
      return;
    }
    const before = this.#hart.readCsr(name);
    this.#hart.writeCsr(name, value);
    this.#log.note({ on: 'real-csr', name, access: 'write', before, after: this.#hart.readCsr(name) });
  }

  x(register: number): bigint {
    return this.#hart.x(register);
  }

  setX(register: number, value: bigint): void {
    if (register === 0) return;
    const before = this.#hart.x(register);
    this.#hart.setX(register, value);
    this.#log.note({ on: 'register', register, before, after: value });
  }

  /** Does something that changes real registers by way of others (firmware, a device's line), and tells the changes. */
  noting(names: readonly string[], work: () => void): void {
    if (!this.#log.detailed) {
      work();
      return;
    }
    const before = names.map((name) => this.#hart.readCsr(name));
    work();
    for (const [index, name] of names.entries()) {
      const after = this.#hart.readCsr(name);
      if (after !== before[index]) this.#log.note({ on: 'real-csr', name, access: 'write', before: before[index]!, after });
    }
  }

  /** The real `sfence.vma`: for one address of one address space, for one space, or for all. */
  fenceVma(va?: bigint, asid?: bigint): void {
    this.#hart.fenceVma(va, asid);
  }

  /** The real `sret`: the hardware leaves the VMM. */
  sret(): void {
    if (!this.#log.detailed) {
      this.#hart.sret();
      return;
    }
    const before = { status: this.#hart.readCsr('sstatus'), mode: this.#hart.mode, pc: this.#hart.pc };
    this.#hart.sret();
    this.#log.note({ on: 'real-csr', name: 'sstatus', access: 'write', before: before.status, after: this.#hart.readCsr('sstatus') });
    this.#log.note({ on: 'real-mode', before: before.mode, after: this.#hart.mode });
    this.#log.note({ on: 'pc', before: before.pc, after: this.#hart.pc });
  }
}
