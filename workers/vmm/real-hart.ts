/**
 * The real hart in the VMM's hands: every read and write of a real register is told to the step log. What is needed at every exit does not
 * go by names: it reads and writes the hart's state where it stands.
 */
import type { Mode } from '../trace/events.ts';
import type { Hart } from '../machine/hart/hart.ts';
import { slot } from '../machine/hart/state.ts';
import type { StepLog } from './step-log.ts';
import { WORLD_F, WORLD_FCSR, WORLD_PC, WORLD_RESERVATION, type World } from './world.ts';

/** Places in words of 8 bytes; twice as much is the place of the low half in words of 4. */
const SCAUSE = slot('scause').offset / 8;
const SEPC = slot('sepc').offset / 8;
const STVAL = slot('stval').offset / 8;
const SATP = slot('satp').offset / 8;
/** sstatus is a view of it. */
const MSTATUS = slot('mstatus').offset / 8;
const FS = 3 << 13;
const F = slot('f0').offset / 8;
const FCSR = slot('fcsr').offset / 8;
const RESERVATION = slot('reservation').offset / 8;
/** In place of an address. */
export const NOTHING_RESERVED = (1n << 64n) - 1n;

export class RealHart {
  readonly #hart: Hart;
  readonly #wide: BigUint64Array;
  readonly #words: Uint32Array;
  readonly #log: StepLog;

  constructor(hart: Hart, log: StepLog) {
    this.#hart = hart;
    this.#wide = hart.wide;
    this.#words = hart.words;
    this.#log = log;
  }

  get mode(): Mode {
    return this.#hart.mode;
  }

  get pc(): bigint {
    return this.#hart.pc;
  }

  get satp(): bigint {
    return this.#wide[SATP]!;
  }

  get instret(): bigint {
    return this.#hart.instret;
  }

  /** The code in scause, without the bit that says interrupt. */
  get causeCode(): number {
    this.#noteRead('scause', SCAUSE);
    return this.#words[2 * SCAUSE]!;
  }

  get causeIsInterrupt(): boolean {
    return this.#words[2 * SCAUSE + 1] !== 0;
  }

  get sepc(): bigint {
    this.#noteRead('sepc', SEPC);
    return this.#wide[SEPC]!;
  }

  /** Bit 0 of sepc is always 0. */
  set sepc(value: bigint) {
    const before = this.#log.detailed ? this.#wide[SEPC]! : 0n;
    this.#wide[SEPC] = value;
    this.#words[2 * SEPC] = this.#words[2 * SEPC]! & ~1;
    if (this.#log.detailed) this.#log.note({ on: 'real-csr', name: 'sepc', access: 'write', before, after: this.#wide[SEPC] });
  }

  get stval(): bigint {
    this.#noteRead('stval', STVAL);
    return this.#wide[STVAL]!;
  }

  /** The low half of stval: all of it when it holds an instruction. */
  get stvalWord(): number {
    this.#noteRead('stval', STVAL);
    return this.#words[2 * STVAL]!;
  }

  #noteRead(name: string, place: number): void {
    if (!this.#log.detailed) return;
    const value = place === MSTATUS ? this.#hart.readCsr(name) : this.#wide[place]!;
    this.#log.note({ on: 'real-csr', name, access: 'read', before: value, after: value });
  }

  /** Moves sepc on behind an instruction. */
  advance(length: 2 | 4): void {
    if (this.#log.detailed) {
      this.sepc = BigInt.asUintN(64, this.sepc + BigInt(length));
      return;
    }
    const words = this.#words;
    const low = words[2 * SEPC]! + length;
    words[2 * SEPC] = low;
    if (low > 0xffff_ffff) words[2 * SEPC + 1] = words[2 * SEPC + 1]! + 1;
  }

  /** Copies the three trap registers: scause, sepc, stval, in halves. */
  copyTrap(to: Uint32Array): void {
    const words = this.#words;
    to[0] = words[2 * SCAUSE]!;
    to[1] = words[2 * SCAUSE + 1]!;
    to[2] = words[2 * SEPC]!;
    to[3] = words[2 * SEPC + 1]!;
    to[4] = words[2 * STVAL]!;
    to[5] = words[2 * STVAL + 1]!;
  }

  readCsr(name: string): bigint {
    const value = this.#hart.readCsr(name);
    if (this.#log.detailed) this.#log.note({ on: 'real-csr', name, access: 'read', before: value, after: value });
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
    return this.#wide[register]!;
  }

  setX(register: number, value: bigint): void {
    if (register === 0) return;
    if (this.#log.detailed) this.#log.note({ on: 'register', register, before: this.#wide[register]!, after: value });
    this.#wide[register] = value;
  }

  /** The halves of an x register. */
  xLow(register: number): number {
    return this.#words[2 * register]! | 0;
  }

  xHigh(register: number): number {
    return this.#words[2 * register + 1]! | 0;
  }

  setXWords(register: number, low: number, high: number): void {
    if (register === 0) return;
    const before = this.#log.detailed ? this.#wide[register]! : 0n;
    this.#words[2 * register] = low;
    this.#words[2 * register + 1] = high;
    if (this.#log.detailed) this.#log.note({ on: 'register', register, before, after: this.#wide[register]! });
  }

  /** The halves of sepc. */
  get sepcLow(): number {
    this.#noteRead('sepc', SEPC);
    return this.#words[2 * SEPC]! | 0;
  }

  get sepcHigh(): number {
    return this.#words[2 * SEPC + 1]! | 0;
  }

  setSepcWords(low: number, high: number): void {
    const before = this.#log.detailed ? this.#wide[SEPC]! : 0n;
    this.#words[2 * SEPC] = low & ~1;
    this.#words[2 * SEPC + 1] = high;
    if (this.#log.detailed) this.#log.note({ on: 'real-csr', name: 'sepc', access: 'write', before, after: this.#wide[SEPC]! });
  }

  /** FS of sstatus. */
  get floatState(): number {
    this.#noteRead('sstatus', MSTATUS);
    return this.#words[2 * MSTATUS]! & FS;
  }

  f(register: number): bigint {
    return this.#wide[F + register]!;
  }

  setF(register: number, value: bigint): void {
    this.#wide[F + register] = value;
  }

  /** The real address that lr has reserved. */
  get reservation(): bigint {
    return this.#wide[RESERVATION]!;
  }

  set reservation(address: bigint) {
    this.#wide[RESERVATION] = address;
  }

  /** The registers that are the guest's, as it leaves them. */
  leaveWorld(world: World): void {
    const wide = this.#wide;
    world.set(wide.subarray(0, WORLD_F));
    world.set(wide.subarray(F, F + 32), WORLD_F);
    world[WORLD_PC] = wide[SEPC]!;
    world[WORLD_FCSR] = wide[FCSR]!;
    world[WORLD_RESERVATION] = wide[RESERVATION]!;
  }

  /** Another guest's registers, as it left them. */
  enterWorld(world: World): void {
    for (let register = 1; register < 32; register += 1) if (world[register] !== this.#wide[register]) this.setX(register, world[register]!);
    const wide = this.#wide;
    wide.set(world.subarray(WORLD_F, WORLD_F + 32), F);
    wide[FCSR] = world[WORLD_FCSR]!;
    wide[RESERVATION] = world[WORLD_RESERVATION]!;
    this.sepc = world[WORLD_PC]!;
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
