/**
 * The fast TLBs: what an engine looks at before it calls a procedure. Pure caches of the architectural TLB (tlb.ts) and of the rules
 * of the current mode, so emptying one is never visible. One bank for each mode of the hart; the banks depend on
 *   U, S    satp, MXR, and S on SUM        VU, VS  vsatp, hgatp, MXR of HS and of the guest, and VS on the guest's SUM
 *   M       all of them, when MPRV is set
 * and on PMP, and are emptied when one of those changes. A page that PMP divides is never here. An entry is {i64 tag: va without its page offset, or -1; i32 to add to the address}.
 */
import {
  add, and, call, eq, eqz, extendU, fill, i32, i64, if_, ltU, mul, peek, poke, return_, select, shl, shrU, sub, while_, wrap,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { assign, M, modeIs, nonZero, procedure, state, variable } from '../hart/form.ts';
import { FAST_TLB, PAGE_MAP, RAM_BASE } from '../memory-layout.ts';

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

const fillWithOnes = (offset: number, bytes: number): Stmt => fill(i32(FAST_TLB + offset), i32(0xff), i32(bytes));
/** Empties one mode's bank. */
export const flushBank = (bank: keyof typeof FLUSH_BANK): Stmt => fillWithOnes(FLUSH_BANK[bank] * BANK_BYTES, BANK_BYTES);

/** Where RAM holds this physical address, counted from the start of RAM; huge when the address is below RAM. */
export const ramOffsetOf = (pa: Expr): Expr => sub(pa, i64(RAM_BASE));
/** The page of this physical address is in RAM. */
export const isRam = (pa: Expr): Expr => ltU(ramOffsetOf(pa), extendU(state('ramBytes')));
export const linearOffset = (pa: Expr): Expr => add(state('ramOffset'), wrap(ramOffsetOf(pa)));

/** The page of RAM at this physical address has decoded code, of which engines keep account in the page map. */
export const hasDecodedCode = (pa: Expr): Expr =>
  nonZero(peek(4, 'i32', add(i32(PAGE_MAP), wrap(shl(shrU(ramOffsetOf(pa), i64(12)), i64(2))))));

const va = variable('va');
const pa = variable('pa');
const kind = variable('kind', 'i32');
const entry = variable('entry', 'i32');
const n = variable('n', 'i32');

const indexOffset = (address: Expr): Expr => mul(and(wrap(shrU(address, i64(12))), i32(FAST_TLB_ENTRIES - 1)), i32(ENTRY_BYTES));
/** M mode is encoded as 3 and has bank 2. */
const bankOfMode: Expr = select(modeIs(M), i32(FLUSH_BANK.M), add(state('mode'), mul(state('virt'), i32(FLUSH_BANK.VU))));

export const FAST_TLB_PROCEDURES: readonly Procedure[] = [
  procedure('flushFastTlb', [], undefined, [fillWithOnes(0, BANKS * BANK_BYTES)]),

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
    if_(eqz(call('pmpWholePage', 'i32', pa)), [return_()]),
    assign(entry, add(add(i32(FAST_TLB), mul(bankOfMode, i32(BANK_BYTES))), add(mul(kind, i32(KIND_BYTES)), indexOffset(va)))),
    poke(8, entry, and(va, i64(~0xfffn))),
    poke(4, add(entry, i32(8)), sub(linearOffset(pa), wrap(va))),
  ]),
];
