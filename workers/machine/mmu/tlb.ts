/**
 * The architectural TLB: translations stay here until a fence drops them or another needs the place, even when the page table has
 * changed (privileged manual, 10.2.1, 10.3.2 and 8.5.3). So a missing fence shows, as on hardware. Part of the machine's state.
 *
 * Four arrays, one for each page size. An address has a set of WAYS entries, and an address space (or all of them, for a global page) one
 * way: so address spaces that take turns leave each other's entries alone, and a fence of an address still has only WAYS places to look at.
 * A translation of two stages stands here as one, of the smaller of its two pages. An entry is
 *   +0 i64 key     the first virtual address of the page, bit 0 set; 0 when empty
 *   +8 i64 pte     the leaf entry of the (first) stage, as it was read
 *  +16 i64 owner   whose it is, as `OWNER` says
 *  +24 i64 mask    the bits of an address that are the offset in the page
 *  +32 i64 second  the leaf entry of the second stage; all permissions where there is none
 *  +40 i64 page    the physical address of the page
 */
import {
  add, and, callStmt, eq, eqz, extendU, fill, gtU, i32, i64, if_, ltU, mul, not, or, peek, poke, return_, select, shl, shrU, sub, while_, wrap, xor,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { assign, bitsOf, modeOf, nonZero, procedure, setState, state, variable } from '../hart/form.ts';
import { ARCHITECTURAL_TLB } from '../memory-layout.ts';

export const TLB_ENTRY_BYTES = 48;
interface Level {
  readonly base: number;
  readonly sets: number;
  /** Address bits inside the page: 12, 21, 30, 39. */
  readonly shift: number;
}
const WAYS = 4;
const SIZES = [[512, 12], [128, 21], [16, 30], [4, 39]] as const;
/** By level of the page table: 4 KiB, 2 MiB, 1 GiB and 512 GiB pages. */
export const TLB_LEVELS: readonly Level[] = SIZES.map(([sets, shift], index) => ({
  base: ARCHITECTURAL_TLB + SIZES.slice(0, index).reduce((sum, [before]) => sum + before, 0) * WAYS * TLB_ENTRY_BYTES, sets, shift,
}));
const ENTRIES = TLB_LEVELS.reduce((sum, level) => sum + level.sets * WAYS, 0);
/**
 * After the entries: how many were filled in since all were dropped (u32), and where they are (u32 each), so that dropping a few costs
 * little. A count beyond MOST_LOGGED means that not all of them are there.
 */
const LOG = ARCHITECTURAL_TLB + ENTRIES * TLB_ENTRY_BYTES;
const MOST_LOGGED = 1024;
const logged = peek(4, 'i32', i32(LOG));
const loggedAt = (n: Expr): Expr => peek(4, 'i32', add(i32(LOG), shl(n, i32(2))));

/**
 * The owner of an entry: address space, and for a guest the machine that it is. A global page has ASID 0 and the global bit. The two bits
 * of absent stages are there because going to or from Bare takes effect without a fence (10.1.11, 8.2.10).
 */
export const OWNER = {
  ASID: 0xffffn,
  GLOBAL: 1n << 16n,
  VMID: 0x3fffn << 32n,
  VIRTUAL: 1n << 48n,
  /** A piece of a larger page of the first stage: a fence of any address in that page must find it. */
  PIECE: 1n << 49n,
  FIRST_BARE: 1n << 50n,
  SECOND_BARE: 1n << 51n,
} as const;

const pageOffsetMask = (level: Level): bigint => (1n << BigInt(level.shift)) - 1n;
/**
 * The one set of this level's array where the page of an address may stand. The bits from 30 on go in, too: a kernel maps the same
 * memory at addresses that differ only there.
 */
const setOf = (level: Level, va: Expr): Expr => {
  const page = shrU(va, i64(level.shift));
  const hashed = level.shift < 30 ? xor(page, xor(shrU(va, i64(30)), shrU(va, i64(38)))) : page;
  return add(i32(level.base), mul(and(wrap(hashed), i32(level.sets - 1)), i32(WAYS * TLB_ENTRY_BYTES)));
};
/** How far in a set the way of an owner is: by its ASID, which is 0 for a global page, and its VMID. */
const wayOf = (owner: Expr): Expr => mul(and(xor(wrap(owner), wrap(shrU(owner, i64(32)))), i32(WAYS - 1)), i32(TLB_ENTRY_BYTES));
const keyOf = (level: Level, va: Expr): Expr => or(and(va, i64(~pageOffsetMask(level))), i64(1));

const keyAt = (at: Expr): Expr => peek(8, 'i64', at);
export const pteAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(8)));
const ownerAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(16)));
const maskAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(24)));
export const secondAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(32)));
const pageAt = (at: Expr): Expr => peek(8, 'i64', add(at, i32(40)));

