/**
 * Physical memory protection (privileged manual, 3.7): 16 regions, any size and place down to 4 bytes. The registers are unpacked into a
 * table whenever one of them changes, regions that are off left out: a record of 32 bytes is
 *   +0 i64 first byte   +8 i64 last byte   +16 i64 configuration (R 0, W 1, X 2, L 7)
 */
import {
  add, and, call, callStmt, ctz, eq, extendU, gtU, i32, i64, if_, ifElse, ltU, ne, not, or, peek, poke, return_, select, shl, sub, while_, type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { anyOf, assign, bitsOf, M, nonZero, procedure, setState, state, variable } from '../hart/form.ts';
import { PMP_TABLE } from '../memory-layout.ts';
import { BLOCK, FETCH, STORE } from './fast-tlb.ts';

const REGIONS = 16;
const RECORD_BYTES = 32;
const OFF = 0;
const TOR = 1;
const NA4 = 2;
const LOCKED = 0x80n;

const kept = variable('kept');
const wanted = variable('wanted');
const result = variable('result');
const byte = variable('byte');
const old = variable('old');
const n = variable('n', 'i32');
const at = variable('at', 'i32');
const first = variable('first');
const last = variable('last');
const end = variable('end');
const pa = variable('pa');
const width = variable('width', 'i32');
const kind = variable('kind', 'i32');
const rights = variable('rights', 'i32');
const count = variable('count', 'i32');
const config = variable('config');

const configOf = (region: number): Expr => bitsOf(state(region < 8 ? 'pmpcfg0' : 'pmpcfg2'), (region % 8) * 8 + 7, (region % 8) * 8);
const addressOf = (region: number): Expr => state(`pmpaddr${String(region)}`);

/** Puts one region into the table, when it is on. TOR reaches from the address register before; NAPOT's size is in its trailing ones. */
const unpack = (region: number): readonly Stmt[] => {
  const matching = bitsOf(config, 4, 3);
  const ones = ctz(not(addressOf(region)));
  return [
    assign(config, configOf(region)),
    if_(ne(matching, i64(OFF)), [
      if_(eq(matching, i64(TOR)), [
        assign(first, region === 0 ? i64(0) : shl(addressOf(region - 1), i64(2))),
        assign(end, shl(addressOf(region), i64(2))),
      ], [
        if_(eq(matching, i64(NA4)), [
          assign(first, shl(addressOf(region), i64(2))),
          assign(end, add(first, i64(4))),
        ], [
          assign(first, shl(and(addressOf(region), not(sub(shl(i64(1), ones), i64(1)))), i64(2))),
          // 54 address bits with all ones cover more than there is of physical address space: everything.
          assign(end, add(first, shl(i64(8), ones))),
        ]),
      ]),
      // An empty TOR region matches nothing.
      if_(ltU(first, end), [
        poke(8, at, first),
        poke(8, add(at, i32(8)), sub(end, i64(1))),
        poke(8, add(at, i32(16)), config),
        assign(at, add(at, i32(RECORD_BYTES))),
        assign(count, add(count, i32(1))),
      ]),
    ]),
  ];
};

/** Permission bits of an access, of which one is enough: R for loads, W for stores, X for fetches. */
const needed: Expr = select(eq(kind, i32(FETCH)), i64(4), select(eq(kind, i32(STORE)), i64(2), select(eq(kind, i32(BLOCK)), i64(3), i64(1))));

/** Mostly one region opens all of memory to all, and nothing has to be searched. */
export const pmpAllows = (address: Expr, bytes: number | Expr, accessKind: Expr, by: Expr): Expr =>
  ifElse(state('pmpOpen'), i32(1), call('pmpAllows', 'i32', address, typeof bytes === 'number' ? i32(bytes) : bytes, accessKind, by));

/** Physical addresses have 56 bits (10.4.1). TOR cannot reach the last four bytes; nothing is there. */
const opensAll: Expr = and(and(eq(first, i64(0)), gtU(last, i64((1n << 56n) - 8n))), eq(and(config, i64(7)), i64(7)));

export const PMP_PROCEDURES: readonly Procedure[] = [
  /** What a write leaves of eight configuration bytes: locked ones stay, W without R is reserved and leaves the byte as it was. */
  procedure('pmpLegalConfig', [kept, wanted], 'i64', [
    assign(result, i64(0)),
    ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((index) => [
      assign(old, bitsOf(kept, index * 8 + 7, index * 8)),
      assign(byte, bitsOf(wanted, index * 8 + 7, index * 8)),
      if_(or(anyOf(old, LOCKED), eq(and(byte, i64(3)), i64(2))), [assign(byte, old)]),
      assign(result, or(result, shl(byte, i64(index * 8)))),
    ]),
    return_(result),
  ]),

  /** After any change of a register: unpacks them all. Cached translations carry the old permissions, and so does decoded code. */
  procedure('pmpChanged', [], undefined, [
    assign(at, i32(PMP_TABLE)),
    assign(count, i32(0)),
    ...Array.from({ length: REGIONS }, (_, region) => unpack(region)).flat(),
    setState('pmpCount', count),
    assign(first, peek(8, 'i64', i32(PMP_TABLE))),
    assign(last, peek(8, 'i64', i32(PMP_TABLE + 8))),
    assign(config, peek(8, 'i64', i32(PMP_TABLE + 16))),
    setState('pmpOpen', and(nonZero(count), opensAll)),
    callStmt('flushFastTlb'),
    callStmt('codeWritten', i32(0), state('ramBytes')),
  ]),

  /**
   * Whether `width` bytes at a physical address may be accessed by `rights`. The lowest-numbered region that holds any of the bytes
   * decides, and must hold all of them; M mode is bound by locked regions only; without a region M may do all and others nothing.
   */
  procedure('pmpAllows', [pa, width, kind, rights], 'i32', [
    assign(end, sub(add(pa, extendU(width)), i64(1))),
    assign(at, i32(PMP_TABLE)),
    assign(n, state('pmpCount')),
    while_(nonZero(n),
      assign(first, peek(8, 'i64', at)),
      assign(last, peek(8, 'i64', add(at, i32(8)))),
      if_(and(gtU(add(end, i64(1)), first), ltU(pa, add(last, i64(1)))), [
        if_(or(ltU(pa, first), gtU(end, last)), [return_(i32(0))]),
        assign(config, peek(8, 'i64', add(at, i32(16)))),
        if_(and(eq(rights, i32(M)), eq(and(config, i64(LOCKED)), i64(0))), [return_(i32(1))]),
        return_(nonZero(and(config, needed))),
      ]),
      assign(at, add(at, i32(RECORD_BYTES))),
      assign(n, sub(n, i32(1))),
    ),
    return_(eq(rights, i32(M))),
  ]),

  /** Whether one region, or none, holds all of the 4 KiB page of an address: then what holds for one byte of it holds for all. */
  procedure('pmpWholePage', [pa], 'i32', [
    assign(pa, and(pa, i64(~0xfffn))),
    assign(at, i32(PMP_TABLE)),
    assign(n, state('pmpCount')),
    while_(nonZero(n),
      assign(first, peek(8, 'i64', at)),
      assign(last, peek(8, 'i64', add(at, i32(8)))),
      if_(and(gtU(add(pa, i64(0x1000)), first), ltU(pa, add(last, i64(1)))), [
        return_(and(eq(ltU(pa, first), i32(0)), eq(gtU(add(pa, i64(0xfff)), last), i32(0)))),
      ]),
      assign(at, add(at, i32(RECORD_BYTES))),
      assign(n, sub(n, i32(1))),
    ),
    return_(i32(1)),
  ]),
];
