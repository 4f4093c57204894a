/**
 * The floating-point unit as the privileged architecture sees it: off while FS is 0, dirty once its state was written (privileged manual,
 * 3.1.6.7). With V = 1 both sstatus.FS of HS and the guest's own count (8.2.5).
 */
import { eq, eqz, gtU, i64, if_, or, return_, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { ROUND } from '../float/format.ts';
import { anyOf, assign, bitsOf, mstatus, nonZero, procedure, setState, state, STATUS, variable, virtual } from './form.ts';
import { illegalInstruction } from './illegal.ts';

const raw = variable('raw');
const rounding = variable('rounding');
const DYNAMIC = 7;

/** FS = 3, of which SD is the summary. */
const DIRTY = STATUS.SD | STATUS.FS;

const setDirty = (slot: 'mstatus' | 'vsstatus'): Stmt => setState(slot, or(state(slot), i64(DIRTY)));

export const FLOAT_UNIT: readonly Procedure[] = [
  /** Traps while the floating-point unit is off. In a guest, too, that is an illegal instruction, never a virtual one (8.6.1). */
  procedure('floatCheck', [raw], undefined, [
    if_(eqz(anyOf(mstatus, STATUS.FS)), [illegalInstruction(raw)]),
    if_(nonZero(virtual), [if_(eqz(anyOf(state('vsstatus'), STATUS.FS)), [illegalInstruction(raw)])]),
  ]),

  /** rm is bits 14:12 of the instruction; 7 means that of frm, which may hold what is no mode (20.2). */
  procedure('floatRounding', [raw], 'i64', [
    assign(rounding, bitsOf(raw, 14, 12)),
    if_(eq(rounding, i64(DYNAMIC)), [assign(rounding, bitsOf(state('fcsr'), 7, 5))]),
    if_(gtU(rounding, i64(ROUND.RMM)), [illegalInstruction(raw)]),
    return_(rounding),
  ]),

  /** An f register or fcsr was written. */
  procedure('floatDirty', [], undefined, [
    setDirty('mstatus'),
    if_(nonZero(virtual), [setDirty('vsstatus')]),
  ]),

  /** Adds to the accrued exceptions (F, 20.2): these are state of the unit, too. */
  procedure('floatRaise', [variable('flags')], undefined, [
    if_(nonZero(variable('flags')), [
      setState('fcsr', or(state('fcsr'), variable('flags'))),
      setDirty('mstatus'),
      if_(nonZero(virtual), [setDirty('vsstatus')]),
    ]),
  ]),
];
