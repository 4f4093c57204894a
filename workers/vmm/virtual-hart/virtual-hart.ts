/**
 * The virtual hart: the processor that the guest believes to run on. Its x registers are those of the real hart; its pc is the real sepc
 * while the VMM runs. Its mode and its CSRs exist only here.
 */
import { INTERRUPT } from '../../isa/causes.ts';
import { NO_BUGS, type Bugs } from '../bugs.ts';
import { NOTHING_RESERVED, type RealHart } from '../real-hart.ts';
import type { StepLog } from '../step-log.ts';
import { SSTATUS, STATUS_LOW, VirtualCsrs, type SavedCsrs } from './virtual-csrs.ts';

/** The order of the manual, and that of a well-known mistake. */
const PRIORITY = [INTERRUPT.sei, INTERRUPT.ssi, INTERRUPT.sti] as const;
const TIMER_FIRST = [INTERRUPT.sei, INTERRUPT.sti, INTERRUPT.ssi] as const;

/** Those that go to M come first (3.1.9). */
const MACHINE_PRIORITY = [INTERRUPT.mei, INTERRUPT.msi, INTERRUPT.mti, ...PRIORITY] as const;
/** By the number in MPP; 2 is none. */
export const MODE_OF_MPP = ['U', 'S', undefined, 'M'] as const;

/** U is the guest's user, S its kernel, M its firmware, if it brings one. The real hart is in U for all of them: the real mode says nothing about the guest's. */
export type VirtualMode = 'U' | 'S' | 'M';

export interface SavedVirtualHart {
  readonly mode: VirtualMode;
  readonly emulated: bigint;
  /** Of the instructions that the real hart retired, how many were another guest's; while this one is not on it, how many were its own. */
  readonly elsewhere: bigint;
  readonly own: bigint | undefined;
  /** What M has set the counters ahead of the instructions retired. */
  readonly ahead: { readonly cycle: bigint; readonly instret: bigint };
  readonly csrs: SavedCsrs;
}

export class VirtualHart {
  /** Mistakes that were turned on (bugs.ts): none, as a rule. */
  readonly bugs: Bugs;
  readonly csrs: VirtualCsrs;
  readonly #real: RealHart;
  readonly #log: StepLog;
  #mode: VirtualMode = 'S';
  #emulated = 0;
  /** What the real hart has retired while this guest was not on it; while it is not, what it has retired itself. */
  #elsewhere = 0n;
  #own: bigint | undefined;
  #ahead = { cycle: 0n, instret: 0n };

  constructor(real: RealHart, log: StepLog, bugs: Bugs = NO_BUGS) {
    this.bugs = bugs;
    this.#real = real;
    this.#log = log;
    this.csrs = new VirtualCsrs(log);
  }

  get mode(): VirtualMode {
    if (this.bugs['mode-from-spp']) return (this.csrs.statusLow & STATUS_LOW.SPP) !== 0 ? 'S' : 'U';
    return this.#mode;
  }

