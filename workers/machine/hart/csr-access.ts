/** CSR instructions: may this mode access this register, what does it read, what does a write do (Zicsr; privileged manual, 2.1 and 8.6.1). */
import { csrByName, csrIsReadOnly, csrNumber, csrPrivilege, type CsrRow } from '../../isa/csrs.ts';
import { add, and, callStmt, eq, eqz, i32, i64, if_, ltU, ne, or, return_, select, shrU, type Expr, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { readOf, ROWS, writeTo } from './csr-views.ts';
import { any, anyOf, blend, hasHypervisor, HSTATUS, hstatus, M, mode, modeIs, mstatus, procedure, S, state, STATUS, U, variable, virtual } from './form.ts';
import { illegalInstruction, virtualInstruction } from './illegal.ts';

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

/** The supervisor registers that VS mode finds its own copy of: the same number, 0x100 higher (8.2.5 and following). */
const COPIED = ['sstatus', 'sie', 'stvec', 'sscratch', 'sepc', 'scause', 'stval', 'sip', 'stimecmp', 'satp'].map(csrNumber);
const OF_GUEST = 0x100;

const closed = (register: 'mcounteren' | 'hcounteren' | 'scounteren', counter: number): Expr => eqz(and(shrU(state(register), i64(counter)), i64(1)));
const TIME = 1;
const isVirtual: Expr = ne(virtual, i32(0));

/** A counter is opened by the modes above, one after the other (3.1.10, 8.2.4 and 10.1.5). */
const counterChecks = (counter: number): readonly Stmt[] => [
  if_(ltU(mode, i32(M)), [if_(closed('mcounteren', counter), [illegalInstruction(raw)])]),
  if_(isVirtual, [
    if_(or(closed('hcounteren', counter), and(modeIs(U), closed('scounteren', counter))), [virtualInstruction(raw)]),
  ], [
    if_(modeIs(U), [if_(closed('scounteren', counter), [illegalInstruction(raw)])]),
  ]),
];

const STCE = 1n << 63n;
/** Sstc: below M the compare registers need menvcfg.STCE and mcounteren.TM; a guest's own needs those of its hypervisor, too. */
const timeCompareChecks: readonly Stmt[] = [
  if_(ltU(mode, i32(M)), [
    if_(or(eqz(and(state('menvcfg'), i64(STCE))), closed('mcounteren', TIME)), [illegalInstruction(raw)]),
    if_(and(isVirtual, or(eqz(and(state('henvcfg'), i64(STCE))), closed('hcounteren', TIME))), [virtualInstruction(raw)]),
  ]),
];

/** What a mode must have beside its rank. TVM: 3.1.6.6; VTVM: 8.2.1. The fcsr group needs FS: hart/float-unit.ts. */
function furtherChecks(row: CsrRow): readonly Stmt[] {
  switch (row.name) {
    case 'satp': return [
      if_(isVirtual, [if_(anyOf(hstatus, HSTATUS.VTVM), [virtualInstruction(raw)])],
        [if_(and(modeIs(S), anyOf(mstatus, STATUS.TVM)), [illegalInstruction(raw)])]),
    ];
    case 'hgatp': return [if_(and(modeIs(S), anyOf(mstatus, STATUS.TVM)), [illegalInstruction(raw)])];
    case 'stimecmp': case 'vstimecmp': return timeCompareChecks;
    case 'fflags': case 'frm': case 'fcsr': return [callStmt('floatCheck', raw)];
    default: {
      const counter = row.number - 0xc00;
      return counter < 0 || counter > 31 ? [] : counterChecks(counter);
    }
  }
}

/**
 * Returns where the access is allowed; what falls through is not. In VS and VU, what HS could do is a virtual instruction; what HS could
 * not do either is illegal.
 */
function check(row: CsrRow): readonly Stmt[] {
  const privilege = csrPrivilege(row.number);
  const refused = ((): readonly Stmt[] => {
    switch (privilege) {
      case U: return [];
      case S: return [if_(modeIs(U), [if_(isVirtual, [...stateOfHs(row), virtualInstruction(raw)], [illegalInstruction(raw)])])];
      case M: return [if_(ne(mode, i32(M)), [illegalInstruction(raw)])];
      default: return [
        if_(isVirtual, [...stateOfHs(row), virtualInstruction(raw)]),
        if_(modeIs(U), [illegalInstruction(raw)]),
      ];
    }
  })();
  return [
    ...(row.requires === 'H' ? [if_(eqz(hasHypervisor), [illegalInstruction(raw)])] : []),
    ...(csrIsReadOnly(row.number) ? [if_(writes, [illegalInstruction(raw)])] : []),
    ...refused,
    ...furtherChecks(row),
    return_(),
  ];
}

/** What would be illegal in HS, too, and so is illegal in a guest (only enables that M alone decides; TVM counts as 0). */
const stateOfHs = (row: CsrRow): readonly Stmt[] =>
  row.name === 'stimecmp' || row.name === 'vstimecmp'
    ? [if_(or(eqz(and(state('menvcfg'), i64(STCE))), closed('mcounteren', TIME)), [illegalInstruction(raw)])]
    : [];

const MIP = csrByName('mip')!.number;
const SEIP = 1n << 9n;

export const CSR_ACCESS: readonly Procedure[] = [
  procedure('csrCheck', [number, writes, raw], undefined, [
    ...dispatch(check),
    // No such register.
    illegalInstruction(raw),
  ]),

  /** The register that an instruction means by a number: in VS mode some supervisor registers are the guest's copies. */
  procedure('csrTarget', [number], 'i64', [
    if_(isVirtual, [
      if_(any(...COPIED.map((copied) => eq(number, i64(copied)))), [return_(add(number, i64(OF_GUEST)))]),
    ]),
    return_(number),
  ]),

  procedure('csrRead', [number], 'i64', [
    ...dispatch((row) => [return_(readOf(row))]),
    return_(i64(0)),
  ]),

  /** What csrrs and csrrc change: the value read, but for mip, of whose SEIP software changes its own bit only (3.1.9). */
  procedure('csrBase', [number, value], 'i64', [
    return_(select(eq(number, i64(MIP)), blend(value, SEIP, state('softwareInterrupts')), value)),
  ]),

  procedure('csrWrite', [number, value], undefined, dispatch(writeTo)),
];

