/**
 * Illegal instruction: the heart of trap-and-emulate. The guest kernel runs in real U mode, so each of its privileged instructions comes
 * here. What its virtual mode allows, the VMM does to the virtual hart; anything else is the guest's own fault and goes to its kernel.
 */
import { hex } from '../../base/bits.ts';
import { guestVirtual } from '../../base/address.ts';
import { CAUSE } from '../../isa/causes.ts';
import { disassemble } from '../../isa/disassemble.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { fetchInstruction } from '../emulate/fetch.ts';
import { privilegedInstruction } from '../emulate/emulate.ts';
import { RESUME, type Guest, type Trap } from '../guest.ts';
import { injectException } from '../virtual-hart/inject.ts';

export function illegalInstruction(guest: Guest, trap: Trap): Outcome {
  const { hart, log } = guest;

  // This hardware writes the instruction into stval. Other hardware may write 0: then the VMM reads it from the guest's memory.
  const word = trap.word !== 0 ? trap.word : fetchInstruction(guest, guestVirtual(trap.epc));
  const instruction = word === undefined ? undefined : privilegedInstruction(word);
  if (!instruction?.allowed(hart)) {
    const { value } = trap;
    log.step('triage.illegal-instruction', () => ({ word: hex(value), mode: hart.mode }));
    injectException(hart, log, CAUSE.illegalInstruction, value);
    return RESUME;
  }
  if (log.detailed) log.step('triage.privileged-instruction', () => ({ instruction: disassemble(instruction.decoded, trap.epc) }));
  return instruction.emulate(guest);
}
