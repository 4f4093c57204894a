/** A misaligned address (causes 0, 4 and 6) is misaligned in the guest's eyes, too: its kernel gets the trap as it came. */
import { hex } from '../../base/bits.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { RESUME, type Guest, type Trap } from '../guest.ts';
import { injectException } from '../virtual-hart/inject.ts';

export function misaligned({ hart, log }: Guest, { code, value }: Trap): Outcome {
  log.step('triage.misaligned', () => ({ address: hex(value) }));
  injectException(hart, log, code, value);
  return RESUME;
}
