/**
 * Cache-block instructions (Zicbom, Zicboz; privileged manual, menvcfg and its like). There is no cache to manage: of cbo.clean, cbo.flush and
 * cbo.inval the checks remain. A fault has the cause of a store and the address in rs1 as its trap value.
 */
import { ENVCFG } from '../../isa/csrs.ts';
import { add, and, call, callStmt, eq, eqz, extendU, i32, i64, if_, ltU, or, peek, poke, return_, while_, wrap, type Expr, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { assign, M, mode, modeIs, procedure, state, U, variable, virtual } from '../hart/form.ts';
import { illegalInstruction, virtualInstruction } from '../hart/illegal.ts';
import { BLOCK, hasDecodedCode, isRam, linearOffset, ramOffsetOf, STORE } from './fast-tlb.ts';
import { accessFault } from './page-table.ts';
import { pmpAllows } from './pmp.ts';
import { rightsNow } from './translate.ts';
import { ifWatching, WATCH } from './watchpoints.ts';

export const BLOCK_BYTES = 64;
const OFFSET_IN_BLOCK = BigInt(BLOCK_BYTES - 1);

const address = variable('address');
const which = variable('which', 'i32');
const raw = variable('raw');
const pa = variable('pa');
const host = variable('host', 'i32');
const n = variable('n', 'i32');

const closed = (register: 'menvcfg' | 'henvcfg' | 'senvcfg', bits: bigint): Expr => eqz(and(state(register), i64(bits)));
/** M has them always; below, each mode above must have opened them. What only a hypervisor or its guest closed is a virtual instruction. */
const checkEnabled = (bits: bigint): Stmt =>
  if_(ltU(mode, i32(M)), [
    if_(closed('menvcfg', bits), [illegalInstruction(raw)]),
    if_(virtual,
      [if_(or(closed('henvcfg', bits), and(modeIs(U), closed('senvcfg', bits))), [virtualInstruction(raw)])],
      [if_(and(modeIs(U), closed('senvcfg', bits)), [illegalInstruction(raw)])]),
  ]);

const translated = (kind: number): readonly Stmt[] => [
  assign(pa, call('translate', 'i64', address, i32(kind))),
  assign(pa, and(pa, i64(~OFFSET_IN_BLOCK))),
  if_(eqz(pmpAllows(pa, BLOCK_BYTES, i32(kind), rightsNow(i32(kind)))), [accessFault(i32(STORE), address)]),
  if_(eqz(isRam(pa)), [accessFault(i32(STORE), address)]),
];

export const CACHE_BLOCK: readonly Procedure[] = [
  procedure('manageBlock', [address, which, raw], undefined, [
    if_(eq(which, i32(1)), [checkEnabled(ENVCFG.CBIE)], [checkEnabled(ENVCFG.CBCFE)]),
    ...translated(BLOCK),
  ]),

  procedure('zeroBlock', [address, raw], undefined, [
    checkEnabled(ENVCFG.CBZE),
    ...translated(STORE),
    assign(host, linearOffset(pa)),
    assign(n, i32(0)),
    while_(ltU(n, i32(BLOCK_BYTES)),
      ifWatching(callStmt('watchAccess', add(and(address, i64(~OFFSET_IN_BLOCK)), extendU(n)), add(pa, extendU(n)), i32(8), i32(WATCH.WRITE), peek(8, 'i64', add(host, n)), i64(0))),
      poke(8, add(host, n), i64(0)),
      assign(n, add(n, i32(8))),
    ),
    if_(hasDecodedCode(pa), [callStmt('codeWritten', wrap(ramOffsetOf(pa)), i32(BLOCK_BYTES))]),
    return_(),
  ]),
];
