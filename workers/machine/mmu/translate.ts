/** From virtual to physical: who decides (mode, MPRV, satp), then the TLB, then a walk. */
import { and, call, eq, eqz, i32, if_, ne, or, return_, select, wrap, type Procedure } from '../../isa/meaning.ts';
import { anyOf, assign, bitsOf, M, mode, modeIs, mstatus, procedure, state, STATUS, variable } from '../hart/form.ts';
import { FETCH, STORE } from './fast-tlb.ts';
import { pteAt } from './tlb.ts';
import { PTE } from './walk.ts';

const va = variable('va');
const kind = variable('kind', 'i32');
const rights = variable('rights', 'i32');
const entry = variable('entry', 'i32');

const satpIsBare = eqz(bitsOf(state('satp'), 63, 60));

export const TRANSLATION: readonly Procedure[] = [
  procedure('translate', [va, kind], 'i64', [
    // MPRV: loads and stores of M mode have the rights and the translation of the mode in MPP (3.1.6.3).
    assign(rights, select(and(and(modeIs(M), ne(kind, i32(FETCH))), anyOf(mstatus, STATUS.MPRV)), wrap(bitsOf(mstatus, 12, 11)), mode)),
    if_(or(eq(rights, i32(M)), satpIsBare), [return_(va)]),
    assign(entry, call('tlbLookup', 'i32', va)),
    if_(entry, [
      // Only a walk says that an access is not allowed: the page table may have become more generous without a fence, which hardware
      // may notice or not; here it always does. A store by a page that is not dirty yet walks too, to set D.
      if_(call('mayAccess', 'i32', pteAt(entry), kind, rights), [
        if_(or(ne(kind, i32(STORE)), anyOf(pteAt(entry), PTE.D)), [return_(call('tlbPhysical', 'i64', entry, va))]),
      ]),
    ]),
    return_(call('walk', 'i64', va, kind, rights)),
  ]),
];
