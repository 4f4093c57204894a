/**
 * The privileged instructions that are neither CSR accesses nor returns: ecall, wfi, the fences, and the hypervisor's accesses to a guest's
 * memory (privileged manual, 3.3, 10.2, 8.3 and Svinval).
 */
import { add, and, call, callStmt, eqz, extendU, i32, i64, if_, or, return_, select, shl, trap, wrap, type Expr, type Procedure, type Stmt } from '../../isa/meaning.ts';
import { CAUSE } from '../../isa/causes.ts';
import { OWNER, thisGuest } from '../mmu/tlb.ts';
import { anyOf, assign, bitsOf, hasHypervisor, HSTATUS, hstatus, M, mode, modeIs, mstatus, nonZero, procedure, S, setState, state, STATUS, U, variable, virtual } from './form.ts';
import { illegalInstruction, virtualInstruction } from './illegal.ts';

const raw = variable('raw');
const addressRegister = variable('addressRegister');
const address = variable('address');
const spaceRegister = variable('spaceRegister');
const space = variable('space');
const mask = variable('mask');
const wanted = variable('wanted');
const guest = variable('guest', 'i32');
const width = variable('width', 'i32');
const kind = variable('kind', 'i32');
const value = variable('value');

/** For what HS may do: U is refused, and a guest's attempt is for HS to see. */
const onlyHypervisor: readonly Stmt[] = [
  if_(eqz(hasHypervisor), [illegalInstruction(raw)]),
  if_(virtual, [virtualInstruction(raw)]),
  if_(modeIs(U), [illegalInstruction(raw)]),
];
/** The same for loads and stores of a guest's memory, which hstatus.HU opens to U (8.2.1). */
const onlyHypervisorOrOpened: readonly Stmt[] = [
  if_(eqz(hasHypervisor), [illegalInstruction(raw)]),
  if_(virtual, [virtualInstruction(raw)]),
  if_(and(modeIs(U), eqz(anyOf(hstatus, HSTATUS.HU))), [illegalInstruction(raw)]),
];
const previousGuestMode: Expr = wrap(bitsOf(hstatus, 8, 8));

/** Drops what of the entries with `wanted` among the bits of `mask` translates one address, or all; and then the pieces of larger pages. */
const drop: readonly Stmt[] = [
  if_(eqz(wrap(addressRegister)), [callStmt('tlbDrop', mask, wanted), return_()]),
  callStmt('tlbDropAddress', address, mask, wanted),
  if_(state('tlbHasPieces'), [callStmt('tlbDrop', or(mask, i64(OWNER.PIECE)), or(wanted, i64(OWNER.PIECE)))]),
];
/** The bits that say which entries a fence is for: this guest's or those of no guest; of one address space without its global pages, or of all. */
const choose = (ofGuest: Expr): readonly Stmt[] => [
  assign(mask, select(ofGuest, i64(OWNER.VIRTUAL | OWNER.VMID), i64(OWNER.VIRTUAL))),
  assign(wanted, select(ofGuest, thisGuest, i64(0))),
  if_(nonZero(spaceRegister), [
    assign(mask, or(mask, i64(OWNER.ASID | OWNER.GLOBAL))),
    // Bits of rs2 above the ASID's 16 are ignored.
    assign(wanted, or(wanted, and(space, i64(OWNER.ASID)))),
  ]),
];

/** A fence of all of a guest's own translations: what is remembered of the second stage goes, too (second-stage.ts). */
const forgetSecondStage: readonly Stmt[] = [
  if_(eqz(wrap(or(addressRegister, spaceRegister))), [setState('guestFences', add(state('guestFences'), i64(1)))]),
];

