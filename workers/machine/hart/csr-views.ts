/**
 * How one CSR is read and written, from its row in isa/csrs.ts: masks, views of another register, counters, and the rules beyond a
 * mask. Every legal-value rule (WARL) of this hart stands here or in that table.
 */
import { CSRS, csrByName, DELEGABLE_OF_GUEST, GUEST_INTERRUPTS, type CsrRow } from '../../isa/csrs.ts';
import {
  add, and, call, callStmt, eq, eqz, i32, i64, if_, ltU, not, or, select, shl, shrU, sub, xor, type Expr, type Stmt,
} from '../../isa/meaning.ts';
import { assert } from '../../base/assert.ts';
import { flushBank, flushUserPages } from '../mmu/fast-tlb.ts';
import { any, anyOf, assign, bitsOf, blend, hasHypervisor, modeOf, mstatus, setState, state, STATUS, variable, virtual } from './form.ts';

const instret = state('instret');

/** The counters run with the retired instructions; what M mode writes is kept as an offset. */
const COUNTER_OFFSET = { time: 'timeOffset', cycle: 'mcycleOffset', instret: 'minstretOffset' } as const;

/** The slot of a row, and of the row that a view looks at. */
function slotOf(row: CsrRow): string {
  const { storage } = row;
  if (storage.kind === 'view') {
    const viewed = csrByName(storage.of);
    assert(viewed, `${row.name} is a view of a register that does not exist`);
    return slotOf(viewed);
  }
  assert(storage.kind === 'slot', `${row.name} has no slot`);
  return storage.slot;
}

/**
 * The bits of a view that software finds: of sie and sip those that are delegated to S (10.1.3), of vsie and vsip those that HS delegates
 * on to VS (8.2.6), of hie and hip all.
 */
function visible(row: CsrRow, mask: bigint): Expr {
  switch (row.name) {
    case 'sie': case 'sip': return and(state('mideleg'), i64(mask));
    case 'vsie': case 'vsip': return and(state('hideleg'), i64(mask));
    default: return i64(mask);
  }
}

export function readOf(row: CsrRow): Expr {
  const { storage } = row;
  switch (storage.kind) {
    case 'slot': return state(storage.slot);
    case 'view': {
      const seen = and(state(slotOf(row)), visible(row, storage.readable));
      return storage.shift ? shrU(seen, i64(storage.shift)) : seen;
    }
    case 'gated': return and(state(storage.slot), or(i64(~storage.bits), state(storage.by)));
    case 'constant': return i64(storage.value);
    case 'counter': {
      const count = add(instret, state(COUNTER_OFFSET[storage.of]));
      // A guest's time is ahead of the machine's by htimedelta (8.2.7).
      return row.name === 'time' ? add(count, select(virtual, state('htimedelta'), i64(0))) : count;
    }
  }
}

const value = variable('value');
const before = variable('before');

/** A write changes the bits of a mask. */
const masked = (slot: string, mask: Expr): Stmt => setState(slot, or(and(state(slot), not(mask)), and(value, mask)));

/** SD says whether FS is dirty; there are no other units (3.1.6.7). */
const summarize = (slot: 'mstatus' | 'vsstatus'): Stmt =>
  setState(slot, or(and(state(slot), i64(~STATUS.SD)), select(eq(and(state(slot), i64(STATUS.FS)), i64(STATUS.FS)), i64(STATUS.SD), i64(0))));

/** Empties what of the fast TLBs depends on the bits of mstatus that have just changed (`before` holds the old value). */
const flushForStatus: readonly Stmt[] = [
  assign(before, xor(before, state('mstatus'))),
  if_(and(anyOf(before, STATUS.SUM), eqz(anyOf(mstatus, STATUS.SUM))), [flushUserPages]),
  // The MXR of HS makes execute-only pages readable for its guest, too (8.2.5).
  if_(anyOf(before, STATUS.MXR), [callStmt('flushFastTlb')]),
  if_(anyOf(before, STATUS.SUM | STATUS.MPRV | STATUS.MPP | STATUS.MPV), [flushBank('M')]),
];

