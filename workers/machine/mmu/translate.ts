/** From virtual to physical: who decides (mode, V, MPRV, satp), then the TLB, then a walk. */
import { and, call, eq, eqz, i32, i64, if_, ne, or, return_, select, wrap, type Expr, type Procedure } from '../../isa/meaning.ts';
import { anyOf, assign, bitsOf, M, mode, modeIs, modeOf, mstatus, nonZero, procedure, setState, state, STATUS, variable, virtual } from '../hart/form.ts';
import { FETCH, STORE } from './fast-tlb.ts';
import { PTE } from './page-table.ts';
import { pteAt, secondAt } from './tlb.ts';

const va = variable('va');
const kind = variable('kind', 'i32');
const rights = variable('rights', 'i32');
const guest = variable('guest', 'i32');
const entry = variable('entry', 'i32');
const owner = variable('owner');

/** MPRV: loads and stores of M mode have the rights and the translation of the mode in MPP and MPV (3.1.6.3, 8.4.1). */
const borrows = (kindOf: Expr): Expr => and(and(modeIs(M), ne(kindOf, i32(FETCH))), anyOf(mstatus, STATUS.MPRV));
const previousMode = wrap(bitsOf(mstatus, 12, 11));
/** The mode whose rights an access of this kind has now. */
export const rightsNow = (kindOf: Expr): Expr => select(borrows(kindOf), previousMode, mode);
/** Whether it is an access of a guest. */
export const guestNow = (kindOf: Expr): Expr =>
  select(borrows(kindOf), and(anyOf(mstatus, STATUS.MPV), ne(previousMode, i32(M))), virtual);

export const TRANSLATION: readonly Procedure[] = [
  /** As an access of this kind would be translated now. */
  procedure('translate', [va, kind], 'i64', [return_(call('translateAs', 'i64', va, kind, rightsNow(kind), guestNow(kind)))]),

  procedure('translateAs', [va, kind, rights, guest], 'i64', [
    setState('accessVirtual', guest),
    if_(or(eq(rights, i32(M)), and(eqz(guest), eqz(modeOf(state('satp'))))), [return_(va)]),
    assign(owner, call('tlbOwner', 'i64', guest)),
    assign(entry, call('tlbLookup', 'i32', va, owner)),
    if_(entry, [
      // Only a walk says that an access is not allowed: the page table may have become more generous without a fence, which hardware
      // may notice or not; here it always does. A store by a page that is not dirty yet walks too, to set D.
      if_(call('mayAccess', 'i32', pteAt(entry), kind, rights, guest), [
        if_(or(eqz(guest), call('secondAllows', 'i32', secondAt(entry), kind)), [
          if_(or(ne(kind, i32(STORE)), eq(and(and(pteAt(entry), secondAt(entry)), i64(PTE.D)), i64(PTE.D))), [return_(call('tlbPhysical', 'i64', entry, va))]),
        ]),
      ]),
    ]),
    return_(call('walk', 'i64', va, kind, rights, guest, owner, nonZero(entry))),
  ]),
];