  set mode(after: VirtualMode) {
    if (this.#log.detailed) this.#log.note({ on: 'virtual-mode', before: this.#mode, after });
    this.#mode = after;
  }

  /** The mode whose rights an access has: with MPRV set, M loads and stores as the mode in MPP would (3.1.6.3). */
  modeFor(access: 'fetch' | 'load' | 'store'): VirtualMode {
    return access === 'fetch' || !this.modifiesPrivilege ? this.mode : MODE_OF_MPP[(this.csrs.statusLow & STATUS_LOW.MPP) >> 11] ?? 'U';
  }

  /** Whether the guest is in M and loads and stores as another mode. */
  get modifiesPrivilege(): boolean {
    const status = this.csrs.statusLow;
    return this.#mode === 'M' && (status & STATUS_LOW.MPRV) !== 0 && (status & STATUS_LOW.MPP) !== STATUS_LOW.MPP;
  }

  /** Where the guest goes on. The VMM's own `sret` will jump there, so the real sepc holds it. */
  get pc(): bigint {
    return this.#real.sepc;
  }

  set pc(value: bigint) {
    this.#real.sepc = value;
  }

  /** Behind an instruction of this length. */
  advance(length: 2 | 4): void {
    this.#real.advance(length);
  }

  x(register: number): bigint {
    return this.#real.x(register);
  }

  setX(register: number, value: bigint): void {
    this.#real.setX(register, value);
  }

  /** The same in halves: what happens at most exits costs no bigint. */
  xLow(register: number): number {
    return this.#real.xLow(register);
  }

  xHigh(register: number): number {
    return this.#real.xHigh(register);
  }

  setXWords(register: number, low: number, high: number): void {
    this.#real.setXWords(register, low, high);
  }

  get pcLow(): number {
    return this.#real.sepcLow;
  }

  get pcHigh(): number {
    return this.#real.sepcHigh;
  }

  setPcWords(low: number, high: number): void {
    this.#real.setSepcWords(low, high);
  }

  /** The floating-point registers are the real ones; what is loaded into one makes them dirty. */
  f(register: number): bigint {
    return this.#real.f(register);
  }

  setF(register: number, value: bigint): void {
    this.#real.setF(register, value);
    this.csrs.write('sstatus', this.csrs.get('sstatus') | SSTATUS.FS);
  }

  /** The reservation of lr is the real hart's, which most of the guest's lr and sc use without the VMM. */
  reserve(address: bigint): void {
    this.#real.reservation = address;
  }

  /** Whether this is what was reserved last. sc uses the reservation up, whatever it was. */
  takeReservation(address: bigint): boolean {
    const { reservation } = this.#real;
    this.#real.reservation = NOTHING_RESERVED;
    return reservation === address;
  }

  /** By what a device of the guest writes to its memory: no sc finds that its lr was the last to touch it. */
  breakReservation(): void {
    this.#real.reservation = NOTHING_RESERVED;
  }

  /** Instructions that the VMM carried out in place of the real hart. */
  get emulated(): bigint {
    return BigInt(this.#emulated);
  }

  /** Instructions that the guest has retired: most of them on the real hart, the emulated ones here. */
  get instret(): bigint {
    return (this.#own ?? this.#real.instret - this.#elsewhere) + BigInt(this.#emulated);
  }

  /** Another guest gets the real hart. */
  leaveHart(): void {
    this.#own ??= this.#real.instret - this.#elsewhere;
  }

  /** This guest gets it (again). */
  enterHart(): void {
    if (this.#own === undefined) return;
    this.#elsewhere = this.#real.instret - this.#own;
    this.#own = undefined;
  }

  /** What a counter shows: instructions retired, and what M has set it ahead. */
  counter(of: 'cycle' | 'instret'): bigint {
    return BigInt.asUintN(64, this.instret + this.#ahead[of]);
  }

  /** M sets a counter: the next instruction reads this value, so the one that writes does not count. */
  setCounter(of: 'cycle' | 'instret', value: bigint): void {
    this.#ahead[of] = value - (this.instret + 1n);
  }

  countEmulated(): void {
    this.#emulated += 1;
  }

  /** Whether a bit of the virtual sstatus is set. */
  status(bit: bigint): boolean {
    return (this.csrs.get('sstatus') & bit) !== 0n;
  }

  /**
   * The interrupt that the guest must take now, if any. Below the mode that it goes to it is always on; in that mode the status bit counts;
   * above, it waits. All that go to M come before those for S; when several are pending: external, then software, then timer (3.1.9 and
   * "Supervisor Interrupt (sip and sie) Registers").
   */
  deliverableInterrupt(): number | undefined {
    const { csrs } = this;
    const ready = csrs.pendingLow & (this.bugs['pending-not-enabled'] ? csrs.delegatedInterrupts : csrs.enabledLow);
    if (ready === 0) return undefined;
    const status = csrs.statusLow;
    const forMachine = ready & ~csrs.delegatedInterrupts;
    if (forMachine !== 0 && (this.#mode !== 'M' || (status & STATUS_LOW.MIE) !== 0)) return highest(MACHINE_PRIORITY, forMachine);
    if (this.#mode === 'M' || (this.#mode === 'S' && (status & STATUS_LOW.SIE) === 0)) return undefined;
    return highest(this.bugs['timer-first'] ? TIMER_FIRST : PRIORITY, ready & csrs.delegatedInterrupts);
  }

  /** What ends a `wfi`: an interrupt that is pending and enabled by itself, whatever SIE says. */
  get interruptWaiting(): boolean {
    return (this.csrs.pendingLow & this.csrs.enabledLow) !== 0;
  }

  /** As the guest's first instruction finds it: in M after reset, or in S as firmware leaves it. */
  reset(start: 'm' | 's'): void {
    this.#mode = start === 'm' ? 'M' : 'S';
    this.#emulated = 0;
    this.#elsewhere = this.#real.instret;
    this.#own = undefined;
    this.#ahead = { cycle: 0n, instret: 0n };
    this.csrs.reset(start);
  }

  save(): SavedVirtualHart {
    return { mode: this.#mode, emulated: BigInt(this.#emulated), elsewhere: this.#elsewhere, own: this.#own, ahead: { ...this.#ahead }, csrs: this.csrs.save() };
  }

  restore(saved: SavedVirtualHart): void {
    this.#mode = saved.mode;
    this.#emulated = Number(saved.emulated);
    this.#elsewhere = saved.elsewhere;
    this.#own = saved.own;
    this.#ahead = { ...saved.ahead };
    this.csrs.restore(saved.csrs);
  }
}

const highest = (order: readonly number[], set: number): number | undefined => order.find((interrupt) => (set >> interrupt & 1) === 1);
