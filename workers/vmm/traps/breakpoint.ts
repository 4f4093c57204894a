/** `ebreak` is the guest's own: the VMM must not keep it for itself. */
import { CAUSE } from '../../isa/causes.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { RESUME, type Guest, type Trap } from '../guest.ts';
import { injectException } from '../virtual-hart/inject.ts';

export function breakpoint({ hart, log }: Guest, { value }: Trap): Outcome {
  log.step('triage.breakpoint');
  injectException(hart, log, CAUSE.breakpoint, value);
  return RESUME;
}
