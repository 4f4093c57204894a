/** Which privileged instructions the VMM carries out for the guest, and how: `sret`, `mret`, `wfi` and `sfence.vma` here, CSR instructions in csr.ts. */
import { guestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import type { Decoded } from '../../isa/row.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, retire, WAIT, type Guest } from '../guest.ts';
import { virtualMret, virtualSret } from '../virtual-hart/inject.ts';
import { STATUS_LOW } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { emulateCsr, isCsrInstruction, mayAccessCsr } from './csr.ts';

/** An address space identifier has 16 bits; what is above in the register is ignored. */
const ASID_BITS = 0xffffn;

export type Emulation = (guest: Guest, decoded: Decoded) => Outcome;

/** What to do for an instruction that real U mode does not have; undefined where the guest's own mode does not have it either. */
export function emulationOf(hart: VirtualHart, decoded: Decoded): Emulation | undefined {
  if (isCsrInstruction(decoded)) return mayAccessCsr(hart, decoded) ? emulateCsr : undefined;
  // In virtual U these are as illegal as they are in real U.
  if (hart.mode === 'U') return undefined;
  // What M keeps its supervisor from (3.1.6.6).
  const kept = hart.mode === 'M' ? 0 : hart.csrs.statusLow;
  switch (decoded.row.name) {
    case 'sret': return (kept & STATUS_LOW.TSR) === 0 ? emulateSret : undefined;
    case 'mret': return hart.mode === 'M' ? emulateMret : undefined;
    case 'wfi': return (kept & STATUS_LOW.TW) === 0 ? emulateWfi : undefined;
    case 'sfence.vma': case 'sinval.vma': return (kept & STATUS_LOW.TVM) === 0 ? emulateFence : undefined;
    // What these order is in order: every sinval.vma acts at once.
    case 'sfence.w.inval': case 'sfence.inval.ir': return emulateOrdering;
    // All else is of extensions that the guest does not have.
    default: return undefined;
  }
}

function emulateOrdering(guest: Guest): Outcome {
  finishInstruction(guest, 4);
  return RESUME;
}

function emulateSret({ hart, clock, log }: Guest): Outcome {
  virtualSret(hart, log);
  retire(hart, clock);
  return RESUME;
}

function emulateMret({ hart, clock, log }: Guest): Outcome {
  virtualMret(hart, log);
  retire(hart, clock);
  return RESUME;
}

/** The guest waits for an interrupt: the VMM gives the processor back until a real one comes. */
function emulateWfi(guest: Guest): Outcome {
  const { hart, log } = guest;
  finishInstruction(guest, 4);
  if (hart.interruptWaiting && !hart.bugs['wfi-sleeps-on']) return RESUME;
  log.step('wfi.wait');
  return WAIT;
}

/**
 * The guest has changed its page table and says so: this is how the VMM learns of it. rs1 names an address and rs2 an address space; x0
 * stands for all of them, whatever is in it (privileged manual, "Supervisor Memory-Management Fence Instruction").
 */
function emulateFence(guest: Guest, { rs1, rs2 }: Decoded): Outcome {
  const { hart, shadow, log } = guest;
  log.step('fence.guest-changed-table', () => ({ address: rs1 === 0 ? '*' : hex(hart.x(rs1)) }));
  shadow.fence(rs1 === 0 ? undefined : guestVirtual(hart.x(rs1)), rs2 === 0 ? undefined : hart.x(rs2) & ASID_BITS);
  finishInstruction(guest, 4);
  return RESUME;
}
