/** Loads, stores and fetches in full: what happens when the fast TLB does not know the page, and for devices and page crossings. */
import {
  add, and, call, callStmt, eq, eqz, extendU, gtU, i32, i64, if_, ifElse, let_, ltU, ne, or, peek, poke, return_, select, shl, shrU, sub, trap, while_, wrap,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { CAUSE } from '../../isa/causes.ts';
import { assign, mode, nonZero, procedure, setState, state, variable } from '../hart/form.ts';
import { EXECUTE_LOAD, FETCH, hasDecodedCode, isRam, linearOffset, LOAD, ramOffsetOf, STORE } from './fast-tlb.ts';
import { accessFault } from './page-table.ts';
import { pmpAllows } from './pmp.ts';
import { guestNow, rightsNow } from './translate.ts';
import { ifWatching, WATCH } from './watchpoints.ts';

const va = variable('va');
const rights = variable('rights', 'i32');
const guest = variable('guest', 'i32');
const own = variable('own', 'i32');
const width = variable('width', 'i32');
const kind = variable('kind', 'i32');
const value = variable('value');
const before = variable('before');
const pa = variable('pa');
const second = variable('second');
const nextPage = variable('nextPage');
const host = variable('host', 'i32');
const n = variable('n', 'i32');
/** Bytes of the access that lie in the first page. */
const inFirst = variable('inFirst', 'i32');

const widthMask = sub(width, i32(1));
const isMisaligned: Expr = nonZero(and(wrap(va), widthMask));
const pageOffset: Expr = and(wrap(va), i32(0xfff));
const crossesPage: Expr = gtU(add(pageOffset, width), i32(0x1000));

const peekWidth = (at: Expr): Expr =>
  ifElse(eq(width, i32(8)), peek(8, 'i64', at), ifElse(eq(width, i32(4)), peek(4, 'i64', at), ifElse(eq(width, i32(2)), peek(2, 'i64', at), peek(1, 'i64', at))));
const pokeWidth = (at: Expr): Stmt =>
  if_(eq(width, i32(8)), [poke(8, at, value)], [
    if_(eq(width, i32(4)), [poke(4, at, value)], [
      if_(eq(width, i32(2)), [poke(2, at, value)], [poke(1, at, value)]),
    ]),
  ]);
/** Of an access that will be done, in one piece or (crossing pages) in two. */
const watch = (seen: number, before: Expr): Stmt => ifWatching(callStmt('watchAccess', va, pa, width, i32(seen), before, value));
const watchBothPages = (seen: number, before: Expr): readonly Stmt[] => {
  const rest = (bits: Expr): Expr => shrU(bits, extendU(shl(inFirst, i32(3))));
  return [
    callStmt('watchAccess', va, pa, inFirst, i32(seen), before, value),
    callStmt('watchAccess', nextPage, second, sub(width, inFirst), i32(seen), rest(before), rest(value)),
  ];
};
const tellIfCode = (address: Expr, size: Expr): Stmt =>
  if_(hasDecodedCode(address), [callStmt('codeWritten', wrap(ramOffsetOf(address)), size)]);

/** A device is reached by aligned accesses only (the memory attributes of 3.6.2 are ours to choose). */
const refuseMisalignedDevice: Stmt = if_(isMisaligned, [accessFault(kind, va)]);
const faultOfDevice: Stmt = if_(state('busError'), [setState('busError', i32(0)), accessFault(kind, va)]);

/** PMP decides on the physical address, as the access of the mode whose rights count; hlvx reads (8.6.4). */
const protect = (address: Expr, bytes: Expr, at: Expr): Stmt =>
  if_(eqz(pmpAllows(address, bytes, select(eq(kind, i32(EXECUTE_LOAD)), i32(LOAD), kind), rights)), [accessFault(kind, at)]);

/**
 * Both pages of an access that crosses: translated before anything is read or written, so that a fault leaves nothing half done. The
 * trap value is the address in the page that is at fault (3.1.16). Crossing to or from a device is an access fault.
 */
const translateBothPages: readonly Stmt[] = [
  assign(nextPage, add(or(va, i64(0xfff)), i64(1))),
  assign(inFirst, sub(i32(0x1000), pageOffset)),
  assign(pa, call('translateAs', 'i64', va, kind, rights, guest)),
  protect(pa, inFirst, va),
  if_(eqz(isRam(pa)), [accessFault(kind, va)]),
  assign(second, call('translateAs', 'i64', nextPage, kind, rights, guest)),
  protect(second, sub(width, inFirst), nextPage),
  if_(eqz(isRam(second)), [accessFault(kind, nextPage)]),
];
/** The physical address of byte n. */
const byteAddress: Expr = select(ltU(n, inFirst), add(pa, extendU(n)), add(second, extendU(sub(n, inFirst))));
/** The bytes of both pages. */
const gather = (into: typeof value): readonly Stmt[] => [
  assign(into, i64(0)),
  assign(n, i32(0)),
  while_(ltU(n, width),
    let_('byte', peek(1, 'i64', linearOffset(byteAddress))),
    assign(into, or(into, shl(variable('byte'), extendU(shl(n, i32(3)))))),
    assign(n, add(n, i32(1))),
  ),
];

export const MEMORY_ACCESS: readonly Procedure[] = [
  procedure('loadSlow', [va, width, kind], 'i64', [
    // Atomics must be aligned (unprivileged manual, 13.4); other accesses need not.
    if_(and(eq(kind, i32(STORE)), isMisaligned), [trap(i64(CAUSE.misalignedStore), va)]),
    return_(call('loadAs', 'i64', va, width, kind, rightsNow(kind), guestNow(kind), i32(1))),
  ]),

  /** A load with given rights. With `own` they are those of the hart's mode, and the fast TLB of that mode may learn of the page. */
  procedure('loadAs', [va, width, kind, rights, guest, own], 'i64', [
    if_(crossesPage, [return_(call('loadAcrossPages', 'i64', va, width, kind, rights, guest))]),
    assign(pa, call('translateAs', 'i64', va, kind, rights, guest)),
    protect(pa, width, va),
    if_(isRam(pa), [
      if_(own, [callStmt('fillFast', va, pa, kind)]),
      assign(host, linearOffset(pa)),
      assign(value, peekWidth(host)),
      watch(WATCH.READ, value),
      return_(value),
    ]),
    refuseMisalignedDevice,
    assign(value, call('deviceRead', 'i64', pa, width)),
    faultOfDevice,
    watch(WATCH.READ, value),
    return_(value),
  ]),

  procedure('loadAcrossPages', [va, width, kind, rights, guest], 'i64', [
    ...translateBothPages,
    ...gather(value),
    ifWatching(...watchBothPages(WATCH.READ, value)),
    return_(value),
  ]),

  procedure('storeSlow', [va, width, value], undefined, [
    callStmt('storeAs', va, width, value, rightsNow(i32(STORE)), guestNow(i32(STORE)), i32(1)),
  ]),

  /** A store with given rights; `own` as for loadAs. */
  procedure('storeAs', [va, width, value, rights, guest, own], undefined, [
    assign(kind, i32(STORE)),
    if_(crossesPage, [callStmt('storeAcrossPages', va, width, value, rights, guest), return_()]),
    assign(pa, call('translateAs', 'i64', va, kind, rights, guest)),
    protect(pa, width, va),
    if_(isRam(pa), [
      if_(own, [callStmt('fillFast', va, pa, kind)]),
      assign(host, linearOffset(pa)),
      watch(WATCH.WRITE, peekWidth(host)),
      pokeWidth(host),
      tellIfCode(pa, width),
      return_(),
    ]),
    refuseMisalignedDevice,
    callStmt('deviceWrite', pa, width, value),
    faultOfDevice,
    // What was there before, a device does not tell.
    watch(WATCH.WRITE, value),
  ]),

  procedure('storeAcrossPages', [va, width, value, rights, guest], undefined, [
    assign(kind, i32(STORE)),
    ...translateBothPages,
    ifWatching(...gather(before), ...watchBothPages(WATCH.WRITE, before)),
    assign(n, i32(0)),
    while_(ltU(n, width),
      poke(1, linearOffset(byteAddress), shrU(value, extendU(shl(n, i32(3))))),
      assign(n, add(n, i32(1))),
    ),
    tellIfCode(pa, inFirst),
    tellIfCode(second, sub(width, inFirst)),
  ]),

  /**
   * The linear-memory offset of the instruction bytes at an address. Only RAM holds instructions. Of an instruction that goes on in the
   * next page only the half in this one is looked at.
   */
  procedure('fetchAddress', [va], 'i32', [
    assign(kind, i32(FETCH)),
    assign(pa, call('translate', 'i64', va, kind)),
    if_(eqz(isRam(pa)), [accessFault(kind, va)]),
    assign(host, linearOffset(pa)),
    assign(width, select(and(eq(and(peek(1, 'i32', host), i32(3)), i32(3)), ne(pageOffset, i32(0xffe))), i32(4), i32(2))),
    assign(rights, mode),
    protect(pa, width, va),
    callStmt('fillFast', va, pa, kind),
    return_(host),
  ]),

  /**
   * LR reserves the physical address; SC succeeds when it is still the reserved one (unprivileged manual, 13.2). Devices that write to memory
   * break a reservation (machine.ts); of the hart itself nothing else does, and neither do traps.
   */
  procedure('reserve', [va, variable('size')], undefined, [
    setState('reservation', call('translate', 'i64', va, i32(LOAD))),
  ]),
  procedure('tryReservation', [va, variable('size')], 'i32', [
    if_(and(wrap(va), sub(wrap(variable('size')), i32(1))), [trap(i64(CAUSE.misalignedStore), va)]),
    assign(pa, call('translate', 'i64', va, i32(STORE))),
    assign(n, eq(state('reservation'), pa)),
    setState('reservation', i64(-1)),
    return_(n),
  ]),
];
