/**
 * The second stage of translation (privileged manual, 8.5): guest-physical to physical, by the table of hgatp, Sv39x4 or Sv48x4. Its root
 * has four times the entries. Every access counts as one of U mode.
 *
 * The TLB holds both stages together, by virtual address. Beside it stand the leaves of the second stage alone, by guest-physical page, for a
 * guest that fences its own tables needs only the first stage anew. They stay until an hfence.gvma (8.3.2), whatever it names, or a
 * fence of all of a guest's own addresses (which need not reach the second stage, but does on machines that hypervisors are tested on); and like
 * entries of the TLB one that refuses an access is looked up again. 256 places of 32 bytes:
 *   +0 i64 key    the guest-physical address of the page, bit 0 set
 *   +8 i64 owner  how many fences there were (`guestFences`), and below it in 14 bits the VMID
 *  +16 i64 leaf   as it was read, with A and D as the walk has left them
 *  +24 i32 level
 */
import {
  add, and, call, callStmt, eq, eqz, i32, i64, if_, mul, ne, or, peek, poke, return_, select, shl, shrU, sub, while_, wrap, xor, type Expr, type Procedure,
} from '../../isa/meaning.ts';
import { anyOf, assign, bitsOf, modeOf, mstatus, nonZero, procedure, S, setState, state, STATUS, variable } from '../hart/form.ts';
import { SECOND_STAGE_TLB } from '../memory-layout.ts';
import { hasDecodedCode, isRam, linearOffset, LOAD, ramOffsetOf, STORE } from './fast-tlb.ts';
import {
  accessFault, ALL_PERMISSIONS, guestPageFault, isBadEntry, isBadLeaf, isBadPointer, isLeaf, napotPiece, neededOf, offsetMaskOf, pageOf, physicalAddress, PTE, rootOf, shiftOf, TOP_LEVEL,
} from './page-table.ts';
import { pmpAllows } from './pmp.ts';

/** Why the second stage is asked: for the access itself, or by the walk of the first stage for its table, to read or to write an entry. */
export const ACCESS = 0;
export const TABLE_READ = 1;
export const TABLE_WRITE = 2;
/** The pseudo-instructions of such accesses, 64 bits wide (8.6.3, table of mtinst and htinst values). */
const PSEUDO_READ = 0x3000n;
const PSEUDO_WRITE = 0x3020n;

const gpa = variable('gpa');
const va = variable('va');
const kind = variable('kind', 'i32');
const reason = variable('reason', 'i32');
const access = variable('access', 'i32');
const pte = variable('pte');
const wanted = variable('wanted');
const table = variable('table');
const at = variable('at');
const index = variable('index');
const level = variable('level', 'i32');
const top = variable('top', 'i32');
const place = variable('place', 'i32');
const owner = variable('owner');
const known = variable('known');

const PLACES = 256;
const PLACE_BYTES = 32;
/** The pages of one table stand side by side; what is 2 MiB further up stands elsewhere. */
const placeOf = (address: Expr): Expr =>
  add(i32(SECOND_STAGE_TLB), mul(and(wrap(xor(shrU(address, i64(12)), shrU(address, i64(21)))), i32(PLACES - 1)), i32(PLACE_BYTES)));
const keyOf = (address: Expr): Expr => or(and(address, i64(~0xfffn)), i64(1));
const field = (at: number): Expr => add(place, i32(at));

const pseudo = select(eq(reason, i32(ACCESS)), i64(0), select(eq(reason, i32(TABLE_READ)), i64(PSEUDO_READ), i64(PSEUDO_WRITE)));
const fault = guestPageFault(kind, va, gpa, pseudo);
const HARDWARE_UPDATES = 1n << 61n;

export const SECOND_STAGE: readonly Procedure[] = [
  /** Whether a leaf of hgatp's table lets an access through: it counts as one of U mode; MXR of HS makes executable pages readable. */
  procedure('secondAllows', [pte, kind], 'i32', [
    return_(and(anyOf(pte, PTE.U), nonZero(and(pte, neededOf(kind, anyOf(mstatus, STATUS.MXR)))))),
  ]),

  /**
   * Guest-physical to physical, leaving the leaf and its level in `secondLeaf` and `secondLevel`. Faults are those of the original access
   * (`kind`, with its virtual address as the trap value), whatever the reason that it was asked for.
   */
  procedure('secondStage', [gpa, va, kind, reason], 'i64', [
    if_(eqz(modeOf(state('hgatp'))), [
      setState('secondLeaf', i64(ALL_PERMISSIONS)),
      setState('secondLevel', i32(TOP_LEVEL)),
      return_(gpa),
    ]),
    assign(access, select(eq(reason, i32(ACCESS)), kind, select(eq(reason, i32(TABLE_WRITE)), i32(STORE), i32(LOAD)))),
    assign(place, placeOf(gpa)),
    assign(owner, or(shl(state('guestFences'), i64(14)), bitsOf(state('hgatp'), 57, 44))),
    if_(and(eq(peek(8, 'i64', place), keyOf(gpa)), eq(peek(8, 'i64', field(8)), owner)), [
      assign(known, peek(8, 'i64', field(16))),
      if_(and(call('secondAllows', 'i32', known, access), or(ne(access, i32(STORE)), anyOf(known, PTE.D))), [
        assign(level, peek(4, 'i32', field(24))),
        setState('secondLeaf', known),
        setState('secondLevel', level),
        return_(physicalAddress(napotPiece(known, gpa), gpa, offsetMaskOf(level))),
      ]),
    ]),
    assign(top, add(i32(2), eq(modeOf(state('hgatp')), i64(9)))),
    // 41 or 50 bits: two more than the first stage has (8.5.1).
    if_(nonZero(shrU(gpa, add(shiftOf(top), i64(11)))), fault),
    assign(table, rootOf(state('hgatp'))),
    assign(level, top),
    assign(index, i64(2047)),
    while_(i32(1),
      assign(at, add(table, shl(and(shrU(gpa, shiftOf(level)), index), i64(3)))),
      if_(eqz(isRam(at)), [accessFault(kind, va)]),
      if_(eqz(pmpAllows(at, 8, i32(LOAD), i32(S))), [accessFault(kind, va)]),
      assign(pte, peek(8, 'i64', linearOffset(at))),
      if_(isBadEntry(pte), fault),
      if_(isLeaf(pte), [
        if_(or(isBadLeaf(pte, level), eqz(call('secondAllows', 'i32', pte, access))), fault),
        assign(wanted, or(pte, select(eq(access, i32(STORE)), i64(PTE.A | PTE.D), i64(PTE.A)))),
        if_(ne(wanted, pte), [
          if_(eqz(anyOf(state('menvcfg'), HARDWARE_UPDATES)), fault),
          if_(eqz(pmpAllows(at, 8, i32(STORE), i32(S))), [accessFault(kind, va)]),
          poke(8, linearOffset(at), wanted),
          if_(hasDecodedCode(at), [callStmt('codeWritten', wrap(ramOffsetOf(at)), i32(8))]),
        ]),
        poke(8, place, keyOf(gpa)),
        poke(8, field(8), owner),
        poke(8, field(16), wanted),
        poke(4, field(24), level),
        setState('secondLeaf', wanted),
        setState('secondLevel', level),
        return_(physicalAddress(napotPiece(wanted, gpa), gpa, offsetMaskOf(level))),
      ]),
      if_(or(isBadPointer(pte), eqz(level)), fault),
      assign(level, sub(level, i32(1))),
      assign(table, pageOf(pte)),
      assign(index, i64(511)),
    ),
    return_(i64(0)),
  ]),
];
