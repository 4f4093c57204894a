/** An access fault of the real hardware. The shadow tables lead to the guest's RAM only, so none is expected; it is the guest's all the same. */
import { causeName } from '../../isa/causes.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { RESUME, type Guest, type Trap } from '../guest.ts';
import { injectException } from '../virtual-hart/inject.ts';

export function accessFault({ hart, log }: Guest, { code, value }: Trap): Outcome {
  log.step('triage.access-fault', () => ({ cause: causeName(false, code) }));
  injectException(hart, log, code, value);
  return RESUME;
}