/** ASID of satp or vsatp (10.1.11), and the VMID of hgatp (8.2.10) in its place among the owner's bits. */
const asidOf = (atp: Expr): Expr => bitsOf(atp, 59, 44);
export const currentVmid: Expr = shl(bitsOf(state('hgatp'), 57, 44), i64(32));
const flagIf = (condition: Expr, flag: bigint): Expr => shl(extendU(condition), i64(flag.toString(2).length - 1));
/** Every owner that is part of the running guest, whatever its address space. */
export const thisGuest: Expr = or(i64(OWNER.VIRTUAL), currentVmid);

const va = variable('va');
const owner = variable('owner');
const mask = variable('mask');
const wanted = variable('wanted');
const pte = variable('pte');
const second = variable('second');
const page = variable('page');
const global = variable('global', 'i32');
const everybody = variable('everybody');
const ownWay = variable('ownWay', 'i32');
const globalWay = variable('globalWay', 'i32');
const set = variable('set', 'i32');
const piece = variable('piece', 'i32');
const known = variable('known', 'i32');
const depth = variable('level', 'i32');
const at = variable('at', 'i32');
const n = variable('n', 'i32');
const kept = variable('kept', 'i32');
const last = variable('last', 'i32');
const entry = variable('entry', 'i32');

const empty = (place: Expr): Stmt => poke(8, place, i64(0));
const belongs = (place: Expr): Expr => eq(and(ownerAt(place), mask), wanted);
/** Empties an entry in use that is to go; writes the others down. */
const dropOrKeep: readonly Stmt[] = [
  if_(nonZero(keyAt(at)), [
    if_(belongs(at), [empty(at)], [
      assign(kept, add(kept, i32(1))),
      if_(gtU(kept, i32(MOST_LOGGED)), [assign(kept, i32(MOST_LOGGED + 1))], [poke(4, add(i32(LOG), shl(kept, i32(2))), at)]),
    ]),
  ]),
];
const DIFFERENT = i64(OWNER.ASID | OWNER.GLOBAL | OWNER.PIECE);

/** Whose the global pages of `owner` are, and the ways of both. */
const bothWays: readonly Stmt[] = [
  assign(everybody, or(and(owner, not(i64(OWNER.ASID))), i64(OWNER.GLOBAL))),
  assign(ownWay, wayOf(owner)),
  assign(globalWay, wayOf(everybody)),
];
/** Does `then` with the entry `at` of `set` that translates `va` for `owner`, its own and the global one. */
const eachPlace = (level: Level, then: readonly Stmt[]): readonly Stmt[] => ([[ownWay, owner], [globalWay, everybody]] as const).flatMap(([way, whose]) => [
  assign(at, add(set, way)),
  if_(eq(keyAt(at), keyOf(level, va)), [if_(eq(and(ownerAt(at), not(i64(OWNER.PIECE))), whose), then)]),
]);
/** Empties the entry `at` for `va`. */
const drop = (index: number): readonly Stmt[] => [empty(at), index === 0 ? callStmt('dropFastIndex', va) : callStmt('flushFastTlb')];

