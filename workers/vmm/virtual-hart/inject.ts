/**
 * A virtual trap: the VMM does to the virtual hart what hardware does to a real one when a trap goes to S mode, or to M where the guest's M does
 * not delegate it (privileged manual, 3.1.8, "Supervisor Trap Vector Base Address Register" and the chapters on scause, sepc, stval). And the
 * ways back, a virtual `sret` and `mret`.
 */
import { hex } from '../../base/bits.ts';
import { CAUSE, causeName } from '../../isa/causes.ts';
import type { StepLog } from '../step-log.ts';
import { fromWords, STATUS_LOW, virtualRegister, type VirtualCsrs, type VirtualRegister } from './virtual-csrs.ts';
import { MODE_OF_MPP, type VirtualHart, type VirtualMode } from './virtual-hart.ts';

const VECTORED = 1;
const [SCAUSE, SEPC, STVEC] = [virtualRegister('scause'), virtualRegister('sepc'), virtualRegister('stvec')];
const [MCAUSE, MEPC, MTVEC] = [virtualRegister('mcause'), virtualRegister('mepc'), virtualRegister('mtvec')];
/** Bit 63 of scause, in its high half: the trap is an interrupt. */
const INTERRUPT_HIGH = 1 << 31;

/** What a trap is for: the number of an exception or of an interrupt. */
interface Cause {
  readonly code: number;
  readonly interrupt: boolean;
}

/** The guest's own exception: the guest kernel's handler will run. The pc stays at the instruction that trapped: it becomes sepc. */
export function injectException(hart: VirtualHart, log: StepLog, cause: number, trapValue: bigint): void {
  enterVirtualTrap(hart, log, { code: cause, interrupt: false }, trapValue);
}

/** An interrupt of the guest's own. The instruction at the pc has not run; sepc will send the guest back to it. */
export function injectInterrupt(hart: VirtualHart, log: StepLog, interrupt: number): void {
  enterVirtualTrap(hart, log, { code: interrupt, interrupt: true }, 0n);
}

function enterVirtualTrap(hart: VirtualHart, log: StepLog, cause: Cause, trapValue: bigint): void {
  const { csrs } = hart;
  const from = hart.mode;
  if (from === 'M' || !isDelegated(csrs, cause)) {
    enterMachineTrap(hart, log, cause, trapValue);
    return;
  }

  csrs.setWords(SCAUSE, cause.code, cause.interrupt ? INTERRUPT_HIGH : 0);
  log.step('virtual-trap.scause', () => ({ cause: nameOf(cause), value: hex(csrs.get('scause')) }));

  if (hart.bugs['sepc-behind-ecall'] && cause.code === CAUSE.ecallFromUser && !cause.interrupt) csrs.set('sepc', hart.pc + 4n);
  else csrs.setWords(SEPC, hart.pcLow, hart.pcHigh);
  log.step('virtual-trap.sepc', () => ({ value: hex(csrs.get('sepc')) }));

  csrs.set('stval', trapValue);
  log.step('virtual-trap.stval', () => ({ value: hex(trapValue) }));

  // The stack of interrupt enables moves one down, and SPP remembers where the trap came from.
  csrs.setStatusLow(statusAfterTrap(csrs.statusLow, from, hart.bugs['sie-not-stacked']));
  log.step('virtual-trap.sstatus', () => ({ value: hex(csrs.get('sstatus')), mode: from }));

  hart.mode = 'S';
  log.step('virtual-trap.mode', () => ({ from }));

  const offset = offsetOf(hart, STVEC, cause);
  goToHandler(hart, STVEC, offset);
  log.step('virtual-trap.pc', () => ({ value: hex(handlerAddress(csrs, STVEC, offset)) }));
}

/** Whether a trap from below M goes to S. */
function isDelegated(csrs: VirtualCsrs, { code, interrupt }: Cause): boolean {
  return ((interrupt ? csrs.delegatedInterrupts : csrs.delegatedExceptions) >> code & 1) === 1;
}

/** The same for a trap to the guest's M mode. */
function enterMachineTrap(hart: VirtualHart, log: StepLog, cause: Cause, trapValue: bigint): void {
  const { csrs } = hart;
  const from = hart.mode;

  csrs.setWords(MCAUSE, cause.code, cause.interrupt ? INTERRUPT_HIGH : 0);
  csrs.setWords(MEPC, hart.pcLow, hart.pcHigh);
  csrs.set('mtval', trapValue);
  log.step('virtual-machine-trap.registers', () => ({ cause: nameOf(cause), epc: hex(hart.pc), value: hex(trapValue) }));

  const status = csrs.statusLow;
  let after = status & ~(STATUS_LOW.MIE | STATUS_LOW.MPIE | STATUS_LOW.MPP) | MPP_OF[from];
  if ((status & STATUS_LOW.MIE) !== 0) after |= STATUS_LOW.MPIE;
  csrs.setStatusLow(after, 'mstatus');
  log.step('virtual-machine-trap.mstatus', () => ({ value: hex(csrs.get('mstatus')), mode: from }));

  hart.mode = 'M';
  const offset = offsetOf(hart, MTVEC, cause);
  goToHandler(hart, MTVEC, offset);
  log.step('virtual-machine-trap.handler', () => ({ from, value: hex(handlerAddress(csrs, MTVEC, offset)) }));
}

