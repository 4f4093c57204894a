/**
 * The guest's floating-point unit is the real one: f registers and fcsr hold the guest's values all the time, for the VMM has no use of
 * its own for them. What must be right is FS. While the guest runs, the real sstatus has the FS of the virtual one, so that the hardware
 * refuses its floating-point instructions when they are off; and what the hardware marks as dirty is taken back (privileged manual,
 * "Extension Context Status in mstatus Register").
 */
import { hex } from '../../base/bits.ts';
import type { RealHart } from '../real-hart.ts';
import type { StepLog } from '../step-log.ts';
import { SSTATUS, STATUS_LOW, type VirtualCsrs } from './virtual-csrs.ts';

export class FloatState {
  readonly #real: RealHart;
  readonly #csrs: VirtualCsrs;
  readonly #log: StepLog;
  /** FS of the real sstatus while the VMM runs. */
  #given = 0;

  constructor(real: RealHart, csrs: VirtualCsrs, log: StepLog) {
    this.#real = real;
    this.#csrs = csrs;
    this.#log = log;
  }

  /** After an exit: the hardware may have made initial or clean dirty. Off and dirty stay what they are, so nothing is read then. */
  takeBack(): void {
    const before = this.#csrs.statusLow & STATUS_LOW.FS;
    this.#given = before;
    if (before === 0 || before === STATUS_LOW.FS) return;
    this.#given = this.#real.floatState;
    if (this.#given === before) return;
    this.#csrs.write('sstatus', (this.#csrs.get('sstatus') & ~SSTATUS.FS) | BigInt(this.#given));
    this.#log.step('exit.float-dirty', () => ({ value: hex(this.#csrs.get('sstatus')) }));
  }

  /** Another guest had the hart: its FS stands in the real sstatus. */
  enterHart(): void {
    this.#given = this.#real.floatState;
  }

  /** Before the guest goes on: the real FS is what the guest believes it to be. */
  give(): void {
    const wanted = this.#csrs.statusLow & STATUS_LOW.FS;
    if (wanted === this.#given) return;
    this.#real.writeCsr('sstatus', (this.#real.readCsr('sstatus') & ~SSTATUS.FS) | BigInt(wanted));
    this.#given = wanted;
    this.#log.step('resume.float-state', () => ({ state: STATES[wanted >> 13]! }));
  }
}

const STATES = ['off', 'initial', 'clean', 'dirty'];
