/** sret and mret (privileged manual, 3.3.2, 3.1.6.1, 8.6.5): the status stack moves back; the caller jumps to the pc that comes back. */
import { and, call, eq, i32, i64, if_, ne, or, return_, select, wrap, type Expr, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { flushBank } from '../mmu/fast-tlb.ts';
import {
  anyOf, assign, bitsOf, blend, HSTATUS, hstatus, M, mode, moveBit, mstatus, procedure, S, setState, state, STATUS, U, variable, virtual,
} from './form.ts';
import { illegalInstruction, virtualInstruction } from './illegal.ts';

const raw = variable('raw');
const to = variable('to', 'i32');
const guest = variable('guest', 'i32');

/** Leaving M mode clears MPRV (3.1.6.3). With MPRV set, bank M of the fast TLB had the view of another mode. */
const clearMprvBelowM: Stmt = if_(anyOf(mstatus, STATUS.MPRV), [
  flushBank('M'),
  if_(ne(to, i32(M)), [setState('mstatus', and(mstatus, i64(~STATUS.MPRV)))]),
]);
/** SIE = SPIE, SPIE = 1, SPP = U. */
const supervisorStatus = (of: Expr): Expr => blend(of, STATUS.SIE | STATUS.SPIE | STATUS.SPP, or(moveBit(of, 5, 1), i64(STATUS.SPIE)));

export const TRAP_RETURN: readonly Procedure[] = [
  procedure('supervisorReturn', [raw], 'i64', [
    if_(virtual, [
      if_(or(eq(mode, i32(U)), anyOf(hstatus, HSTATUS.VTSR)), [virtualInstruction(raw)]),
      setState('mode', wrap(bitsOf(state('vsstatus'), 8, 8))),
      setState('vsstatus', supervisorStatus(state('vsstatus'))),
      return_(state('vsepc')),
    ]),
    if_(eq(mode, i32(U)), [illegalInstruction(raw)]),
    if_(and(eq(mode, i32(S)), anyOf(mstatus, STATUS.TSR)), [illegalInstruction(raw)]),
    assign(to, wrap(bitsOf(mstatus, 8, 8))),
    setState('mstatus', supervisorStatus(mstatus)),
    clearMprvBelowM,
    setState('mode', to),
    // SPV says whether the trap came from a guest; without the extension it is always 0.
    setState('virt', wrap(bitsOf(hstatus, 7, 7))),
    setState('hstatus', and(hstatus, i64(~HSTATUS.SPV))),
    return_(state('sepc')),
  ]),

  /** The same for software in TypeScript: the hart goes on there. */
  procedure('supervisorReturnToPc', [], undefined, [setState('pc', call('supervisorReturn', 'i64', i64(0)))]),

  procedure('machineReturn', [raw], 'i64', [
    if_(ne(mode, i32(M)), [illegalInstruction(raw)]),
    assign(to, wrap(bitsOf(mstatus, 12, 11))),
    assign(guest, select(eq(to, i32(M)), i32(0), wrap(bitsOf(mstatus, 39, 39)))),
    // MIE = MPIE, MPIE = 1, MPP = U, MPV = 0.
    setState('mstatus', blend(mstatus, STATUS.MIE | STATUS.MPIE | STATUS.MPP | STATUS.MPV, or(moveBit(mstatus, 7, 3), i64(STATUS.MPIE)))),
    clearMprvBelowM,
    setState('mode', to),
    setState('virt', guest),
    return_(state('mepc')),
  ]),
];
