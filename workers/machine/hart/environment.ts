/** The privileged instructions that are neither CSR accesses nor returns: ecall, wfi and the fences (privileged manual, 3.3 and 10.2). */
import { add, and, callStmt, extendU, i64, if_, return_, trap, type Procedure } from '../../isa/meaning.ts';
import { CAUSE } from '../../isa/causes.ts';
import { anyOf, assign, mode, modeIs, mstatus, nonZero, procedure, S, STATUS, U, variable } from './form.ts';
import { illegalInstruction } from './illegal.ts';

const raw = variable('raw');
const addressRegister = variable('addressRegister');
const address = variable('address');
const spaceRegister = variable('spaceRegister');
const space = variable('space');

export const ENVIRONMENT_PROCEDURES: readonly Procedure[] = [
  /** 8 from U, 9 from S, 11 from M: the cause says the mode. */
  procedure('environmentCall', [], undefined, [trap(add(i64(CAUSE.ecallFromUser), extendU(mode)), i64(0))]),

  /** Not in U mode; in S mode only while TW is clear (3.1.6.6: the time limit that TW speaks of is 0 here). */
  procedure('waitForInterruptCheck', [raw], undefined, [
    if_(modeIs(U), [illegalInstruction(raw)]),
    if_(and(modeIs(S), anyOf(mstatus, STATUS.TW)), [illegalInstruction(raw)]),
  ]),

  /** sfence.vma: rs1 = x0 means every address, rs2 = x0 every address space; a fence of one space leaves global pages (10.2.1). */
  procedure('fenceVma', [addressRegister, address, spaceRegister, space, raw], undefined, [
    if_(modeIs(U), [illegalInstruction(raw)]),
    if_(and(modeIs(S), anyOf(mstatus, STATUS.TVM)), [illegalInstruction(raw)]),
    if_(nonZero(spaceRegister), [
      // Bits of rs2 above the ASID's 16 are ignored.
      assign(space, and(space, i64(0xffff))),
      if_(nonZero(addressRegister), [callStmt('tlbDropAddress', address, space)], [callStmt('tlbDropSpace', space)]),
      return_(),
    ]),
    if_(nonZero(addressRegister), [callStmt('tlbDropAddress', address, i64(-1))], [callStmt('tlbDropAll')]),
  ]),

  /** fence.i: nothing to do, since stores tell the engine at once when they change decoded code (`codeWritten`). */
  procedure('fenceI', [], undefined, []),
];
