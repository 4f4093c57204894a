/** The hart as TypeScript on the machine reaches it: slots in linear memory, and the same procedures that the engine runs. */
import { assert } from '../../base/assert.ts';
import { u64 } from '../../base/bits.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import { csrByName, type CsrRow } from '../../isa/csrs.ts';
import type { Mode } from '../../trace/events.ts';
import type { Executor } from '../executor.ts';
import type { Hart } from './hart.ts';
import { slot, xOffset } from './state.ts';

/** The manual's encoding of each mode; with V = 1, 4 more (as in the trap log). */
export const MODE_NUMBER: Readonly<Record<Mode, number>> = { U: 0, S: 1, M: 3, VU: 4, VS: 5 };
const MODE_NAME: readonly (Mode | undefined)[] = ['U', 'S', undefined, 'M', 'VU', 'VS'];

/** The firmware's doing; the others come from devices. */
const SET_BY_SOFTWARE: ReadonlySet<number> = new Set([INTERRUPT.ssi, INTERRUPT.sti]);

export class HartView implements Hart {
  readonly #memory: DataView;
  readonly #executor: Executor;

  /** `memory` is the engine's linear memory. */
  constructor(memory: DataView, executor: Executor) {
    this.#memory = memory;
    this.#executor = executor;
  }

  x(register: number): bigint {
    return this.#memory.getBigUint64(xOffset(register), true);
  }

  setX(register: number, value: bigint): void {
    if (register !== 0) this.#memory.setBigUint64(xOffset(register), u64(value), true);
  }

  get pc(): bigint { return this.state('pc'); }
  set pc(value: bigint) { this.setState('pc', value); }

  get mode(): Mode {
    const mode = MODE_NAME[Number(this.state('mode') | (this.state('virt') << 2n))];
    assert(mode, 'the hart is in mode 2, which does not exist');
    return mode;
  }
  set mode(value: Mode) {
    this.setState('mode', BigInt(MODE_NUMBER[value] & 3));
    this.setState('virt', BigInt(MODE_NUMBER[value] >> 2));
  }

  get instret(): bigint { return this.state('instret'); }

  readCsr(name: string): bigint {
    const row = rowOf(name);
    // Most registers are read as they are stored; this saves the call.
    if (row.storage.kind === 'slot') return this.state(row.storage.slot);
    return this.#call('csrRead', BigInt(row.number)) as bigint;
  }

  writeCsr(name: string, value: bigint): void {
    // A write that moves a timer asks the engine to come back. It is not running: it will find the timer where it is now.
    const asked = this.state('stopRequest');
    this.#call('csrWrite', BigInt(rowOf(name).number), u64(value));
    this.setState('stopRequest', asked);
  }

  setInterruptPending(interrupt: number, pending: boolean): void {
    const bit = 1n << BigInt(interrupt);
    const source = SET_BY_SOFTWARE.has(interrupt) ? 'softwareInterrupts' : 'interruptLines';
    const before = this.state(source);
    const after = pending ? before | bit : before & ~bit;
    if (after === before) return;
    this.setState(source, after);
    this.updatePending();
  }

  updatePending(): void {
    this.#call('updatePending');
  }

  sret(): void {
    this.pc = this.#call('supervisorReturn', 0n) as bigint;
  }

  mret(): void {
    this.pc = this.#call('machineReturn', 0n) as bigint;
  }

  fenceVma(va?: bigint, asid?: bigint): void {
    // Only whether the register is x0 counts, so any other number stands for one that holds the value.
    const operand = (value: bigint | undefined): [bigint, bigint] => (value === undefined ? [0n, 0n] : [1n, u64(value)]);
    this.#call('fenceVma', ...operand(va), ...operand(asid), 0n);
  }

  enterTrap(to: Mode, cause: bigint, epc: bigint, tval: bigint): void {
    this.#call('enterTrap', MODE_NUMBER[to], u64(cause), u64(epc), u64(tval));
  }

  state(name: string): bigint {
    const { type, offset } = slot(name);
    return type === 'i64' ? this.#memory.getBigUint64(offset, true) : BigInt(this.#memory.getUint32(offset, true));
  }

  setState(name: string, value: bigint): void {
    const { type, offset } = slot(name);
    if (type === 'i64') this.#memory.setBigUint64(offset, u64(value), true);
    else this.#memory.setUint32(offset, Number(BigInt.asUintN(32, value)), true);
  }

  /** Software of ours that runs in M or S never does what faults there: a fault is our own mistake. */
  #call(procedure: string, ...args: (bigint | number)[]): bigint | number | undefined {
    const result = this.#executor.call(procedure, ...args);
    assert(this.state('faultCause') === 0n, `${procedure} faulted in ${this.mode} mode`);
    return result;
  }
}

function rowOf(name: string): CsrRow {
  const row = csrByName(name);
  assert(row, `no CSR ${name}`);
  return row;
}