export const ENVIRONMENT_PROCEDURES: readonly Procedure[] = [
  /** 8 from U and VU, 9 from S, 10 from VS, 11 from M: the cause says the mode. */
  procedure('environmentCall', [], undefined, [
    trap(add(i64(CAUSE.ecallFromUser), extendU(add(mode, and(virtual, mode)))), i64(0)),
  ]),

  /** Not in U mode; below M only while TW is clear (3.1.6.6: the time limit that TW speaks of is 0 here), in a guest by VTW, too (8.6.1). */
  procedure('waitForInterruptCheck', [raw], undefined, [
    if_(modeIs(M), [return_()]),
    if_(anyOf(mstatus, STATUS.TW), [illegalInstruction(raw)]),
    if_(virtual, [if_(or(modeIs(U), anyOf(hstatus, HSTATUS.VTW)), [virtualInstruction(raw)])],
      [if_(modeIs(U), [illegalInstruction(raw)])]),
  ]),

  /** sfence.vma and sinval.vma: rs1 = x0 means every address, rs2 = x0 every address space; a fence of one space leaves global pages (10.2.1). */
  procedure('fenceVma', [addressRegister, address, spaceRegister, space, raw], undefined, [
    if_(virtual, [
      if_(or(modeIs(U), anyOf(hstatus, HSTATUS.VTVM)), [virtualInstruction(raw)]),
    ], [
      if_(modeIs(U), [illegalInstruction(raw)]),
      if_(and(modeIs(S), anyOf(mstatus, STATUS.TVM)), [illegalInstruction(raw)]),
    ]),
    assign(guest, virtual),
    ...choose(guest),
    if_(guest, forgetSecondStage),
    ...drop,
  ]),

  /** sfence.w.inval and sfence.inval.ir: nothing is left to order here, but they are privileged (Svinval). */
  procedure('fenceInvalidationCheck', [raw], undefined, [
    if_(modeIs(U), [if_(virtual, [virtualInstruction(raw)], [illegalInstruction(raw)])]),
  ]),

  /** hfence.vvma and hinval.vvma: as sfence.vma of the guest that hgatp names (8.3.2). */
  procedure('fenceGuestVirtual', [addressRegister, address, spaceRegister, space, raw], undefined, [
    ...onlyHypervisor,
    ...choose(i32(1)),
    ...forgetSecondStage,
    ...drop,
  ]),

  /**
   * hfence.gvma and hinval.gvma: rs2 = x0 means every guest. The TLB holds both stages together, by virtual address, so that a fence of
   * one guest-physical address drops all of its guest; and what is remembered of the second stage alone goes for all guests (8.3.2 allows both).
   */
  procedure('fenceGuestPhysical', [spaceRegister, space, raw], undefined, [
    ...onlyHypervisor,
    if_(and(modeIs(S), anyOf(mstatus, STATUS.TVM)), [illegalInstruction(raw)]),
    assign(mask, i64(OWNER.VIRTUAL)),
    assign(wanted, i64(OWNER.VIRTUAL)),
    if_(nonZero(spaceRegister), [
      assign(mask, i64(OWNER.VIRTUAL | OWNER.VMID)),
      assign(wanted, or(wanted, and(shl(space, i64(32)), i64(OWNER.VMID)))),
    ]),
    callStmt('tlbDrop', mask, wanted),
    setState('guestFences', add(state('guestFences'), i64(1))),
  ]),

  /** hlv and hlvx: a load with the translation and the rights of the guest, whose mode SPVP says (8.3.1). */
  procedure('guestLoad', [address, width, kind, raw], 'i64', [
    ...onlyHypervisorOrOpened,
    return_(call('loadAs', 'i64', address, width, kind, previousGuestMode, i32(1), i32(0))),
  ]),
  procedure('guestStore', [address, width, value, raw], undefined, [
    ...onlyHypervisorOrOpened,
    callStmt('storeAs', address, width, value, previousGuestMode, i32(1), i32(0)),
  ]),

  /** fence.i: nothing to do, since stores tell the engine at once when they change decoded code (`codeWritten`). */
  procedure('fenceI', [], undefined, []),
];