/** MODE is Bare, or one that the machine has: Sv39 or Sv48 (and their x4 forms). */
const isModeOfTables: Expr = or(eq(modeOf(value), i64(0)), eq(modeOf(value), i64(8)));
const hasMode: Expr = or(isModeOfTables, eq(modeOf(value), i64(9)));
/** PPN 43:0, VMID 57:44 (14 bits); the root is 16 KiB, so the two low bits of the PPN are 0 (8.2.10). */
const HGATP_BITS = (15n << 60n) | (0x3fffn << 44n) | ((1n << 44n) - 4n);

/** A write with an unsupported MODE has no effect at all (10.1.11). Translations of the old space stay in the architectural TLB. */
const writeTranslation = (slot: string): readonly Stmt[] => [if_(hasMode, [setState(slot, value), callStmt('flushFastTlb')])];
/** Not so here: then MODE keeps its value, and the other fields are what they are written (8.2.10). */
const writeGuestTranslation: readonly Stmt[] = [
  if_(eq(hasMode, i32(0)), [assign(value, blend(value, 15n << 60n, state('hgatp')))]),
  setState('hgatp', and(value, i64(HGATP_BITS))), callStmt('flushFastTlb'),
];
/** MODE 2 and 3 are reserved: such a write has no effect (3.1.7). */
const writeVector = (slot: string): readonly Stmt[] => [if_(ltU(bitsOf(value, 1, 0), i64(2)), [setState(slot, value)])];
const updatePending = callStmt('updatePending');
const floatDirty = callStmt('floatDirty');
/** The next timer event may have moved: the engine comes back, so that the machine looks. */
const timerMoved: readonly Stmt[] = [updatePending, setState('stopRequest', i32(1))];

const SOFTWARE_OF_GUEST = 4n;
/** CBIE = 2 is reserved (Zicbom): the field keeps its value. */
const legalEnvironment = (slot: string): Stmt =>
  if_(eq(bitsOf(value, 5, 4), i64(2)), [assign(value, blend(value, 0x30n, state(slot)))]);

const PMPCFG_KEPT = 0x9f9f_9f9f_9f9f_9f9fn;

