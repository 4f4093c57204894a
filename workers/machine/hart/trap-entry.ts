/**
 * What the hardware does when a trap is taken (privileged manual, 3.1.6.1, 3.1.7, 3.1.14 to 3.1.16 for M; 10.1.1.1, 10.1.2, 10.1.7 to 10.1.9
 * for S; 8.2.1 and 8.6.2 for HS and VS). Targets are numbered by mode, and VS is 5: S with V = 1.
 */
import {
  add, and, call, callStmt, eq, eqz, extendU, i32, i64, if_, leU, ltS, mul, ne, or, return_, select, shl, shrU, sub,
  type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { CAUSE } from '../../isa/causes.ts';
import { flushBank } from '../mmu/fast-tlb.ts';
import {
  anyOf, assign, blend, hasHypervisor, HSTATUS, hstatus, M, mode, modeIs, moveBit, mstatus, nonZero, procedure, S, setState, state, STATUS, variable, virtual, VS,
} from './form.ts';
import { recordTrap } from './trap-log.ts';

const to = variable('to', 'i32');
const from = variable('from', 'i32');
const cause = variable('cause');
const told = variable('told');
const epc = variable('epc');
const tval = variable('tval');
const handler = variable('handler');
const guestAddress = variable('guestAddress', 'i32');
const instruction = variable('instruction');

const isInterrupt: Expr = ltS(cause, i64(0));
const codeOf: Expr = and(cause, i64((1n << 63n) - 1n));
/** Of an exception, whose number is below 64. */
const causeIs = (...codes: number[]): Expr => anyOf(shl(i64(1), cause), codes.reduce((set, code) => set | (1n << BigInt(code)), 0n));

/** Vectored mode sends interrupts to BASE + 4 * cause; exceptions always go to BASE (3.1.7). */
const handlerBy = (tvec: Expr, code: Expr): Expr =>
  add(and(tvec, i64(~3n)), select(and(isInterrupt, anyOf(tvec, 3n)), mul(and(code, i64((1n << 63n) - 1n)), i64(4)), i64(0)));

const enter = (prefix: 's' | 'm' | 'vs'): readonly Stmt[] => [
  setState(`${prefix}cause`, told),
  setState(`${prefix}epc`, and(epc, i64(~1n))),
  setState(`${prefix}tval`, tval),
  assign(handler, handlerBy(state(`${prefix}tvec`), told)),
];

/** The stack of interrupt enables moves one down; the previous mode is written into xPP. */
const supervisorStatus = (of: Expr): Expr => blend(of, STATUS.SPP | STATUS.SPIE | STATUS.SIE, or(moveBit(of, 1, 5), shl(extendU(and(from, i32(1))), i64(8))));
const machineStatus = blend(mstatus, STATUS.MPP | STATUS.MPIE | STATUS.MIE, or(moveBit(mstatus, 3, 7), shl(extendU(and(from, i32(3))), i64(11))));
const bitIf = (condition: Expr, at: number): Expr => shl(extendU(condition), i64(at));

/** Exceptions that come of a translated access, and those whose trap value is an address of code. */
const OF_ACCESS = [CAUSE.fetchAccessFault, CAUSE.loadAccessFault, CAUSE.storeAccessFault, CAUSE.fetchPageFault, CAUSE.loadPageFault, CAUSE.storePageFault,
  CAUSE.fetchGuestPageFault, CAUSE.loadGuestPageFault, CAUSE.storeGuestPageFault];
const OF_ADDRESS = [CAUSE.misalignedFetch, CAUSE.breakpoint, CAUSE.misalignedLoad, CAUSE.misalignedStore];
const GUEST_PAGE_FAULTS = [CAUSE.fetchGuestPageFault, CAUSE.loadGuestPageFault, CAUSE.storeGuestPageFault];
/** Loads and stores, of which mtinst and htinst tell the instruction. */
const OF_DATA = [CAUSE.misalignedLoad, CAUSE.loadAccessFault, CAUSE.misalignedStore, CAUSE.storeAccessFault, CAUSE.loadPageFault, CAUSE.storePageFault,
  CAUSE.loadGuestPageFault, CAUSE.storeGuestPageFault];

/** The trap value is an address of a guest (8.2.1, GVA). */
const isGuestAddress: Expr = select(causeIs(...OF_ACCESS), state('accessVirtual'), select(causeIs(...OF_ADDRESS), virtual, i32(0)));
/** htval or mtval2: guest-page faults only. */
const guestPhysical: Expr = select(causeIs(...GUEST_PAGE_FAULTS), state('faultGuest'), i64(0));

const toMachine: readonly Stmt[] = [
  ...enter('m'),
  if_(hasHypervisor, [
    setState('mtval2', guestPhysical),
    setState('mtinst', instruction),
    setState('mstatus', blend(machineStatus, STATUS.MPV | STATUS.GVA, or(bitIf(virtual, 39), bitIf(guestAddress, 38)))),
  ], [setState('mstatus', machineStatus)]),
  setState('mode', i32(M)),
  setState('virt', i32(0)),
  // MPP has changed, and with MPRV set it decides what loads and stores of M mode see.
  if_(anyOf(mstatus, STATUS.MPRV), [flushBank('M')]),
];

const toSupervisor: readonly Stmt[] = [
  ...enter('s'),
  if_(hasHypervisor, [
    setState('htval', guestPhysical),
    setState('htinst', instruction),
    // SPVP is what the mode of the guest was; a trap from HS or U leaves it (8.2.1).
    setState('hstatus', blend(hstatus, HSTATUS.SPV | HSTATUS.GVA, or(bitIf(virtual, 7), bitIf(guestAddress, 6)))),
    if_(virtual, [setState('hstatus', blend(hstatus, HSTATUS.SPVP, bitIf(and(from, i32(1)), 8)))]),
  ]),
  setState('mstatus', supervisorStatus(mstatus)),
  setState('mode', i32(S)),
  setState('virt', i32(0)),
];

/** A guest finds its own interrupts at the supervisor's codes, one below theirs (8.2.6). */
const toGuest: readonly Stmt[] = [
  assign(told, select(isInterrupt, sub(cause, i64(1)), cause)),
  ...enter('vs'),
  setState('vsstatus', supervisorStatus(state('vsstatus'))),
  setState('mode', i32(S)),
];

const delegatedBy = (register: string): Expr => nonZero(and(shrU(state(register), cause), i64(1)));

export const TRAP_ENTRY: readonly Procedure[] = [
  /** Enters the handler of a mode. `cause` has bit 63 set for an interrupt. Our own software below S raises traps with it, too. */
  procedure('enterTrap', [to, cause, epc, tval], undefined, [
    assign(from, or(mode, shl(virtual, i32(2)))),
    assign(told, cause),
    assign(instruction, i64(0)),
    assign(guestAddress, i32(0)),
    if_(and(hasHypervisor, eqz(isInterrupt)), [
      assign(guestAddress, isGuestAddress),
      if_(ne(to, i32(VS)), [assign(instruction, call('trapInstruction', 'i64', cause, epc, tval))]),
    ]),
    if_(eq(to, i32(M)), toMachine, [if_(eq(to, i32(VS)), toGuest, toSupervisor)]),
    setState('pc', handler),
    ...recordTrap({ from, to, cause: told, epc, tval, handler }),
  ]),

  /** What mtinst or htinst will say (8.6.3): the access of the walk that failed, or the load or store itself, transformed; else 0. */
  procedure('trapInstruction', [cause, epc, tval], 'i64', [
    if_(causeIs(...GUEST_PAGE_FAULTS), [if_(nonZero(state('faultPseudo')), [return_(state('faultPseudo'))])]),
    if_(causeIs(...OF_DATA), [return_(call('transformedInstruction', 'i64', epc, tval))]),
    return_(i64(0)),
  ]),

  /** An exception goes to S when it is delegated and does not come from M (3.1.8), and on to VS when HS delegates it and it comes from there. */
  procedure('raiseException', [cause, epc, tval], undefined, [
    assign(to, i32(M)),
    if_(and(leU(mode, i32(S)), delegatedBy('medeleg')), [
      assign(to, select(and(virtual, delegatedBy('hedeleg')), i32(VS), i32(S))),
    ]),
    callStmt('enterTrap', to, cause, epc, tval),
  ]),

  /** Whether `run` comes back after the trap that was just taken: 0 no, 1 its handler is not RISC-V code, 2 the user asked for this cause. */
  procedure('stopAfterTrap', [], 'i32', [
    assign(cause, select(modeIs(M), state('mcause'), select(virtual, state('vscause'), state('scause')))),
    if_(anyBit(select(isInterrupt, state('stopInterrupts'), state('stopExceptions')), codeOf), [return_(i32(2))]),
    if_(virtual, [return_(i32(0))]),
    return_(and(shrU(state('hostModes'), mode), i32(1))),
  ]),
];

function anyBit(set: Expr, index: Expr): Expr {
  return nonZero(and(shrU(set, index), i64(1)));
}
