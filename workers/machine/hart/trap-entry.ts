/** What the hardware does when a trap is taken (privileged manual, 3.1.6.1, 3.1.7, 3.1.14 to 3.1.16 for M; 10.1.1.1, 10.1.2, 10.1.7 to 10.1.9 for S). */
import {
  add, and, callStmt, eq, i32, i64, if_, leU, mul, or, return_, select, shl, shrU, extendU, ltS, wrap,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { flushBank } from '../mmu/fast-tlb.ts';
import { anyOf, assign, blend, M, mode, modeIs, moveBit, mstatus, nonZero, procedure, S, setState, state, STATUS, variable } from './form.ts';
import { recordTrap } from './trap-log.ts';

const to = variable('to', 'i32');
const from = variable('from', 'i32');
const cause = variable('cause');
const epc = variable('epc');
const tval = variable('tval');
const handler = variable('handler');

const isInterrupt: Expr = ltS(cause, i64(0));
const codeOf: Expr = and(cause, i64((1n << 63n) - 1n));

/** Vectored mode sends interrupts to BASE + 4 * cause; exceptions always go to BASE (3.1.7). */
const handlerBy = (tvec: Expr): Expr =>
  add(and(tvec, i64(~3n)), select(and(isInterrupt, anyOf(tvec, 3n)), mul(codeOf, i64(4)), i64(0)));

const enter = (prefix: 's' | 'm', status: Expr, target: number): readonly Stmt[] => [
  setState(`${prefix}cause`, cause),
  setState(`${prefix}epc`, and(epc, i64(~1n))),
  setState(`${prefix}tval`, tval),
  setState('mstatus', status),
  assign(handler, handlerBy(state(`${prefix}tvec`))),
  setState('mode', i32(target)),
];

/** The stack of interrupt enables moves one down; the previous mode is written into xPP. */
const supervisorStatus = blend(mstatus, STATUS.SPP | STATUS.SPIE | STATUS.SIE,
  or(moveBit(mstatus, 1, 5), shl(extendU(and(from, i32(1))), i64(8))));
const machineStatus = blend(mstatus, STATUS.MPP | STATUS.MPIE | STATUS.MIE,
  or(moveBit(mstatus, 3, 7), shl(extendU(from), i64(11))));

export const TRAP_ENTRY: readonly Procedure[] = [
  /** Enters the handler of a mode. `cause` has bit 63 set for an interrupt. */
  procedure('enterTrap', [to, cause, epc, tval], undefined, [
    assign(from, mode),
    if_(eq(to, i32(M)), [
      ...enter('m', machineStatus, M),
      // MPP has changed, and with MPRV set it decides what loads and stores of M mode see.
      if_(anyOf(mstatus, STATUS.MPRV), [flushBank('M')]),
    ], enter('s', supervisorStatus, S)),
    setState('pc', handler),
    ...recordTrap({ from, to, cause, epc, tval, handler }),
  ]),

  /** An exception goes to S when it is delegated and does not come from M (3.1.8). */
  procedure('raiseException', [cause, epc, tval], undefined, [
    assign(to, select(and(leU(mode, i32(S)), wrap(and(shrU(state('medeleg'), cause), i64(1)))), i32(S), i32(M))),
    callStmt('enterTrap', to, cause, epc, tval),
  ]),

  /** Whether `run` comes back after the trap that was just taken: 0 no, 1 its handler is not RISC-V code, 2 the user asked for this cause. */
  procedure('stopAfterTrap', [], 'i32', [
    assign(cause, select(modeIs(M), state('mcause'), state('scause'))),
    if_(anyBit(select(isInterrupt, state('stopInterrupts'), state('stopExceptions')), codeOf), [return_(i32(2))]),
    return_(and(shrU(state('hostModes'), mode), i32(1))),
  ]),
];

function anyBit(set: Expr, index: Expr): Expr {
  return nonZero(and(shrU(set, index), i64(1)));
}
