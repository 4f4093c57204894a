/**
 * Watched memory: ranges at which the user wants to stop after an access. A page that holds one is kept out of the fast TLB for such
 * accesses (fast-tlb.ts), so each of them comes through a procedure (access.ts), which asks here; every other page costs nothing. What
 * was seen stands in slots of the hart until the machine looks, and the engine stops after the instruction, which has retired.
 *
 * An access that crosses a page comes in two pieces, a block of zeros in pieces of eight bytes: the first piece that hits is told.
 */
import {
  add, and, eq, extendU, gtU, i32, i64, if_, leU, mul, or, peek, return_, select, shl, shrU, sub, while_, xor, type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { assign, nonZero, procedure, setState, state, variable } from '../hart/form.ts';
import { WATCHED_RANGES } from '../memory-layout.ts';

/** What stops: bits. `CHANGED` is a write after which a watched byte is another one. */
export const WATCH = { READ: 1, WRITE: 2, CHANGED: 4 } as const;
export const WATCH_ALL = WATCH.READ | WATCH.WRITE | WATCH.CHANGED;
/** How the addresses of a range are meant: as instructions name them, in whatever address space; or behind all translation. */
export const WATCH_SPACE = { VIRTUAL: 0, PHYSICAL: 1 } as const;
/** Whose access was seen. */
export const WATCH_BY = { INSTRUCTION: 0, HOST: 1 } as const;

/** A range in the table: +0 i64 first byte, +8 i64 last byte, +16 u32 bits of WATCH, +20 u32 one of WATCH_SPACE. */
export const WATCHED_RANGE_BYTES = 32;
export const MOST_WATCHED_RANGES = 32;
const at = variable('at', 'i32');
const first: Expr = peek(8, 'i64', at);
const last: Expr = peek(8, 'i64', add(at, i32(8)));
const kinds: Expr = peek(4, 'i32', add(at, i32(16)));
const inSpace = (space: number): Expr => eq(peek(4, 'i32', add(at, i32(20))), i32(space));

const va = variable('va');
const pa = variable('pa');
const size = variable('size', 'i32');
const kind = variable('kind', 'i32');
const before = variable('before');
const after = variable('after');
const n = variable('n', 'i32');
const base = variable('base');
const low = variable('low');
const high = variable('high');
const seen = variable('seen', 'i32');

const watching: Expr = state('watchCount');
const eachRange = (...body: Stmt[]): readonly Stmt[] => [
  assign(n, i32(0)),
  while_(gtU(watching, n),
    assign(at, add(i32(WATCHED_RANGES), mul(n, i32(WATCHED_RANGE_BYTES)))),
    ...body,
    assign(n, add(n, i32(1))),
  ),
];
const lastOf = (from: Expr, bytes: Expr): Expr => add(from, extendU(sub(bytes, i32(1))));
/** The bits of `before` and `after` that differ in the bytes low..high of a piece that begins at `base`; at most eight bytes. */
const differing: Expr = and(
  shrU(xor(before, after), shl(sub(low, base), i64(3))),
  shrU(i64(-1), shl(sub(i64(7), sub(high, low)), i64(3))),
);

/** Asks about a piece of an access, where anything is watched at all. */
export const ifWatching = (...then: Stmt[]): Stmt => if_(watching, then);

export const WATCHPOINTS: readonly Procedure[] = [
  /** Whether accesses of such kinds to these two pages, which are one, must be seen. */
  procedure('watchesPage', [va, pa, kind], 'i32', [
    ...eachRange(
      if_(nonZero(and(kinds, kind)), [
        assign(base, and(select(inSpace(WATCH_SPACE.VIRTUAL), va, pa), i64(~0xfffn))),
        if_(and(leU(first, or(base, i64(0xfff))), leU(base, last)), [return_(i32(1))]),
      ]),
    ),
    return_(i32(0)),
  ]),

  /** A piece of an access, which happens: `kind` is READ or WRITE, `before` and `after` the bytes there (of a read the same). */
  procedure('watchAccess', [va, pa, size, kind, before, after], undefined, [
    ...eachRange(
      assign(base, select(inSpace(WATCH_SPACE.VIRTUAL), va, pa)),
      assign(low, select(gtU(first, base), first, base)),
      assign(high, lastOf(base, size)),
      assign(high, select(gtU(high, last), last, high)),
      if_(leU(low, high), [
        assign(seen, and(kinds, kind)),
        if_(and(eq(kind, i32(WATCH.WRITE)), nonZero(and(kinds, i32(WATCH.CHANGED)))), [if_(nonZero(differing), [assign(seen, i32(WATCH.WRITE))])]),
        if_(seen, [
          setState('stopRequest', i32(1)),
          // An atomic instruction reads and writes: it is told as both.
          if_(or(eq(state('watchHit'), i32(0)), and(eq(state('watchAddress'), va), eq(state('watchSize'), size))), [
            if_(eq(state('watchHit'), i32(0)), [setState('watchRange', n)]),
            setState('watchHit', or(state('watchHit'), kind)),
            setState('watchBy', i32(WATCH_BY.INSTRUCTION)),
            setState('watchPc', state('pc')),
            setState('watchAddress', va),
            setState('watchPhysical', pa),
            setState('watchSize', size),
            setState('watchBefore', before),
            setState('watchAfter', after),
          ]),
          return_(),
        ]),
      ]),
    ),
  ]),
];
