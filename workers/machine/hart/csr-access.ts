/** CSR instructions: may this mode access this register, what does it read, what does a write do (Zicsr; privileged manual, 2.1). */
import { csrIsReadOnly, csrPrivilege, type CsrRow } from '../../isa/csrs.ts';
import { and, eq, eqz, i32, i64, if_, ltU, return_, shrU, type Expr, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { readOf, ROWS, writeTo } from './csr-views.ts';
import { anyOf, M, mode, modeIs, mstatus, procedure, S, state, STATUS, U, variable } from './form.ts';
import { illegalInstruction } from './illegal.ts';

const number = variable('number');
const writes = variable('writes', 'i32');
const raw = variable('raw');
const value = variable('value');

/** A search by halves through the rows: `leaf` of the row with this number, or nothing. */
function dispatch(leaf: (row: CsrRow) => readonly Stmt[], rows: readonly CsrRow[] = ROWS): readonly Stmt[] {
  if (rows.length === 1) return [if_(eq(number, i64(rows[0]!.number)), leaf(rows[0]!))];
  const middle = rows.length >> 1;
  return [if_(ltU(number, i64(rows[middle]!.number)), dispatch(leaf, rows.slice(0, middle)), dispatch(leaf, rows.slice(middle)))];
}

const closed = (register: 'mcounteren' | 'scounteren', counter: number): Expr => eqz(and(shrU(state(register), i64(counter)), i64(1)));

/** What a mode must have beside its rank: a counter opened by the modes above (3.1.10 and 10.1.5), satp by TVM (3.1.6.6). */
function furtherChecks(row: CsrRow): readonly Stmt[] {
  if (row.name === 'satp') return [if_(and(modeIs(S), anyOf(mstatus, STATUS.TVM)), [illegalInstruction(raw)])];
  const counter = row.number - 0xc00;
  if (counter < 0 || counter > 31) return [];
  return [
    if_(ltU(mode, i32(M)), [if_(closed('mcounteren', counter), [illegalInstruction(raw)])]),
    if_(modeIs(U), [if_(closed('scounteren', counter), [illegalInstruction(raw)])]),
  ];
}

/** Returns where the access is allowed; what falls through is not. */
function check(row: CsrRow): readonly Stmt[] {
  const privilege = csrPrivilege(row.number);
  const refuse = [
    ...(privilege > U ? [if_(ltU(mode, i32(privilege)), [illegalInstruction(raw)])] : []),
    ...(csrIsReadOnly(row.number) ? [if_(writes, [illegalInstruction(raw)])] : []),
  ];
  return [...refuse, ...furtherChecks(row), return_()];
}

export const CSR_ACCESS: readonly Procedure[] = [
  procedure('csrCheck', [number, writes, raw], undefined, [
    ...dispatch(check),
    // No such register.
    illegalInstruction(raw),
  ]),
  procedure('csrRead', [number], 'i64', [
    ...dispatch((row) => [return_(readOf(row))]),
    return_(i64(0)),
  ]),
  procedure('csrWrite', [number, value], undefined, dispatch(writeTo)),
];
