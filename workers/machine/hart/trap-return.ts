/** sret and mret (privileged manual, 3.3.2 and 3.1.6.1): the status stack moves back; the caller jumps to the pc that comes back. */
import { and, eq, i32, i64, if_, ne, or, return_, wrap, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { flushBank } from '../mmu/fast-tlb.ts';
import { anyOf, assign, bitsOf, blend, M, mode, moveBit, mstatus, procedure, S, setState, state, STATUS, U, variable } from './form.ts';
import { illegalInstruction } from './illegal.ts';

const raw = variable('raw');
const to = variable('to', 'i32');

/** Leaving M mode clears MPRV (3.1.6.3). With MPRV set, bank M of the fast TLB had the view of another mode. */
const clearMprvBelowM: Stmt = if_(anyOf(mstatus, STATUS.MPRV), [
  flushBank('M'),
  if_(ne(to, i32(M)), [setState('mstatus', and(mstatus, i64(~STATUS.MPRV)))]),
]);

export const TRAP_RETURN: readonly Procedure[] = [
  procedure('supervisorReturn', [raw], 'i64', [
    if_(eq(mode, i32(U)), [illegalInstruction(raw)]),
    if_(and(eq(mode, i32(S)), anyOf(mstatus, STATUS.TSR)), [illegalInstruction(raw)]),
    assign(to, wrap(bitsOf(mstatus, 8, 8))),
    // SIE = SPIE, SPIE = 1, SPP = U.
    setState('mstatus', blend(mstatus, STATUS.SIE | STATUS.SPIE | STATUS.SPP, or(moveBit(mstatus, 5, 1), i64(STATUS.SPIE)))),
    clearMprvBelowM,
    setState('mode', to),
    return_(state('sepc')),
  ]),

  procedure('machineReturn', [raw], 'i64', [
    if_(ne(mode, i32(M)), [illegalInstruction(raw)]),
    assign(to, wrap(bitsOf(mstatus, 12, 11))),
    // MIE = MPIE, MPIE = 1, MPP = U.
    setState('mstatus', blend(mstatus, STATUS.MIE | STATUS.MPIE | STATUS.MPP, or(moveBit(mstatus, 7, 3), i64(STATUS.MPIE)))),
    clearMprvBelowM,
    setState('mode', to),
    return_(state('mepc')),
  ]),
];
