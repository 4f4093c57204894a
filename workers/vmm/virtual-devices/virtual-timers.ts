/**
 * The two timers of a guest: mtimecmp of its CLINT, and stimecmp (Sstc), which the firmware's call sets, too. Their time is the machine's, and the
 * real hart has one timer for the VMM: it rings for whichever comes first.
 */
import { INTERRUPT } from '../../isa/causes.ts';
import type { Clock } from '../../machine/clock.ts';
import { Clint } from '../../machine/devices/clint.ts';
import type { VirtualCsrs } from '../virtual-hart/virtual-csrs.ts';

export interface VirtualTimerParts {
  readonly csrs: VirtualCsrs;
  readonly clock: Clock;
  /** Asks the real machine to ring at a time; all ones: never. */
  readonly ringAt: (time: bigint) => void;
}

const NEVER = (1n << 64n) - 1n;

export class VirtualTimers {
  readonly clint: Clint;
  readonly #csrs: VirtualCsrs;
  readonly #clock: Clock;
  readonly #ringAt: (time: bigint) => void;

  constructor({ csrs, clock, ringAt }: VirtualTimerParts) {
    this.#csrs = csrs;
    this.#clock = clock;
    this.#ringAt = ringAt;
    const line = (interrupt: number) => ({ set: (high: boolean) => { csrs.setPending(interrupt, high); } });
    this.clint = new Clint(clock, line(INTERRUPT.msi), line(INTERRUPT.mti), () => { this.update(); });
  }

  /** A comparison was written, or time has passed or was set forward: sets the pending bits as they are now, and the real timer for what is still to come. */
  update(): void {
    const now = this.#clock.now();
    const ofSupervisor = this.#csrs.get('stimecmp');
    this.clint.update();
    this.#csrs.setPending(INTERRUPT.sti, now >= ofSupervisor);
    // Under the firmware that the VMM plays nobody waits for the CLINT: its interrupts go to an M mode that enables none.
    const later = [...(this.#csrs.ownsMachine ? [this.clint.compare] : []), ofSupervisor].filter((time) => time > now);
    this.#ringAt(later.reduce((first, time) => (time < first ? time : first), NEVER));
  }
}
