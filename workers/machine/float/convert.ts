/** Conversions between the formats, and to and from integers of 32 and 64 bits, signed or not (20.7 and 21.5). */
import {
  add, and, clz, eq, eqz, extendS, extendU, geU, gtU, i64, if_, ltS, or, return_, select, shl, shrU, sub, wrap, type Expr, type Procedure,
} from '../../isa/meaning.ts';
import { assign, nonZero, procedure, variable } from '../hart/form.ts';
import { F32, F64, FLAG, FORMATS, isInfinite, isNan, isSignaling, isZero, parts, raise, ROUND, signOf, unpack, withSign, type Format } from './format.ts';
import { packed } from './pack.ts';

const a = variable('a');
const rounding = variable('rounding');
const A = parts('A');
/** 1 for signed integers, else 0; 32 or 64. */
const signed = variable('signed');
const bits = variable('bits');

const HALF = 1n << 63n;
const negative = nonZero(A.sign);

/** (a, rounding mode, signed, bits) -> the integer, 32 bits sign-extended; what does not fit gives the nearest that does, and NV (20.7). */
function toInteger(f: Format): Procedure {
  const whole = variable('whole');
  /** What is after the point, from bit 63 down. */
  const fraction = variable('fraction');
  const least = variable('least');
  const most = variable('most');
  const limit = variable('limit');
  const scale = A.exponent;
  const rounds = (mode: bigint): Expr => eq(rounding, i64(mode));
  const up: Expr = select(rounds(ROUND.RNE), or(gtU(fraction, i64(HALF)), and(eq(fraction, i64(HALF)), wrap(and(whole, i64(1))))),
    select(rounds(ROUND.RMM), geU(fraction, i64(HALF)),
      select(rounds(ROUND.RDN), and(negative, nonZero(fraction)),
        and(rounds(ROUND.RUP), and(eqz(A.sign), nonZero(fraction))))));
  const narrow = (value: Expr): Expr => select(eq(bits, i64(32)), extendS(wrap(value)), value);
  return procedure(`${f.name}ToInteger`, [a, rounding, signed, bits], 'i64', [
    // Magnitudes of the least and the most that fit.
    assign(limit, shl(i64(1), sub(bits, i64(1)))),
    assign(least, select(nonZero(signed), limit, i64(0))),
    assign(most, sub(select(nonZero(signed), limit, shl(limit, i64(1))), i64(1))),
    if_(isNan(f, a), [raise(FLAG.NV), return_(narrow(most))]),
    ...unpack(f, a, A),
    assign(scale, sub(scale, i64(f.bias))),
    assign(fraction, i64(0)),
    if_(eqz(ltS(scale, i64(64))), [
      raise(FLAG.NV),
      return_(narrow(select(negative, sub(i64(0), least), most))),
    ]),
    if_(eq(scale, i64(63)), [
      assign(whole, shl(A.significand, i64(1))),
    ], [
      if_(ltS(scale, i64(-1)), [
        // Less than a half.
        assign(whole, i64(0)),
        assign(fraction, extendU(nonZero(A.significand))),
      ], [
        assign(whole, shrU(A.significand, sub(i64(62), scale))),
        if_(ltS(scale, i64(62)), [assign(fraction, shl(A.significand, add(scale, i64(2))))]),
      ]),
    ]),
    assign(whole, add(whole, extendU(up))),
    if_(gtU(whole, select(negative, least, most)), [
      raise(FLAG.NV),
      return_(narrow(select(negative, sub(i64(0), least), most))),
    ]),
    if_(nonZero(fraction), [raise(FLAG.NX)]),
    return_(narrow(select(negative, sub(i64(0), whole), whole))),
  ]);
}

/** (integer in 64 bits, rounding mode, signed) -> the number */
function fromInteger(f: Format): Procedure {
  const zeros = variable('zeros');
  const { sign, exponent, significand } = A;
  return procedure(`${f.name}FromInteger`, [a, rounding, signed], 'i64', [
    if_(eqz(a), [return_(i64(0))]),
    assign(sign, and(signed, shrU(a, i64(63)))),
    assign(significand, select(negative, sub(i64(0), a), a)),
    assign(zeros, clz(significand)),
    assign(exponent, sub(i64(f.bias + 63n), zeros)),
    assign(significand, select(eqz(zeros), or(shrU(significand, i64(1)), and(significand, i64(1))), shl(significand, sub(zeros, i64(1))))),
    return_(packed(f, A, rounding)),
  ]);
}

/** (a, rounding mode) -> the same number in the other format; a wider format holds it exactly. */
function toFormat(from: Format, to: Format): Procedure {
  return procedure(`${from.name}To${to.name.toUpperCase()}`, [a, rounding], 'i64', [
    if_(isNan(from, a), [
      if_(isSignaling(from, a), [raise(FLAG.NV)]),
      return_(i64(to.nan)),
    ]),
    if_(isInfinite(from, a), [return_(withSign(to, signOf(from, a), i64(to.infinity)))]),
    if_(isZero(from, a), [return_(withSign(to, signOf(from, a), i64(0)))]),
    ...unpack(from, a, A),
    assign(A.exponent, add(A.exponent, i64(to.bias - from.bias))),
    return_(packed(to, A, rounding)),
  ]);
}

export const CONVERT: readonly Procedure[] = [
  ...FORMATS.flatMap((f) => [toInteger(f), fromInteger(f)]),
  toFormat(F32, F64),
  toFormat(F64, F32),
];
