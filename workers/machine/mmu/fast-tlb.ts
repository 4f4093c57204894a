/**
 * The fast TLBs: what an engine looks at before it calls a procedure. Pure caches of the architectural TLB (tlb.ts) and of the rules
 * of the current mode, so emptying one is never visible. One bank for each mode of the hart; the banks depend on
 *   U, S    satp, MXR, and S on SUM        VU, VS  vsatp, hgatp, MXR of HS and of the guest, and VS on the guest's SUM
 *   M       all of them, when MPRV is set
 * and on PMP, and are emptied when one of those changes. A page that PMP divides is never here. An entry is {i64 tag: va without its page offset, or -1; i32 to add to the address}.
 *
 * Kernels empty them at every change of address space, mostly after a few dozen accesses. So what is filled in is logged, and emptying
 * costs no more than filling did: a log for each bank, and one more for what S got with SUM set, which alone goes when SUM is cleared.
 */
import {
  add, and, call, callStmt, eq, eqz, extendU, fill, gtU, i32, i64, if_, ltU, mul, peek, poke, return_, select, shl, shrU, sub, while_, wrap,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { anyOf, assign, M, modeIs, mstatus, nonZero, procedure, state, STATUS, variable } from '../hart/form.ts';
import { COUNTERS, FAST_TLB, FAST_TLB_LOGS, PAGE_MAP, RAM_BASE } from '../memory-layout.ts';
import { ifWatching, WATCH, WATCH_ALL } from './watchpoints.ts';

export const LOAD = 0;
export const STORE = 1;
export const FETCH = 2;
/** A load that needs the permission to execute (hlvx). It never comes here. */
export const EXECUTE_LOAD = 3;
/** Management of a cache block: needs the permission to load or to store, and faults as a store (Zicbom). It never comes here. */
export const BLOCK = 4;

const ENTRY_BYTES = 16;
export const FAST_TLB_ENTRIES = 256;
const KIND_BYTES = FAST_TLB_ENTRIES * ENTRY_BYTES;
const BANK_BYTES = 3 * KIND_BYTES;
const BANKS = 5;
const EMPTY = i64(-1);

export const FLUSH_BANK = { U: 0, S: 1, M: 2, VU: 3, VS: 4 } as const;

/** The log of what S got with SUM set. */
const SUM_LOG = 5;
const LOGS = 6;
/** A log is a count (u32) and so many offsets of entries (u32); a greater count means that not all of them are there. */
const LOG_BYTES = 1024;
const MOST_LOGGED = 128;

const fillWithOnes = (offset: number, bytes: number): Stmt => fill(i32(FAST_TLB + offset), i32(0xff), i32(bytes));
/** Empties one mode's bank. */
export const flushBank = (bank: keyof typeof FLUSH_BANK): Stmt => callStmt('flushFastLog', i32(FLUSH_BANK[bank]));
/** Empties what S may not use without SUM. */
export const flushUserPages: Stmt = callStmt('flushFastLog', i32(SUM_LOG));

/** Where RAM holds this physical address, counted from the start of RAM; huge when the address is below RAM. */
export const ramOffsetOf = (pa: Expr): Expr => sub(pa, i64(RAM_BASE));
/** The page of this physical address is in RAM. */
export const isRam = (pa: Expr): Expr => ltU(ramOffsetOf(pa), extendU(state('ramBytes')));
export const linearOffset = (pa: Expr): Expr => add(state('ramOffset'), wrap(ramOffsetOf(pa)));

/** One more of what an engine counts of its work. */
export const countWork = (counter: keyof typeof COUNTERS): Stmt => poke(8, i32(COUNTERS[counter]), add(peek(8, 'i64', i32(COUNTERS[counter])), i64(1)));

/** The page of RAM at this physical address has decoded code, of which engines keep account in the page map. */
export const hasDecodedCode = (pa: Expr): Expr =>
  nonZero(peek(4, 'i32', add(i32(PAGE_MAP), wrap(shl(shrU(ramOffsetOf(pa), i64(12)), i64(2))))));

const va = variable('va');
const pa = variable('pa');
const kind = variable('kind', 'i32');
const entry = variable('entry', 'i32');
const n = variable('n', 'i32');
const log = variable('log', 'i32');
const at = variable('at', 'i32');
const count = variable('count', 'i32');

const indexOffset = (address: Expr): Expr => mul(and(wrap(shrU(address, i64(12))), i32(FAST_TLB_ENTRIES - 1)), i32(ENTRY_BYTES));
/** M mode is encoded as 3 and has bank 2. */
const bankOfMode: Expr = select(modeIs(M), i32(FLUSH_BANK.M), add(state('mode'), mul(state('virt'), i32(FLUSH_BANK.VU))));

/** Writes `entry` for the page of `va` at `pa`, and writes it down in the log at `at`. */
const fillEntry: readonly Stmt[] = [
  poke(8, entry, and(va, i64(~0xfffn))),
  poke(4, add(entry, i32(8)), sub(linearOffset(pa), wrap(va))),
  assign(count, add(peek(4, 'i32', at), i32(1))),
  if_(gtU(count, i32(MOST_LOGGED)), [assign(count, i32(MOST_LOGGED + 1))], [poke(4, add(at, shl(count, i32(2))), entry)]),
  poke(4, at, count),
];

export const FAST_TLB_PROCEDURES: readonly Procedure[] = [
  /** What an engine begins with, and when all of memory may have changed. */
  procedure('clearFastTlb', [], undefined, [
    fillWithOnes(0, BANKS * BANK_BYTES),
    ...Array.from({ length: LOGS }, (_, number) => poke(4, i32(FAST_TLB_LOGS + number * LOG_BYTES), i32(0))),
  ]),

  procedure('flushFastTlb', [], undefined, Array.from({ length: LOGS }, (_, number) =>
    if_(peek(4, 'i32', i32(FAST_TLB_LOGS + number * LOG_BYTES)), [callStmt('flushFastLog', i32(number))]))),

  /** Empties every entry of a log. */
  procedure('flushFastLog', [log], undefined, [
    assign(at, add(i32(FAST_TLB_LOGS), mul(log, i32(LOG_BYTES)))),
    assign(count, peek(4, 'i32', at)),
    if_(gtU(count, i32(MOST_LOGGED)), [
      fill(add(i32(FAST_TLB), mul(select(eq(log, i32(SUM_LOG)), i32(FLUSH_BANK.S), log), i32(BANK_BYTES))), i32(0xff), i32(BANK_BYTES)),
      assign(count, i32(0)),
    ]),
    poke(4, at, i32(0)),
    while_(nonZero(count),
      assign(at, add(at, i32(4))),
      poke(8, peek(4, 'i32', at), EMPTY),
      assign(count, sub(count, i32(1))),
    ),
  ]),

  procedure('flushFastStores', [], undefined, Array.from({ length: BANKS }, (_, bank) => fillWithOnes(bank * BANK_BYTES + STORE * KIND_BYTES, KIND_BYTES))),

  /** Forgets whatever every bank holds at the index of this address. */
  procedure('dropFastIndex', [va], undefined, [
    assign(entry, add(i32(FAST_TLB), indexOffset(va))),
    assign(n, i32(0)),
    while_(ltU(n, i32(BANKS * 3)),
      poke(8, entry, EMPTY),
      assign(entry, add(entry, i32(KIND_BYTES))),
      assign(n, add(n, i32(1))),
    ),
  ]),

  /** Lets the next access of this kind to this page of RAM go without a procedure. */
  procedure('fillFast', [va, pa, kind], undefined, [
    // Stores to a page with decoded code must come through storeSlow, which tells the engine.
    if_(and(eq(kind, i32(STORE)), hasDecodedCode(pa)), [return_()]),
    // And so must what the user watches.
    ifWatching(if_(call('watchesPage', 'i32', va, pa, select(eq(kind, i32(LOAD)), i32(WATCH.READ), i32(WATCH_ALL))), [return_()])),
    if_(eqz(state('pmpOpen')), [if_(eqz(call('pmpWholePage', 'i32', pa)), [return_()])]),
    countWork('fastTlbFills'),
    assign(log, bankOfMode),
    assign(entry, add(add(i32(FAST_TLB), mul(log, i32(BANK_BYTES))), add(mul(kind, i32(KIND_BYTES)), indexOffset(va)))),
    if_(and(eq(log, i32(FLUSH_BANK.S)), anyOf(mstatus, STATUS.SUM)), [assign(at, i32(SUM_LOG))], [assign(at, log)]),
    assign(at, add(i32(FAST_TLB_LOGS), mul(at, i32(LOG_BYTES)))),
    ...fillEntry,
    // What may be stored to may be loaded from: W without R is reserved, in page tables and PMP.
    if_(eq(kind, i32(STORE)), [assign(entry, sub(entry, i32(KIND_BYTES))), ...fillEntry]),
  ]),
];
