/**
 * CSRs without any rule but a mask, accessed in the mode that they belong to: nothing is to be checked, and nothing else changes. What an instruction does otherwise
 * (`general`) is for all other modes. In VS mode a supervisor register is the guest's copy (privileged manual, 8.2).
 */
import { csrByName, type CsrRow } from '../../isa/csrs.ts';
import { and, i32, i64, if_, let_, local, ne, not, or, select, setRd, xor, type Expr, type Stmt } from '../../isa/meaning.ts';
import { assert } from '../../base/assert.ts';
import { readOf } from './csr-views.ts';
import { any, anyOf, M, mode, mstatus, S, setState, state, STATUS, virtual } from './form.ts';

export const PLAIN_CSRS = ['sscratch', 'sepc', 'scause', 'stval', 'mscratch', 'mepc', 'mcause', 'mtval'] as const;
/** Of these only the reading is as plain. */
export const PLAIN_STATUS = ['sstatus', 'mstatus'] as const;

const rowOf = (name: string): CsrRow => {
  const row = csrByName(name);
  assert(row, `there is no CSR ${name}`);
  return row;
};
const isOfMachine = (name: string): boolean => name.startsWith('m');
const elsewhere = (name: string): Expr => ne(mode, i32(isOfMachine(name) ? M : S));

const read = (name: string): Expr => (isOfMachine(name) ? readOf(rowOf(name)) : select(virtual, readOf(rowOf(`v${name}`)), readOf(rowOf(name))));

const write = (name: string, value: Expr): Stmt => {
  const { storage } = rowOf(name);
  assert(storage.kind === 'slot', `${name} is not plain`);
  return setState(storage.slot, or(and(state(storage.slot), not(i64(storage.writable))), and(value, i64(storage.writable))));
};

/** How an instruction makes the new value of what it finds and of its source. */
export type Combine = (before: Expr, source: Expr) => Expr;

/** csrrw. */
export const plainSwap = (name: string, source: Expr, general: readonly Stmt[]): readonly Stmt[] => [
  if_(elsewhere(name), general, [
    let_('new', source),
    let_('old', read(name)),
    isOfMachine(name) ? write(name, local('new')) : if_(virtual, [write(`v${name}`, local('new'))], [write(name, local('new'))]),
    setRd(local('old')),
  ]),
];

/** csrrs without bits to set. */
export const plainRead = (name: string, general: readonly Stmt[]): readonly Stmt[] => [if_(elsewhere(name), general, [setRd(read(name))])];

/** What a write of sstatus may change without anything else following from it, but for an interrupt that it lets in. */
const STACK = STATUS.SIE | STATUS.SPIE | STATUS.SPP;
const SSTATUS = rowOf('sstatus');

/**
 * sstatus, written in S or VS. Nothing follows where only the stack of interrupt enables changes, and no interrupt waits that may be let in;
 * else it is for `general`.
 */
export function plainStatus(source: Expr, combine: Combine, general: readonly Stmt[]): readonly Stmt[] {
  assert(SSTATUS.storage.kind === 'view', 'sstatus is a view');
  const { readable, writable } = SSTATUS.storage;
  const [before, after] = [local('statusBefore'), local('statusAfter')];
  const changed = (slot: string): Stmt => setState(slot, or(and(state(slot), i64(~STACK)), and(after, i64(STACK))));
  const changesMore = anyOf(xor(before, after), writable & ~STACK);
  const letsIn = and(anyOf(after, STATUS.SIE), anyOf(and(state('mip'), state('mie')), ~0n));
  return [
    let_('statusBefore', and(select(virtual, state('vsstatus'), mstatus), i64(readable))),
    let_('statusAfter', combine(before, source)),
    if_(any(elsewhere('sstatus'), changesMore, letsIn), general, [
      if_(virtual, [changed('vsstatus')], [changed('mstatus')]),
      setRd(before),
    ]),
  ];
}
