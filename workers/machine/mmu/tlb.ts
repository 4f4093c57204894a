/**
 * The architectural TLB: translations stay here until sfence.vma drops them or another needs the place, even when the page table has
 * changed (privileged manual, 10.2.1 and 10.3.2). So a missing fence shows, as on hardware. Part of the machine's state.
 *
 * Three direct-mapped arrays, one for each page size. An entry is
 *   +0 i64 key     the first virtual address of the page, bit 0 set; 0 when empty
 *   +8 i64 pte     the leaf entry as it was read
 *  +16 i64 owner   ASID; bit 16 set for a global page, which belongs to every address space
 *  +24 i64 mask    the bits of an address that are the offset in the page
 */
import {
  add, and, callStmt, eq, eqz, fill, i32, i64, if_, ltU, mul, not, or, peek, poke, return_, select, shl, shrU, while_, wrap,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { anyOf, assign, bitsOf, nonZero, procedure, state, variable } from '../hart/form.ts';
import { ARCHITECTURAL_TLB } from '../memory-layout.ts';

export const TLB_ENTRY_BYTES = 32;
interface Level {
  readonly base: number;
  readonly entries: number;
  /** Address bits inside the page: 12, 21, 30. */
  readonly shift: number;
}
/** By level of the page table: 4 KiB, 2 MiB and 1 GiB pages. */
export const TLB_LEVELS: readonly [Level, Level, Level] = [
  { base: ARCHITECTURAL_TLB, entries: 512, shift: 12 },
  { base: ARCHITECTURAL_TLB + 512 * TLB_ENTRY_BYTES, entries: 64, shift: 21 },
  { base: ARCHITECTURAL_TLB + (512 + 64) * TLB_ENTRY_BYTES, entries: 16, shift: 30 },
];
const ENTRIES = TLB_LEVELS.reduce((sum, level) => sum + level.entries, 0);
const GLOBAL = 1n << 16n;

const pageOffsetMask = (level: Level): bigint => (1n << BigInt(level.shift)) - 1n;
/** The one place in this level's array where the page of an address may stand. */
const placeOf = (level: Level, va: Expr): Expr =>
  add(i32(level.base), mul(and(wrap(shrU(va, i64(level.shift))), i32(level.entries - 1)), i32(TLB_ENTRY_BYTES)));
const keyOf = (level: Level, va: Expr): Expr => or(and(va, i64(~pageOffsetMask(level))), i64(1));

const keyAt = (at: Expr): Expr => peek(8, 'i64', at);
export const pteAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(8)));
const ownerAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(16)));
const maskAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(24)));

/** satp.ASID (10.1.11). */
const currentAsid = bitsOf(state('satp'), 59, 44);

const va = variable('va');
const asid = variable('asid');
const pte = variable('pte');
const global = variable('global', 'i32');
const depth = variable('level', 'i32');
const at = variable('at', 'i32');
const n = variable('n', 'i32');
const entry = variable('entry', 'i32');

const ANY_SPACE = i64(-1);
const empty = (place: Expr): Stmt => poke(8, place, i64(0));

/** One 64-bit page-table entry's physical page, with the offset of the address in a page of this size. */
export const physicalAddress = (leaf: Expr, address: Expr, offsetMask: Expr): Expr =>
  or(and(shl(bitsOf(leaf, 53, 10), i64(12)), not(offsetMask)), and(address, offsetMask));

export const TLB_PROCEDURES: readonly Procedure[] = [
  /** The entry that translates an address in the current address space, as an offset in linear memory; 0 when there is none. */
  procedure('tlbLookup', [va], 'i32', [
    ...TLB_LEVELS.flatMap((level) => [
      assign(at, placeOf(level, va)),
      if_(eq(keyAt(at), keyOf(level, va)), [
        if_(or(eq(ownerAt(at), currentAsid), anyOf(ownerAt(at), GLOBAL)), [return_(at)]),
      ]),
    ]),
    return_(i32(0)),
  ]),

  /** The physical address that an entry gives for a virtual one. */
  procedure('tlbPhysical', [entry, va], 'i64', [return_(physicalAddress(pteAt(entry), va, maskAt(entry)))]),

  /** Remembers a leaf that a walk has found. No other entry for this address stays, so that there is never a choice between two. */
  procedure('tlbInsert', [va, pte, depth, global], undefined, [
    callStmt('tlbDropAddress', va, ANY_SPACE),
    ...TLB_LEVELS.map((level, index) => if_(eq(depth, i32(index)), [
      assign(at, placeOf(level, va)),
      poke(8, at, keyOf(level, va)),
      poke(8, add(at, i32(8)), pte),
      poke(8, add(at, i32(16)), or(currentAsid, select(nonZero(global), i64(GLOBAL), i64(0)))),
      poke(8, add(at, i32(24)), i64(pageOffsetMask(level))),
    ])),
    // What has lost its place here may stand in a fast TLB: that of a small page only at this page's index.
    if_(eqz(depth), [callStmt('dropFastIndex', va)], [callStmt('flushFastTlb')]),
  ]),

  /** Drops what translates an address: of one address space except its global pages, or (ASID -1) of all. */
  procedure('tlbDropAddress', [va, asid], undefined, TLB_LEVELS.flatMap((level, index) => [
    assign(at, placeOf(level, va)),
    if_(eq(keyAt(at), keyOf(level, va)), [
      if_(or(eq(asid, ANY_SPACE), eq(ownerAt(at), asid)), [
        empty(at),
        index === 0 ? callStmt('dropFastIndex', va) : callStmt('flushFastTlb'),
      ]),
    ]),
  ])),

  /** Drops all of one address space except its global pages. */
  procedure('tlbDropSpace', [asid], undefined, [
    assign(at, i32(ARCHITECTURAL_TLB)),
    assign(n, i32(0)),
    while_(ltU(n, i32(ENTRIES)),
      if_(eq(ownerAt(at), asid), [empty(at)]),
      assign(at, add(at, i32(TLB_ENTRY_BYTES))),
      assign(n, add(n, i32(1))),
    ),
    callStmt('flushFastTlb'),
  ]),

  procedure('tlbDropAll', [], undefined, [
    fill(i32(ARCHITECTURAL_TLB), i32(0), i32(ENTRIES * TLB_ENTRY_BYTES)),
    callStmt('flushFastTlb'),
  ]),
];
