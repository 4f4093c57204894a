/**
 * An interrupt of the real machine. It is always the VMM's first: the guest cannot keep it off, since S interrupts cannot be disabled in
 * real U mode. The VMM serves it and sets the pending bit of the guest's own interrupt; the guest takes that when its sie and sstatus let it.
 */
import { INTERRUPT } from '../../isa/causes.ts';
import type { Guest, Trap } from '../guest.ts';

/** What the VMM asks of the real machine to quiet a real interrupt. */
export interface RealTimer {
  /** Withdraws the real timer interrupt; the guest will set the timer again when it wants the next one. */
  stop(): void;
}

/** Whether this interrupt ends the guest's `wfi`, as it would end a real one. */
export function interrupt(guest: Guest, timer: RealTimer, { code }: Trap): boolean {
  switch (code) {
    case INTERRUPT.sti: return timerInterrupt(guest, timer);
    case INTERRUPT.sei: return externalInterrupt(guest);
    default: return guest.hart.interruptWaiting;
  }
}

/** A time that the guest has set has come: that of its S mode, or of its M mode (CLINT). */
function timerInterrupt({ hart, timers, log }: Guest, timer: RealTimer): boolean {
  timer.stop();
  log.step('interrupt.timer');
  if (hart.csrs.ownsMachine) timers.update();
  else hart.csrs.setPending(INTERRUPT.sti, true);
  log.step('interrupt.virtual-timer');
  return hart.interruptWaiting;
}

/** Something was typed: it goes from the real UART to the virtual one, whose line may raise the virtual external interrupt. */
function externalInterrupt({ hart, devices, log }: Guest): boolean {
  devices.takeInput();
  log.step('interrupt.external', () => ({ pending: hart.csrs.get('sip').toString(2) }));
  return hart.interruptWaiting;
}
