/**
 * The Sv39 page-table walk (privileged manual, 10.3.2 and 10.4). Choices where the manual leaves one:
 *  - The hardware sets A and D itself (as QEMU's virt machine does), instead of raising page faults for software to do it.
 *  - Tables must lie in RAM; else the access fault of the original access.
 *  - Bits that belong to extensions that are not here (63:54 of every entry; D, A and U of a pointer) raise a page fault.
 */
import {
  add, and, call, callStmt, eq, eqz, i32, i64, if_, ne, or, peek, poke, return_, select, shl, shrU, shrS, sub, trap, while_, wrap, extendU, mul,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { CAUSE } from '../../isa/causes.ts';
import { anyOf, assign, bitsOf, mstatus, nonZero, procedure, state, STATUS, U, variable } from '../hart/form.ts';
import { FETCH, hasDecodedCode, isRam, linearOffset, LOAD, ramOffsetOf, STORE } from './fast-tlb.ts';
import { physicalAddress } from './tlb.ts';

/** Bits of a page-table entry (10.3.1, figure of an Sv39 entry). */
export const PTE = { V: 1n, R: 2n, W: 4n, X: 8n, U: 16n, G: 32n, A: 64n, D: 128n, RESERVED: 0x3ffn << 54n } as const;

const byKind = (kind: Expr, load: number, store: number, fetch: number): Expr =>
  select(eq(kind, i32(LOAD)), i64(load), select(eq(kind, i32(STORE)), i64(store), i64(fetch)));
export const pageFault = (kind: Expr, va: Expr): Stmt =>
  trap(byKind(kind, CAUSE.loadPageFault, CAUSE.storePageFault, CAUSE.fetchPageFault), va);
export const accessFault = (kind: Expr, va: Expr): Stmt =>
  trap(byKind(kind, CAUSE.loadAccessFault, CAUSE.storeAccessFault, CAUSE.fetchAccessFault), va);

const va = variable('va');
const kind = variable('kind', 'i32');
/** The mode whose rights count: that of the hart, or of MPP when MPRV is set. */
const rights = variable('rights', 'i32');
const pte = variable('pte');
const table = variable('table');
const at = variable('at');
const level = variable('level', 'i32');
const global = variable('global', 'i32');
const offsetMask = variable('offsetMask');
const wanted = variable('wanted');
const needed = variable('needed');

/** The address bits below this level's page number: 12, 21 or 30. */
const shiftOf = (depth: Expr): Expr => extendU(add(i32(12), mul(depth, i32(9))));

export const PAGE_WALK: readonly Procedure[] = [
  /** 1 when a leaf lets these rights make this kind of access (10.3.2 step 6; SUM and MXR: 10.1.1.2). */
  procedure('mayAccess', [pte, kind, rights], 'i32', [
    if_(anyOf(pte, PTE.U), [
      if_(ne(rights, i32(U)), [
        if_(or(eq(kind, i32(FETCH)), eqz(and(mstatus, i64(STATUS.SUM)))), [return_(i32(0))]),
      ]),
    ], [
      if_(eq(rights, i32(U)), [return_(i32(0))]),
    ]),
    assign(needed, select(eq(kind, i32(FETCH)), i64(PTE.X), select(eq(kind, i32(STORE)), i64(PTE.W),
      select(anyOf(mstatus, STATUS.MXR), i64(PTE.R | PTE.X), i64(PTE.R))))),
    return_(nonZero(and(pte, needed))),
  ]),

  /** Walks the table of satp and remembers what it found. The physical address; may fault. */
  procedure('walk', [va, kind, rights], 'i64', [
    // Bits 63:39 must equal bit 38 (10.4.1).
    if_(ne(shrS(shl(va, i64(25)), i64(25)), va), [pageFault(kind, va)]),
    assign(table, shl(bitsOf(state('satp'), 43, 0), i64(12))),
    assign(level, i32(2)),
    assign(global, i32(0)),
    while_(i32(1),
      assign(at, add(table, shl(and(shrU(va, shiftOf(level)), i64(511)), i64(3)))),
      if_(eqz(isRam(at)), [accessFault(kind, va)]),
      assign(pte, peek(8, 'i64', linearOffset(at))),
      if_(or(eqz(and(pte, i64(PTE.V))), or(eq(and(pte, i64(PTE.R | PTE.W)), i64(PTE.W)), anyOf(pte, PTE.RESERVED))), [pageFault(kind, va)]),
      // A global pointer makes everything below it global (10.3.1).
      assign(global, or(global, anyOf(pte, PTE.G))),
      if_(anyOf(pte, PTE.R | PTE.X), [
        if_(eqz(call('mayAccess', 'i32', pte, kind, rights)), [pageFault(kind, va)]),
        assign(offsetMask, sub(shl(i64(1), shiftOf(level)), i64(1))),
        // A superpage must be aligned to its size.
        if_(nonZero(and(shl(bitsOf(pte, 53, 10), i64(12)), offsetMask)), [pageFault(kind, va)]),
        assign(wanted, or(pte, select(eq(kind, i32(STORE)), i64(PTE.A | PTE.D), i64(PTE.A)))),
        if_(ne(wanted, pte), [
          poke(8, linearOffset(at), wanted),
          if_(hasDecodedCode(at), [callStmt('codeWritten', wrap(ramOffsetOf(at)), i32(8))]),
        ]),
        callStmt('tlbInsert', va, wanted, level, global),
        return_(physicalAddress(wanted, va, offsetMask)),
      ]),
      if_(or(anyOf(pte, PTE.D | PTE.A | PTE.U), eqz(level)), [pageFault(kind, va)]),
      assign(level, sub(level, i32(1))),
      assign(table, shl(bitsOf(pte, 53, 10), i64(12))),
    ),
    return_(i64(0)),
  ]),
];
