/**
 * The walk of the first stage, Sv39 or Sv48 (privileged manual, 10.3.2, 10.4 and 10.5), by the table of satp, or in a guest by that of
 * vsatp, whose own addresses go through the second stage (8.5). Choices where the manual leaves one:
 *  - A and D are set by the hardware while menvcfg.ADUE (for guests henvcfg.ADUE) is set, else they raise page faults (Svadu).
 *  - Tables must lie in RAM; else the access fault of the original access.
 *  - Bits that belong to extensions that are not here (62:54 of every entry; D, A, U and N of a pointer) raise a page fault.
 */
import {
  add, and, call, callStmt, eq, eqz, gtU, i32, i64, if_, ltU, ne, or, peek, poke, return_, select, shl, shrS, shrU, sub, while_, wrap, type Procedure,
} from '../../isa/meaning.ts';
import { anyOf, assign, modeOf, mstatus, nonZero, procedure, S, state, STATUS, U, variable } from '../hart/form.ts';
import { countWork, FETCH, hasDecodedCode, isRam, linearOffset, LOAD, ramOffsetOf, STORE } from './fast-tlb.ts';
import {
  accessFault, ALL_PERMISSIONS, isBadEntry, isBadLeaf, isBadPointer, isLeaf, napotPiece, neededOf, offsetMaskOf, pageFault, pageOf, physicalAddress, PTE, rootOf, shiftOf,
} from './page-table.ts';
import { pmpAllows } from './pmp.ts';
import { ACCESS, TABLE_READ, TABLE_WRITE } from './second-stage.ts';

const va = variable('va');
const kind = variable('kind', 'i32');
/** The mode whose rights count: U or S, of the guest when `guest` is 1. */
const rights = variable('rights', 'i32');
const guest = variable('guest', 'i32');
const status = variable('status');
const atp = variable('atp');
const pte = variable('pte');
const table = variable('table');
const at = variable('at');
const level = variable('level', 'i32');
const global = variable('global', 'i32');
const known = variable('known', 'i32');
const owner = variable('owner');
const wanted = variable('wanted');
const pa = variable('pa');
const ones = variable('ones');

const HARDWARE_UPDATES = 1n << 61n;
const hardwareUpdates = anyOf(select(guest, and(state('menvcfg'), state('henvcfg')), state('menvcfg')), HARDWARE_UPDATES);

export const PAGE_WALK: readonly Procedure[] = [
  /** 1 when a leaf lets these rights make this kind of access (10.3.2 step 6; SUM and MXR: 10.1.1.2, of a guest: 8.2.5). */
  procedure('mayAccess', [pte, kind, rights, guest], 'i32', [
    assign(status, select(guest, state('vsstatus'), mstatus)),
    if_(anyOf(pte, PTE.U), [
      if_(ne(rights, i32(U)), [
        if_(or(eq(kind, i32(FETCH)), eqz(and(status, i64(STATUS.SUM)))), [return_(i32(0))]),
      ]),
    ], [
      if_(eq(rights, i32(U)), [return_(i32(0))]),
    ]),
    return_(nonZero(and(pte, neededOf(kind, anyOf(or(status, mstatus), STATUS.MXR))))),
  ]),

  /** Walks the table and remembers what it found for the TLB's `owner`, whether it had something (`known`) or not. The physical address; may fault. */
  procedure('walk', [va, kind, rights, guest, owner, known], 'i64', [
    countWork('pageWalks'),
    assign(atp, select(guest, state('vsatp'), state('satp'))),
    // Only a guest comes here without a first stage: its virtual addresses are guest-physical.
    if_(eqz(modeOf(atp)), [
      assign(pa, call('secondStage', 'i64', va, va, kind, i32(ACCESS))),
      callStmt('tlbInsert', va, i64(ALL_PERMISSIONS), state('secondLeaf'), pa, state('secondLevel'), i32(0), i32(0), owner, known),
      return_(pa),
    ]),
    assign(level, add(i32(2), eq(modeOf(atp), i64(9)))),
    // The bits above the address must equal its highest: bit 38 or 47 (10.4.1, 10.5.1).
    assign(ones, sub(i64(55), shiftOf(level))),
    if_(ne(shrS(shl(va, ones), ones), va), [pageFault(kind, va)]),
    assign(table, rootOf(atp)),
    assign(global, i32(0)),
    while_(i32(1),
      assign(at, add(table, shl(and(shrU(va, shiftOf(level)), i64(511)), i64(3)))),
      assign(pa, at),
      if_(guest, [assign(pa, call('secondStage', 'i64', at, va, kind, i32(TABLE_READ)))]),
      if_(eqz(isRam(pa)), [accessFault(kind, va)]),
      if_(eqz(pmpAllows(pa, 8, i32(LOAD), i32(S))), [accessFault(kind, va)]),
      assign(pte, peek(8, 'i64', linearOffset(pa))),
      if_(isBadEntry(pte), [pageFault(kind, va)]),
      // A global pointer makes everything below it global (10.3.1).
      assign(global, or(global, anyOf(pte, PTE.G))),
      if_(isLeaf(pte), [
        if_(eqz(call('mayAccess', 'i32', pte, kind, rights, guest)), [pageFault(kind, va)]),
        if_(isBadLeaf(pte, level), [pageFault(kind, va)]),
        assign(wanted, or(pte, select(eq(kind, i32(STORE)), i64(PTE.A | PTE.D), i64(PTE.A)))),
        if_(ne(wanted, pte), [
          if_(eqz(hardwareUpdates), [pageFault(kind, va)]),
          if_(guest, [assign(pa, call('secondStage', 'i64', at, va, kind, i32(TABLE_WRITE)))]),
          if_(eqz(pmpAllows(pa, 8, i32(STORE), i32(S))), [accessFault(kind, va)]),
          poke(8, linearOffset(pa), wanted),
          if_(hasDecodedCode(pa), [callStmt('codeWritten', wrap(ramOffsetOf(pa)), i32(8))]),
        ]),
        assign(pa, physicalAddress(napotPiece(wanted, va), va, offsetMaskOf(level))),
        if_(eqz(guest), [
          callStmt('tlbInsert', va, wanted, i64(ALL_PERMISSIONS), pa, level, global, i32(0), owner, known),
          return_(pa),
        ]),
        assign(pa, call('secondStage', 'i64', pa, va, kind, i32(ACCESS))),
        callStmt('tlbInsert', va, wanted, state('secondLeaf'), pa, select(ltU(level, state('secondLevel')), level, state('secondLevel')),
          global, gtU(level, state('secondLevel')), owner, known),
        return_(pa),
      ]),
      if_(or(isBadPointer(pte), eqz(level)), [pageFault(kind, va)]),
      assign(level, sub(level, i32(1))),
      assign(table, pageOf(pte)),
    ),
    return_(i64(0)),
  ]),
];
