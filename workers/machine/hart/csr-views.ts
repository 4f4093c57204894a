/**
 * How one CSR is read and written, from its row in isa/csrs.ts: masks, views of another register, counters, and the rules beyond a
 * mask. Every legal-value rule (WARL) of this hart stands here or in that table.
 */
import { CSRS, csrByName, type CsrRow } from '../../isa/csrs.ts';
import { add, and, callStmt, eq, i64, if_, ltU, not, or, sub, xor, type Expr, type Stmt } from '../../isa/meaning.ts';
import { assert } from '../../base/assert.ts';
import { flushBank } from '../mmu/fast-tlb.ts';
import { anyOf, assign, bitsOf, blend, setState, state, STATUS, variable } from './form.ts';

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

/** sie and sip show, and let change, only the interrupts that are delegated (10.1.3). */
const onlyDelegated = (row: CsrRow, mask: bigint): Expr =>
  row.name === 'sie' || row.name === 'sip' ? and(state('mideleg'), i64(mask)) : i64(mask);

export function readOf(row: CsrRow): Expr {
  const { storage } = row;
  switch (storage.kind) {
    case 'slot': return state(storage.slot);
    case 'view': return and(state(slotOf(row)), onlyDelegated(row, storage.readable));
    case 'constant': return i64(storage.value);
    case 'counter': return add(instret, state(COUNTER_OFFSET[storage.of]));
  }
}

const value = variable('value');
const before = variable('before');

/** A write changes the bits of a mask. */
const masked = (slot: string, mask: Expr): Stmt => setState(slot, or(and(state(slot), not(mask)), and(value, mask)));

/** Empties what of the fast TLBs depends on the bits of mstatus that have just changed (`before` holds the old value). */
const flushForStatus: readonly Stmt[] = [
  assign(before, xor(before, state('mstatus'))),
  if_(anyOf(before, STATUS.SUM), [flushBank('S')]),
  if_(anyOf(before, STATUS.MXR), [flushBank('S'), flushBank('U')]),
  if_(anyOf(before, STATUS.SUM | STATUS.MXR | STATUS.MPRV | STATUS.MPP), [flushBank('M')]),
];

const SATP_SV39 = 8n;

/** Rules that a mask cannot say; by the name of the register that is written. */
const RULES: Readonly<Record<string, (mask: bigint) => readonly Stmt[]>> = {
  // MPP = 2 is no mode: the field keeps its value (3.1.6.1).
  mstatus: (mask) => [
    assign(before, state('mstatus')),
    if_(eq(bitsOf(value, 12, 11), i64(2)), [assign(value, blend(value, STATUS.MPP, before))]),
    masked('mstatus', i64(mask)),
    ...flushForStatus,
  ],
  sstatus: (mask) => [assign(before, state('mstatus')), masked('mstatus', i64(mask)), ...flushForStatus],
  // A write with an unsupported MODE has no effect at all (10.1.11). Translations of the old space stay in the architectural TLB.
  satp: () => [
    if_(or(eq(bitsOf(value, 63, 60), i64(0)), eq(bitsOf(value, 63, 60), i64(SATP_SV39))), [
      setState('satp', value),
      callStmt('flushFastTlb'),
    ]),
  ],
  // MODE 2 and 3 are reserved: such a write has no effect (3.1.7).
  stvec: () => [if_(ltU(bitsOf(value, 1, 0), i64(2)), [setState('stvec', value)])],
  mtvec: () => [if_(ltU(bitsOf(value, 1, 0), i64(2)), [setState('mtvec', value)])],
};

/** The writing of variable `value` to a CSR. */
export function writeTo(row: CsrRow): readonly Stmt[] {
  const { storage } = row;
  switch (storage.kind) {
    case 'constant': return [];
    case 'slot': {
      const rule = RULES[row.name];
      if (rule) return rule(storage.writable);
      return storage.writable === 0n ? [] : [masked(storage.slot, i64(storage.writable))];
    }
    case 'view':
      return RULES[row.name]?.(storage.writable) ?? [masked(slotOf(row), onlyDelegated(row, storage.writable))];
    case 'counter':
      // The value is what the next instruction reads: the one that writes does not count for it (Zicntr; 3.1.11).
      return storage.writable ? [setState(COUNTER_OFFSET[storage.of], sub(value, add(instret, i64(1))))] : [];
  }
}

/** Every row, in the order of the numbers. */
export const ROWS: readonly CsrRow[] = CSRS.toSorted((a, b) => a.number - b.number);
