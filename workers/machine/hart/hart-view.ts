/** The hart as TypeScript on the machine reaches it: slots in linear memory, and the same procedures that the engine runs. */
import { assert } from '../../base/assert.ts';
import { u64 } from '../../base/bits.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import { CSRS } from '../../isa/csrs.ts';
import type { Mode } from '../../trace/events.ts';
import type { Callable, Executor } from '../executor.ts';
import type { Hart } from './hart.ts';
import { slot, SLOTS } from './state.ts';

/** The manual's encoding of each mode; with V = 1, 4 more (as in the trap log). */
export const MODE_NUMBER: Readonly<Record<Mode, number>> = { U: 0, S: 1, M: 3, VU: 4, VS: 5 };
const MODE_NAME: readonly (Mode | undefined)[] = ['U', 'S', undefined, 'M', 'VU', 'VS'];

/** The firmware's doing; the others come from devices. */
const isSetBySoftware = (interrupt: number): boolean => interrupt === INTERRUPT.ssi || interrupt === INTERRUPT.sti;

/** A word of the hart's state: its place among words of 8 bytes, or, where it is half as long, of 4. */
interface Place {
  readonly wide: boolean;
  readonly index: number;
}

const placeOf = (name: string): Place => {
  const { type, offset } = slot(name);
  return { wide: type === 'i64', index: type === 'i64' ? offset / 8 : offset / 4 };
};
/** Found once: software below the kernel reaches for them at every trap. */
const PLACES: ReadonlyMap<string, Place> = new Map([...SLOTS.keys()].map((name) => [name, placeOf(name)]));
const PC = placeOf('pc').index;
const INSTRET = placeOf('instret').index;
const MODE = placeOf('mode').index;
const VIRT = placeOf('virt').index;
const STOP_REQUEST = placeOf('stopRequest').index;
/** In words of 4 bytes, the low half: no interrupt has a number above 31. */
const SOFTWARE_INTERRUPTS = 2 * placeOf('softwareInterrupts').index;
const INTERRUPT_LINES = 2 * placeOf('interruptLines').index;
/** In words of 4 bytes: cause + 1, so that the low one says it all. */
const FAULT_CAUSE = 2 * placeOf('faultCause').index;

/** A register by its name: its number, and the place of those that are read as they are stored. */
const REGISTERS: ReadonlyMap<string, { readonly number: bigint; readonly place: Place | undefined }> = new Map(CSRS.map(({ name, number, storage }) =>
  [name, { number: BigInt(number), place: storage.kind === 'slot' ? placeOf(storage.slot) : undefined }]));

function registerOf(name: string): { readonly number: bigint; readonly place: Place | undefined } {
  const row = REGISTERS.get(name);
  if (!row) assert(false, `no CSR ${name}`);
  return row;
}

export class HartView implements Hart {
  /** Linear memory in words. Like WebAssembly's, they are little-endian, as every host that runs it is. */
  readonly wide: BigUint64Array;
  readonly words: Uint32Array;
  readonly #executor: Executor;
  #timerMoved = false;
  readonly #returnToPc: Callable;
  readonly #csrWrite: Callable;
  readonly #updatePending: Callable;
  readonly #fenceVma: Callable;

  /** `memory` is the engine's linear memory. */
  constructor(memory: DataView, executor: Executor) {
    this.wide = new BigUint64Array(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
    this.#executor = executor;
    this.#returnToPc = executor.procedure('supervisorReturnToPc');
    this.#csrWrite = executor.procedure('csrWrite');
    this.#updatePending = executor.procedure('updatePending');
    this.#fenceVma = executor.procedure('fenceVma');
  }

  x(register: number): bigint {
    return this.wide[register]!;
  }

  setX(register: number, value: bigint): void {
    if (register !== 0) this.wide[register] = value;
  }

  get pc(): bigint { return this.wide[PC]!; }
  set pc(value: bigint) { this.wide[PC] = value; }

  get mode(): Mode {
    const mode = MODE_NAME[this.words[MODE]! | (this.words[VIRT]! << 2)];
    assert(mode, 'the hart is in mode 2, which does not exist');
    return mode;
  }
  set mode(value: Mode) {
    this.words[MODE] = MODE_NUMBER[value] & 3;
    this.words[VIRT] = MODE_NUMBER[value] >> 2;
  }

  get instret(): bigint { return this.wide[INSTRET]!; }

  readCsr(name: string): bigint {
    const { number, place } = registerOf(name);
    // Most registers are read as they are stored; this saves the call.
    if (place) return this.wide[place.index]!;
    return this.#call('csrRead', number) as bigint;
  }

  writeCsr(name: string, value: bigint): void {
    // A write that moves a timer asks the engine to come back. It is not running: whoever starts it asks `takeTimerMoved`.
    const asked = this.words[STOP_REQUEST]!;
    this.words[STOP_REQUEST] = 0;
    this.#csrWrite(registerOf(name).number, u64(value));
    if (this.words[STOP_REQUEST] !== 0) this.#timerMoved = true;
    this.words[STOP_REQUEST] = asked;
  }

  /** Whether a timer was moved by `writeCsr` since this was last asked. */
  takeTimerMoved(): boolean {
    const moved = this.#timerMoved;
    this.#timerMoved = false;
    return moved;
  }

  setInterruptPending(interrupt: number, pending: boolean): void {
    const bit = 1 << interrupt;
    const source = isSetBySoftware(interrupt) ? SOFTWARE_INTERRUPTS : INTERRUPT_LINES;
    const before = this.words[source]!;
    const after = pending ? before | bit : before & ~bit;
    if (after === before) return;
    this.words[source] = after;
    this.updatePending();
  }

  updatePending(): void {
    this.#updatePending();
  }

  sret(): void {
    this.#returnToPc();
    this.#expectNoFault('sret');
  }

  mret(): void {
    this.pc = this.#call('machineReturn', 0n) as bigint;
  }

  fenceVma(va?: bigint, asid?: bigint): void {
    // Only whether the register is x0 counts, so any other number stands for one that holds the value.
    this.#fenceVma(va === undefined ? 0n : 1n, va ?? 0n, asid === undefined ? 0n : 1n, asid ?? 0n, 0n);
    this.#expectNoFault('sfence.vma');
  }

  fenceGuests(): void {
    this.#executor.call('tlbDropAll');
  }

  enterTrap(to: Mode, cause: bigint, epc: bigint, tval: bigint): void {
    this.#call('enterTrap', MODE_NUMBER[to], u64(cause), u64(epc), u64(tval));
  }

  state(name: string): bigint {
    const { wide, index } = PLACES.get(name) ?? placeOf(name);
    return wide ? this.wide[index]! : BigInt(this.words[index]!);
  }

  setState(name: string, value: bigint): void {
    const { wide, index } = PLACES.get(name) ?? placeOf(name);
    if (wide) this.wide[index] = value;
    else this.words[index] = Number(BigInt.asUintN(32, value));
  }

  #call(procedure: string, ...args: (bigint | number)[]): bigint | number | undefined {
    const result = this.#executor.call(procedure, ...args);
    this.#expectNoFault(procedure);
    return result;
  }

  /** Software of ours that runs in M or S never does what faults there: a fault is our own mistake. */
  #expectNoFault(procedure: string): void {
    if (this.words[FAULT_CAUSE] !== 0) assert(false, `${procedure} faulted in ${this.mode} mode`);
  }
}
