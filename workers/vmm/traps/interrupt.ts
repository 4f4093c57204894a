/**
 * An interrupt of the real machine. It is always the VMM's first: no guest can keep it off, since S interrupts cannot be disabled in real U mode. The
 * VMM finds out which guest it is for, and sets the pending bit of that guest's own interrupt; the guest takes it when its sie and sstatus let it.
 */
import { INTERRUPT } from '../../isa/causes.ts';
import type { Guest } from '../guest.ts';

/** A time that the guest has set has come: that of its S mode, or of its M mode (CLINT). */
export function timerRings({ hart, timers, log }: Guest): void {
  if (hart.csrs.ownsMachine) timers.update();
  else hart.csrs.setPending(INTERRUPT.sti, true);
  log.step('interrupt.virtual-timer');
}

/** Something was typed for the guest: it goes from the real UART to the virtual one, whose line may raise the virtual external interrupt. */
export function typed({ hart, devices, log }: Guest, bytes: Uint8Array): void {
  if (bytes.length > 0) devices.receive(bytes);
  log.step('interrupt.external', () => ({ pending: hart.csrs.get('sip').toString(2) }));
}