/** Rules that a mask cannot say; by the name of the register that is written. */
const RULES: Readonly<Record<string, (mask: bigint) => readonly Stmt[]>> = {
  // MPP = 2 is no mode: the field keeps its value (3.1.6.1).
  mstatus: (mask) => [
    assign(before, state('mstatus')),
    if_(eq(bitsOf(value, 12, 11), i64(2)), [assign(value, blend(value, STATUS.MPP, before))]),
    masked('mstatus', or(i64(mask), select(hasHypervisor, i64(STATUS.GVA | STATUS.MPV), i64(0)))),
    summarize('mstatus'),
    ...flushForStatus,
  ],
  sstatus: (mask) => [assign(before, state('mstatus')), masked('mstatus', i64(mask)), summarize('mstatus'), ...flushForStatus],
  vsstatus: (mask) => [
    assign(before, state('vsstatus')),
    masked('vsstatus', i64(mask)),
    summarize('vsstatus'),
    if_(anyOf(xor(before, state('vsstatus')), STATUS.SUM | STATUS.MXR), [callStmt('flushFastTlb')]),
  ],
  fflags: (mask) => [masked('fcsr', i64(mask)), floatDirty],
  frm: (mask) => [assign(value, shl(value, i64(5))), masked('fcsr', i64(mask)), floatDirty],
  fcsr: (mask) => [setState('fcsr', and(value, i64(mask))), floatDirty],
  satp: () => writeTranslation('satp'),
  vsatp: () => writeTranslation('vsatp'),
  hgatp: () => writeGuestTranslation,
  stvec: () => writeVector('stvec'),
  mtvec: () => writeVector('mtvec'),
  vstvec: () => writeVector('vstvec'),
  medeleg: (mask) => [masked('medeleg', select(hasHypervisor, i64(mask), i64(mask & ~DELEGABLE_OF_GUEST)))],
  mie: (mask) => [masked('mie', select(hasHypervisor, i64(mask), i64(mask & ~GUEST_INTERRUPTS)))],
  // What software may change of mip is its own (3.1.9); the guest's software interrupt is that of hvip (8.2.3).
  mip: (mask) => [masked('softwareInterrupts', i64(mask)), if_(hasHypervisor, [masked('hvip', i64(SOFTWARE_OF_GUEST))]), updatePending],
  sip: (mask) => [masked('softwareInterrupts', and(state('mideleg'), i64(mask))), updatePending],
  hip: (mask) => [masked('hvip', i64(mask)), updatePending],
  hvip: (mask) => [masked('hvip', i64(mask)), updatePending],
  vsip: (mask) => [assign(value, shl(value, i64(1))), masked('hvip', and(state('hideleg'), i64(mask))), updatePending],
  vsie: (mask) => [assign(value, shl(value, i64(1))), masked('mie', and(state('hideleg'), i64(mask)))],
  menvcfg: (mask) => [legalEnvironment('menvcfg'), masked('menvcfg', i64(mask)), ...timerMoved],
  senvcfg: (mask) => [legalEnvironment('senvcfg'), masked('senvcfg', i64(mask))],
  stimecmp: () => [setState('stimecmp', value), ...timerMoved],
  vstimecmp: () => [setState('vstimecmp', value), ...timerMoved],
  htimedelta: () => [setState('htimedelta', value), ...timerMoved],
  pmpcfg0: () => [setState('pmpcfg0', call('pmpLegalConfig', 'i64', state('pmpcfg0'), and(value, i64(PMPCFG_KEPT)))), callStmt('pmpChanged')],
  pmpcfg2: () => [setState('pmpcfg2', call('pmpLegalConfig', 'i64', state('pmpcfg2'), and(value, i64(PMPCFG_KEPT)))), callStmt('pmpChanged')],
};

/** A locked region keeps its address, and so does the one below a locked TOR region (3.7.1). */
const writePmpAddress = (index: number, slot: string, mask: bigint): readonly Stmt[] => {
  const byteOf = (region: number): Expr => bitsOf(state(region < 8 ? 'pmpcfg0' : 'pmpcfg2'), (region % 8) * 8 + 7, (region % 8) * 8);
  const locked = (region: number): Expr => anyOf(byteOf(region), 0x80n);
  const lockedAsBase = index === 15 ? [] : [eq(and(byteOf(index + 1), i64(0x98)), i64(0x88))];
  return [if_(eq(any(locked(index), ...lockedAsBase), i32(0)), [setState(slot, and(value, i64(mask))), callStmt('pmpChanged')])];
};

/** The writing of variable `value` to a CSR. */
export function writeTo(row: CsrRow): readonly Stmt[] {
  const { storage } = row;
  switch (storage.kind) {
    case 'constant': return [];
    case 'slot': {
      const rule = RULES[row.name];
      if (rule) return rule(storage.writable);
      if (row.name.startsWith('pmpaddr')) return writePmpAddress(Number(row.name.slice(7)), storage.slot, storage.writable);
      return storage.writable === 0n ? [] : [masked(storage.slot, i64(storage.writable))];
    }
    case 'view':
      return RULES[row.name]?.(storage.writable) ?? [masked(slotOf(row), visible(row, storage.writable))];
    // Bits that are read-only zero now keep what they hold (3.1.18).
    case 'gated':
      return [
        legalEnvironment(storage.slot),
        masked(storage.slot, and(i64(storage.writable), or(i64(~storage.bits), state(storage.by)))),
        ...timerMoved,
      ];
    case 'counter':
      // The value is what the next instruction reads: the one that writes does not count for it (Zicntr; 3.1.11).
      return storage.writable ? [setState(COUNTER_OFFSET[storage.of], sub(value, add(instret, i64(1))))] : [];
  }
}

/** Every row, in the order of the numbers. */
export const ROWS: readonly CsrRow[] = CSRS.toSorted((a, b) => a.number - b.number);
