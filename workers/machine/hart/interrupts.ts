/** Which interrupt the hart takes next (privileged manual, 3.1.9 and 8.2.3 to 8.2.6), and what makes up mip. */
import { add, and, call, callStmt, eq, eqz, geU, i32, i64, if_, ltU, not, or, return_, select, shrU, type Expr, type Procedure } from '../../isa/meaning.ts';
import { ENVCFG, GUEST_INTERRUPTS } from '../../isa/csrs.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import { anyOf, assign, M, mode, mstatus, nonZero, procedure, S, setState, state, STATUS, variable, virtual, VS } from './form.ts';

const epc = variable('epc');
const waiting = variable('waiting');
const forMachine = variable('forMachine');
const forSupervisor = variable('forSupervisor');
const forGuest = variable('forGuest');
const cause = variable('cause');
const chosen = variable('chosen');
const to = variable('to', 'i32');
const time = variable('time');
const pending = variable('pending');

const INTERRUPT_BIT = 1n << 63n;
const STIP = 1n << BigInt(INTERRUPT.sti);
const VSTIP = 1n << BigInt(INTERRUPT.vsti);
/** From the first to the last. */
const PRIORITY = [INTERRUPT.mei, INTERRUPT.msi, INTERRUPT.mti, INTERRUPT.sei, INTERRUPT.ssi, INTERRUPT.sti, INTERRUPT.vsei, INTERRUPT.vssi, INTERRUPT.vsti];

/** Enabled below this mode always, in this mode when the status bit says so, above it never. A guest is below HS. */
const enabledForMachine: Expr = or(ltU(mode, i32(M)), anyOf(mstatus, STATUS.MIE));
const enabledForSupervisor: Expr = or(virtual, or(ltU(mode, i32(S)), and(eq(mode, i32(S)), anyOf(mstatus, STATUS.SIE))));
const enabledForGuest: Expr = and(virtual, or(ltU(mode, i32(S)), anyOf(state('vsstatus'), STATUS.SIE)));

const highestOf = (set: Expr): Expr =>
  PRIORITY.reduceRight<Expr>((rest, code) => select(anyOf(set, 1n << BigInt(code)), i64(INTERRUPT_BIT | BigInt(code)), rest), i64(0));

/** Sstc: the comparison decides alone while it is enabled (stimecmp), or beside hvip (vstimecmp). */
const timeIsUp = (now: Expr, compare: string): Expr => geU(now, state(compare));

export const INTERRUPT_PROCEDURES: readonly Procedure[] = [
  /** Puts mip together, of the lines of devices, the bits of software, what the hypervisor injects, and the timers of Sstc. */
  procedure('updatePending', [], undefined, [
    assign(time, add(state('instret'), state('timeOffset'))),
    assign(pending, state('softwareInterrupts')),
    if_(anyOf(state('menvcfg'), ENVCFG.STCE), [
      assign(pending, or(and(pending, i64(~STIP)), select(timeIsUp(time, 'stimecmp'), i64(STIP), i64(0)))),
    ]),
    assign(pending, or(or(pending, state('interruptLines')), and(state('hvip'), i64(GUEST_INTERRUPTS)))),
    if_(anyOf(and(state('menvcfg'), state('henvcfg')), ENVCFG.STCE), [
      assign(pending, or(pending, select(timeIsUp(add(time, state('htimedelta')), 'vstimecmp'), i64(VSTIP), i64(0)))),
    ]),
    setState('mip', pending),
  ]),

  /**
   * The cause that may be taken now, bit 63 set; 0 when there is none. All that go to M come before those that go to HS, and those before
   * the guest's own.
   */
  procedure('pendingInterrupt', [], 'i64', [
    assign(waiting, and(state('mip'), state('mie'))),
    if_(eqz(waiting), [return_(i64(0))]),
    assign(forMachine, and(waiting, not(state('mideleg')))),
    assign(forSupervisor, and(and(waiting, state('mideleg')), not(state('hideleg')))),
    assign(forGuest, and(and(waiting, state('mideleg')), state('hideleg'))),
    assign(chosen, select(and(nonZero(forMachine), enabledForMachine), forMachine,
      select(and(nonZero(forSupervisor), enabledForSupervisor), forSupervisor, select(enabledForGuest, forGuest, i64(0))))),
    return_(highestOf(chosen)),
  ]),

  /** 1 when an interrupt was taken; `epc` is the address of the instruction that would have come next. */
  procedure('takeInterrupt', [epc], 'i32', [
    assign(cause, call('pendingInterrupt', 'i64')),
    if_(eqz(cause), [return_(i32(0))]),
    // The shift counts modulo 64, so that bit 63 of the cause does not matter.
    assign(to, select(delegatedBy('mideleg'), select(delegatedBy('hideleg'), i32(VS), i32(S)), i32(M))),
    callStmt('enterTrap', to, cause, epc, i64(0)),
    return_(i32(1)),
  ]),

  /** wfi goes on when an interrupt is pending and enabled by itself, whatever the modes say (3.3.3). */
  procedure('interruptWaiting', [], 'i32', [return_(nonZero(and(state('mip'), state('mie'))))]),
];
function delegatedBy(register: string): Expr {
  return nonZero(and(shrU(state(register), cause), i64(1)));
}
