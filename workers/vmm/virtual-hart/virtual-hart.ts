/**
 * The virtual hart: the processor that the guest believes to run on. Its x registers are those of the real hart; its pc is the real sepc
 * while the VMM runs. Its mode and its CSRs exist only here.
 */
import { INTERRUPT } from '../../isa/causes.ts';
import { NO_BUGS, type Bugs } from '../bugs.ts';
import type { RealHart } from '../real-hart.ts';
import type { StepLog } from '../step-log.ts';
import { STATUS_LOW, VirtualCsrs, type SavedCsrs } from './virtual-csrs.ts';

/** The order of the manual, and that of a well-known mistake. */
const PRIORITY = [INTERRUPT.sei, INTERRUPT.ssi, INTERRUPT.sti] as const;
const TIMER_FIRST = [INTERRUPT.sei, INTERRUPT.sti, INTERRUPT.ssi] as const;

/** U is the guest's user, S the guest's kernel. The real hart is in U for both: the real mode says nothing about the guest's. */
export type VirtualMode = 'U' | 'S';

export interface SavedVirtualHart {
  readonly mode: VirtualMode;
  readonly emulated: bigint;
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

  /** Instructions that the VMM carried out in place of the real hart. */
  get emulated(): bigint {
    return BigInt(this.#emulated);
  }

  /** Instructions that the guest has retired: most of them on the real hart, the emulated ones here. */
  get instret(): bigint {
    return this.#real.instret + BigInt(this.#emulated);
  }

  countEmulated(): void {
    this.#emulated += 1;
  }

  /** Whether a bit of the virtual sstatus is set. */
  status(bit: bigint): boolean {
    return (this.csrs.get('sstatus') & bit) !== 0n;
  }

  /**
   * The interrupt that the guest must take now, if any. In user mode sstatus.SIE does not count: interrupts for S are always on there.
   * When several are pending: external, then software, then timer (privileged manual, "Supervisor Interrupt (sip and sie) Registers").
   */
  deliverableInterrupt(): number | undefined {
    const { csrs } = this;
    const ready = csrs.pendingLow & (this.bugs['pending-not-enabled'] ? ~0 : csrs.enabledLow);
    if (ready === 0 || (this.#mode === 'S' && (csrs.statusLow & STATUS_LOW.SIE) === 0)) return undefined;
    return (this.bugs['timer-first'] ? TIMER_FIRST : PRIORITY).find((interrupt) => (ready >> interrupt & 1) === 1);
  }

  /** What ends a `wfi`: an interrupt that is pending and enabled by itself, whatever SIE says. */
  get interruptWaiting(): boolean {
    return (this.csrs.pendingLow & this.csrs.enabledLow) !== 0;
  }

  reset(): void {
    this.#mode = 'S';
    this.#emulated = 0;
    this.csrs.reset();
  }

  save(): SavedVirtualHart {
    return { mode: this.#mode, emulated: BigInt(this.#emulated), csrs: this.csrs.save() };
  }

  restore(saved: SavedVirtualHart): void {
    this.#mode = saved.mode;
    this.#emulated = Number(saved.emulated);
    this.csrs.restore(saved.csrs);
  }
}
