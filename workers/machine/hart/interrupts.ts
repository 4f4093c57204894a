/** Which interrupt the hart takes next (privileged manual, 3.1.9). */
import { and, call, callStmt, eq, eqz, i32, i64, if_, ltU, not, or, return_, select, shrU, type Expr, type Procedure } from '../../isa/meaning.ts';
import { INTERRUPT } from '../../isa/causes.ts';
import { anyOf, assign, M, mode, mstatus, nonZero, procedure, S, state, STATUS, variable } from './form.ts';

const epc = variable('epc');
const waiting = variable('waiting');
const forMachine = variable('forMachine');
const forSupervisor = variable('forSupervisor');
const chosen = variable('chosen');
const cause = variable('cause');
const to = variable('to', 'i32');

const INTERRUPT_BIT = 1n << 63n;
/** From the first to the last. */
const PRIORITY = [INTERRUPT.mei, INTERRUPT.msi, INTERRUPT.mti, INTERRUPT.sei, INTERRUPT.ssi, INTERRUPT.sti];

/** Enabled below this mode always, in this mode when the status bit says so, above it never. */
const enabledFor = (target: number, bit: bigint): Expr => or(ltU(mode, i32(target)), and(eq(mode, i32(target)), anyOf(mstatus, bit)));

const highestOf = (set: Expr): Expr =>
  PRIORITY.reduceRight<Expr>((rest, code) => select(anyOf(set, 1n << BigInt(code)), i64(INTERRUPT_BIT | BigInt(code)), rest), i64(0));

export const INTERRUPT_PROCEDURES: readonly Procedure[] = [
  /** The cause that may be taken now, bit 63 set; 0 when there is none. All that go to M come before those that go to S. */
  procedure('pendingInterrupt', [], 'i64', [
    assign(waiting, and(state('mip'), state('mie'))),
    if_(eqz(waiting), [return_(i64(0))]),
    assign(forMachine, and(waiting, not(state('mideleg')))),
    assign(forSupervisor, and(waiting, state('mideleg'))),
    assign(chosen, select(and(nonZero(forMachine), enabledFor(M, STATUS.MIE)), forMachine,
      select(enabledFor(S, STATUS.SIE), forSupervisor, i64(0)))),
    return_(highestOf(chosen)),
  ]),

  /** 1 when an interrupt was taken; `epc` is the address of the instruction that would have come next. */
  procedure('takeInterrupt', [epc], 'i32', [
    assign(cause, call('pendingInterrupt', 'i64')),
    if_(eqz(cause), [return_(i32(0))]),
    // The shift counts modulo 64, so that bit 63 of the cause does not matter.
    assign(to, select(nonZero(and(shrU(state('mideleg'), cause), i64(1))), i32(S), i32(M))),
    callStmt('enterTrap', to, cause, epc, i64(0)),
    return_(i32(1)),
  ]),

  /** wfi goes on when an interrupt is pending and enabled by itself, whatever the modes say (3.3.3). */
  procedure('interruptWaiting', [], 'i32', [return_(nonZero(and(state('mip'), state('mie'))))]),
];