export const TLB_PROCEDURES: readonly Procedure[] = [
  /** The owner of what is translated now, in a guest or not. */
  procedure('tlbOwner', [variable('guest', 'i32')], 'i64', [
    if_(eqz(variable('guest', 'i32')), [return_(asidOf(state('satp')))]),
    return_(or(or(asidOf(state('vsatp')), thisGuest),
      or(flagIf(eqz(modeOf(state('vsatp'))), OWNER.FIRST_BARE), flagIf(eqz(modeOf(state('hgatp'))), OWNER.SECOND_BARE)))),
  ]),

  /** The entry that translates an address for an owner, as an offset in linear memory; 0 when there is none. */
  procedure('tlbLookup', [va, owner], 'i32', [
    ...bothWays,
    ...TLB_LEVELS.flatMap((level) => [
      assign(set, setOf(level, va)),
      ...eachPlace(level, [return_(at)]),
    ]),
    return_(i32(0)),
  ]),

  /** The physical address that an entry gives for a virtual one. */
  procedure('tlbPhysical', [entry, va], 'i64', [return_(or(pageAt(entry), and(va, maskAt(entry))))]),

  /**
   * Remembers what a walk has found. No other entry of this owner for this address stays, so that there is never a choice between two: `known`
   * says whether the TLB had one.
   */
  procedure('tlbInsert', [va, pte, second, page, depth, global, piece, owner, known], undefined, [
    if_(nonZero(piece), [setState('tlbHasPieces', i32(1))]),
    ...bothWays,
    if_(nonZero(global), [
      callStmt('tlbDropAddress', va, not(DIFFERENT), and(owner, not(DIFFERENT))),
      assign(owner, everybody),
      assign(ownWay, globalWay),
    ], [if_(known, TLB_LEVELS.flatMap((level, index) => [
      assign(set, setOf(level, va)),
      ...eachPlace(level, drop(index)),
    ]))]),
    ...TLB_LEVELS.map((level, index) => if_(eq(depth, i32(index)), [
      assign(at, add(setOf(level, va), ownWay)),
      // What loses its place here may stand in a fast TLB.
      if_(nonZero(keyAt(at)), [index === 0 ? callStmt('dropFastIndex', keyAt(at)) : callStmt('flushFastTlb')], [callStmt('tlbLog', at)]),
      poke(8, at, keyOf(level, va)),
      poke(8, add(at, i32(8)), pte),
      poke(8, add(at, i32(16)), or(owner, select(nonZero(piece), i64(OWNER.PIECE), i64(0)))),
      poke(8, add(at, i32(24)), i64(pageOffsetMask(level))),
      poke(8, add(at, i32(32)), second),
      poke(8, add(at, i32(40)), and(page, i64(~pageOffsetMask(level)))),
    ])),
  ]),

  /** Drops what translates an address and whose owner has the bits `wanted` among those of `mask`. */
  procedure('tlbDropAddress', [va, mask, wanted], undefined, TLB_LEVELS.flatMap((level, index) => [
    assign(at, setOf(level, va)),
    assign(n, i32(WAYS)),
    while_(nonZero(n),
      if_(eq(keyAt(at), keyOf(level, va)), [if_(belongs(at), drop(index))]),
      assign(at, add(at, i32(TLB_ENTRY_BYTES))),
      assign(n, sub(n, i32(1))),
    ),
  ])),

  /** Drops every entry whose owner has the bits `wanted` among those of `mask`. The log keeps those that stay, so that the next one costs little. */
  procedure('tlbDrop', [mask, wanted], undefined, [
    assign(n, logged),
    assign(kept, i32(0)),
    if_(gtU(n, i32(MOST_LOGGED)), [
      assign(at, i32(ARCHITECTURAL_TLB)),
      assign(n, i32(ENTRIES)),
      while_(nonZero(n),
        ...dropOrKeep,
        assign(at, add(at, i32(TLB_ENTRY_BYTES))),
        assign(n, sub(n, i32(1))),
      ),
    ], [
      // From the first one on: what stays moves to places that have been read.
      assign(last, n),
      assign(n, i32(0)),
      while_(ltU(n, last),
        assign(n, add(n, i32(1))),
        assign(at, loggedAt(n)),
        ...dropOrKeep,
      ),
    ]),
    poke(4, i32(LOG), kept),
    callStmt('flushFastTlb'),
  ]),

  procedure('tlbDropAll', [], undefined, [
    assign(n, logged),
    if_(gtU(n, i32(MOST_LOGGED)), [
      fill(i32(ARCHITECTURAL_TLB), i32(0), i32(ENTRIES * TLB_ENTRY_BYTES)),
    ], [
      while_(nonZero(n),
        empty(loggedAt(n)),
        assign(n, sub(n, i32(1))),
      ),
    ]),
    poke(4, i32(LOG), i32(0)),
    setState('tlbHasPieces', i32(0)),
    setState('guestFences', add(state('guestFences'), i64(1))),
    callStmt('flushFastTlb'),
  ]),

  /** Writes down that an entry is in use, for who empties the TLB. */
  procedure('tlbLog', [at], undefined, [
    assign(n, add(logged, i32(1))),
    if_(gtU(n, i32(MOST_LOGGED)), [assign(n, i32(MOST_LOGGED + 1))], [poke(4, add(i32(LOG), shl(n, i32(2))), at)]),
    poke(4, i32(LOG), n),
  ]),
];