/** MPP in mstatus, for each mode. */
const MPP_OF: Readonly<Record<VirtualMode, number>> = { U: 0, S: 1 << 11, M: 3 << 11 };

/** SPIE takes SIE, SIE becomes 0, SPP takes the mode. */
function statusAfterTrap(status: number, from: 'U' | 'S', keepsEnables: boolean): number {
  let after = status & ~STATUS_LOW.SPP;
  if (from === 'S') after |= STATUS_LOW.SPP;
  if (keepsEnables) return after;
  after &= ~(STATUS_LOW.SIE | STATUS_LOW.SPIE);
  if ((status & STATUS_LOW.SIE) !== 0) after |= STATUS_LOW.SPIE;
  return after;
}

/** Exceptions go to the base; in vectored mode an interrupt goes to base + 4 * its number. */
const offsetOf = ({ csrs, bugs }: VirtualHart, vector: VirtualRegister, { code, interrupt }: Cause): number =>
  (interrupt || bugs['exceptions-vectored']) && (csrs.low(vector) & 3) === VECTORED ? 4 * code : 0;

function goToHandler(hart: VirtualHart, vector: VirtualRegister, offset: number): void {
  const low = ((hart.csrs.low(vector) & ~3) >>> 0) + offset;
  hart.setPcWords(low | 0, hart.csrs.high(vector) + Math.floor(low / 2 ** 32));
}

const handlerAddress = (csrs: VirtualCsrs, vector: VirtualRegister, offset: number): bigint =>
  fromWords(csrs.low(vector) & ~3, csrs.high(vector)) + BigInt(offset);

/** The guest kernel's `sret`: back to the mode in SPP (not always the user!), at the address in sepc. */
export function virtualSret(hart: VirtualHart, log: StepLog): void {
  const { csrs } = hart;

  if (log.detailed) csrs.read('sstatus');
  const status = csrs.statusLow;
  hart.mode = (status & STATUS_LOW.SPP) !== 0 && !hart.bugs['sret-to-user'] ? 'S' : 'U';
  log.step('virtual-sret.mode', () => ({ mode: hart.mode }));

  // Leaving M ends the reign of MPRV (3.1.6.3).
  csrs.setStatusLow(statusAfterReturn(status) & ~STATUS_LOW.MPRV);
  log.step('virtual-sret.sstatus', () => ({ value: hex(csrs.get('sstatus')) }));

  if (log.detailed) csrs.read('sepc');
  hart.setPcWords(csrs.low(SEPC), csrs.high(SEPC));
  log.step('virtual-sret.pc', () => ({ value: hex(csrs.get('sepc')) }));
}

/** SIE takes SPIE, SPIE becomes 1, SPP becomes U. */
function statusAfterReturn(status: number): number {
  let after = (status | STATUS_LOW.SPIE) & ~(STATUS_LOW.SIE | STATUS_LOW.SPP);
  if ((status & STATUS_LOW.SPIE) !== 0) after |= STATUS_LOW.SIE;
  return after;
}

/** `mret` of the guest's firmware: back to the mode in MPP, at the address in mepc. MIE takes MPIE, MPIE becomes 1, MPP becomes U. */
export function virtualMret(hart: VirtualHart, log: StepLog): void {
  const { csrs } = hart;
  const status = csrs.statusLow;
  const to = MODE_OF_MPP[(status & STATUS_LOW.MPP) >> 11] ?? 'U';
  let after = (status | STATUS_LOW.MPIE) & ~(STATUS_LOW.MIE | STATUS_LOW.MPP);
  if ((status & STATUS_LOW.MPIE) !== 0) after |= STATUS_LOW.MIE;
  if (to !== 'M') after &= ~STATUS_LOW.MPRV;
  hart.mode = to;
  csrs.setStatusLow(after, 'mstatus');
  log.step('virtual-mret.mode', () => ({ mode: to, value: hex(csrs.get('mstatus')) }));

  if (log.detailed) csrs.read('mepc');
  hart.setPcWords(csrs.low(MEPC), csrs.high(MEPC));
  log.step('virtual-mret.pc', () => ({ value: hex(csrs.get('mepc')) }));
}

const nameOf = ({ code, interrupt }: Cause): string => causeName(interrupt, code);
