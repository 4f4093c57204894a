/** Which privileged instructions the VMM carries out for the guest, and how: `sret`, `mret`, `wfi` and `sfence.vma` here, CSR instructions in csr.ts. */
import { guestVirtual } from '../../base/address.ts';
import { hex } from '../../base/bits.ts';
import { decode } from '../../isa/decode.ts';
import type { Decoded } from '../../isa/row.ts';
import type { Outcome } from '../../machine/host-software.ts';
import { finishInstruction, RESUME, retire, WAIT, type Guest } from '../guest.ts';
import { virtualMret, virtualSret } from '../virtual-hart/inject.ts';
import { STATUS_LOW } from '../virtual-hart/virtual-csrs.ts';
import type { VirtualHart } from '../virtual-hart/virtual-hart.ts';
import { csrInstruction, emulateCsr, isCsrInstruction, mayAccessCsr } from './csr.ts';

/** An address space identifier has 16 bits; what is above in the register is ignored. */
const ASID_BITS = 0xffffn;

/** An instruction that real U mode does not have, with what the VMM does for it. */
export interface Privileged {
  readonly decoded: Decoded;
  /** Whether the guest's own mode has it; otherwise it is the guest's illegal instruction. */
  readonly allowed: (hart: VirtualHart) => boolean;
  readonly emulate: (guest: Guest) => Outcome;
}

/** A guest kernel uses few different words, again and again: each is looked up once. */
const known = new Map<number, Privileged | undefined>();
const MOST_KNOWN = 4096;

/** What to do for an instruction word; undefined where no mode of the guest has it. */
export function privilegedInstruction(word: number): Privileged | undefined {
  const before = known.get(word);
  if (before !== undefined || known.has(word)) return before;
  const decoded = decode(word);
  const made = decoded && privileged(decoded);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(word, made);
  return made;
}

/** M keeps its supervisor from some (3.1.6.6); in virtual U all are as illegal as they are in real U. */
const unlessKept = (bit: number) => (hart: VirtualHart): boolean => hart.mode === 'M' || (hart.mode === 'S' && (hart.csrs.statusLow & bit) === 0);

function privileged(decoded: Decoded): Privileged | undefined {
  if (isCsrInstruction(decoded)) {
    const instruction = csrInstruction(decoded);
    return { decoded, allowed: (hart) => mayAccessCsr(hart, instruction), emulate: (guest) => emulateCsr(guest, instruction) };
  }
  switch (decoded.row.name) {
    case 'sret': return { decoded, allowed: unlessKept(STATUS_LOW.TSR), emulate: emulateSret };
    case 'mret': return { decoded, allowed: (hart) => hart.mode === 'M', emulate: emulateMret };
    case 'wfi': return { decoded, allowed: unlessKept(STATUS_LOW.TW), emulate: emulateWfi };
    case 'sfence.vma': case 'sinval.vma': return { decoded, allowed: unlessKept(STATUS_LOW.TVM), emulate: (guest) => emulateFence(guest, decoded) };
    // What these order is in order: every sinval.vma acts at once.
    case 'sfence.w.inval': case 'sfence.inval.ir': return { decoded, allowed: unlessKept(0), emulate: emulateOrdering };
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
