/**
 * The transformed instruction that mtinst and htinst hold after a fault of a load or store (privileged manual, 8.6.3): the instruction in
 * its 32-bit form, with bit 1 clear when it was compressed, its immediate zero, and in place of rs1 how far the faulting address is from
 * the one that the instruction computed (not zero only where an access crosses into a page that faults).
 */
import {
  add, and, call, eq, eqz, i32, i64, if_, mul, ne, or, peek, return_, select, shl, shrS, sub, wrap, type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { isRam, linearOffset } from '../mmu/fast-tlb.ts';
import { any, assign, bitsOf, M, mode, modeOf, nonZero, procedure, state, variable, virtual } from './form.ts';

const epc = variable('epc');
const tval = variable('tval');
const raw = variable('raw');
const pa = variable('pa');
const opcode = variable('opcode');
const base = variable('base');
const offset = variable('offset');
const at = variable('at', 'i32');
const quadrant = variable('quadrant');

const LOADS = [0x03n, 0x07n];
const STORES = [0x23n, 0x27n];
const AMO = 0x2fn;
const SYSTEM = 0x73n;
const isOne = (value: Expr, of: readonly bigint[]): Expr => any(...of.map((one) => eq(value, i64(one))));
/** A register by a number that is computed: x0..x31 stand from 0 on. */
const x = (number: Expr): Expr => peek(8, 'i64', wrap(mul(number, i64(8))));
const signed12 = (value: Expr): Expr => shrS(shl(value, i64(52)), i64(52));
const small = (value: Expr): Expr => add(value, i64(8));

/** rs1's place gets the distance from the computed address. */
const finish = (word: Expr): Stmt => return_(or(word, shl(and(sub(tval, add(base, offset)), i64(31)), i64(15))));

/** Compressed loads and stores: funct3 says which, and the quadrant whether the stack pointer is the base. */
const compressed: readonly Stmt[] = [
  assign(quadrant, and(raw, i64(3))),
  assign(opcode, bitsOf(raw, 15, 13)),
  // funct3 1, 2, 3: fld, lw, ld; 5, 6, 7: fsd, sw, sd. Nothing else of quadrants 0 and 2 accesses memory; nothing of quadrant 1 does.
  if_(or(eq(quadrant, i64(1)), eqz(and(opcode, i64(3)))), [return_(i64(0))]),
  if_(eq(quadrant, i64(0)), [
    assign(base, x(small(bitsOf(raw, 9, 7)))),
    assign(offset, or(shl(bitsOf(raw, 12, 10), i64(3)),
      select(eq(and(opcode, i64(3)), i64(2)), or(shl(bitsOf(raw, 6, 6), i64(2)), shl(bitsOf(raw, 5, 5), i64(6))), shl(bitsOf(raw, 6, 5), i64(6))))),
  ], [
    assign(base, x(i64(2))),
    assign(offset, select(nonZero(and(opcode, i64(4))),
      select(eq(opcode, i64(6)), or(shl(bitsOf(raw, 12, 9), i64(2)), shl(bitsOf(raw, 8, 7), i64(6))), or(shl(bitsOf(raw, 12, 10), i64(3)), shl(bitsOf(raw, 9, 7), i64(6)))),
      or(shl(bitsOf(raw, 12, 12), i64(5)), select(eq(opcode, i64(2)),
        or(shl(bitsOf(raw, 6, 4), i64(2)), shl(bitsOf(raw, 3, 2), i64(6))), or(shl(bitsOf(raw, 6, 5), i64(3)), shl(bitsOf(raw, 4, 2), i64(6))))))),
  ]),
  // Bit 1 stays clear: this is how HS learns that the instruction has 2 bytes. Opcode 01 with funct3: 1 is F or D, 2 a word, 3 a doubleword.
  assign(opcode, or(select(eq(and(opcode, i64(3)), i64(1)), i64(0x05), i64(0x01)), select(nonZero(and(opcode, i64(4))), i64(0x20), i64(0)))),
  assign(at, wrap(bitsOf(raw, 14, 13))),
  assign(opcode, or(opcode, shl(select(eq(at, i32(2)), i64(2), i64(3)), i64(12)))),
  if_(nonZero(bitsOf(raw, 15, 15)),
    [finish(or(opcode, shl(select(eq(quadrant, i64(0)), small(bitsOf(raw, 4, 2)), bitsOf(raw, 6, 2)), i64(20))))],
    [finish(or(opcode, shl(select(eq(quadrant, i64(0)), small(bitsOf(raw, 4, 2)), bitsOf(raw, 11, 7)), i64(7))))]),
];

export const TRAP_INSTRUCTION: readonly Procedure[] = [
  /** Where an instruction that has just been executed stands in linear memory; 0 when the TLB no longer says. Never faults. */
  procedure('executedAt', [epc], 'i32', [
    assign(pa, epc),
    if_(and(ne(mode, i32(M)), or(virtual, nonZero(modeOf(state('satp'))))), [
      assign(at, call('tlbLookup', 'i32', epc, call('tlbOwner', 'i64', virtual))),
      if_(eqz(at), [return_(i32(0))]),
      assign(pa, call('tlbPhysical', 'i64', at, epc)),
    ]),
    return_(select(isRam(pa), linearOffset(pa), i32(0))),
  ]),

  procedure('transformedInstruction', [epc, tval], 'i64', [
    assign(at, call('executedAt', 'i32', epc)),
    if_(eqz(at), [return_(i64(0))]),
    assign(raw, peek(2, 'i64', at)),
    if_(ne(and(raw, i64(3)), i64(3)), compressed),
    assign(at, call('executedAt', 'i32', add(epc, i64(2)))),
    if_(eqz(at), [return_(i64(0))]),
    assign(raw, or(raw, shl(peek(2, 'i64', at), i64(16)))),
    assign(opcode, and(raw, i64(0x7f))),
    assign(base, x(bitsOf(raw, 19, 15))),
    assign(offset, i64(0)),
    if_(isOne(opcode, LOADS), [
      assign(offset, signed12(bitsOf(raw, 31, 20))),
      finish(and(raw, i64(0x0000_7fff))),
    ]),
    if_(isOne(opcode, STORES), [
      assign(offset, signed12(or(shl(bitsOf(raw, 31, 25), i64(5)), bitsOf(raw, 11, 7)))),
      finish(and(raw, i64(0x01f0_707f))),
    ]),
    // Atomics, hlv, hlvx and hsv keep all but rs1.
    if_(isOne(opcode, [AMO, SYSTEM]), [finish(and(raw, i64(0xfff0_7fff)))]),
    return_(i64(0)),
  ]),
];
