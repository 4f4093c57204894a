/** Rounds what an operation has found and puts it together, with the exceptions of rounding: OF, UF and NX (IEEE 754, chapter 7). */
import {
  add, and, call, eq, eqz, extendU, gtS, i64, if_, leS, ltS, ltU, or, return_, select, shl, shrU, sub, type Expr, type Procedure,
} from '../../isa/meaning.ts';
import { any, assign, nonZero, procedure, variable } from '../hart/form.ts';
import { FLAG, FORMATS, raise, ROUND, shiftRightJam, withSign, type Format, type Parts } from './format.ts';

const sign = variable('sign');
const exponent = variable('exponent');
const significand = variable('significand');
const rounding = variable('rounding');
const increment = variable('increment');
const flags = variable('flags');
const rest = variable('rest');

const roundingIs = (mode: bigint): Expr => eq(rounding, i64(mode));

/**
 * (sign, exponent, significand with its leading 1 at bit 62, rounding mode 0..4) -> the number. Tininess is seen after rounding (20.2), that
 * is: the number rounded as if exponents had no end is still less than the smallest normal one.
 */
function pack(f: Format): Procedure {
  const restMask = (1n << f.rounded) - 1n;
  const half = 1n << (f.rounded - 1n);
  const carries = eqz(ltU(add(significand, increment), i64(1n << 63n)));
  return procedure(`${f.name}Pack`, [sign, exponent, significand, rounding], 'i64', [
    assign(flags, i64(0)),
    // What is added in front of cutting: half for nearest; nothing, or all but one unit, for the directed modes.
    assign(increment, select(any(roundingIs(ROUND.RNE), roundingIs(ROUND.RMM)), i64(half),
      select(eq(rounding, select(nonZero(sign), i64(ROUND.RDN), i64(ROUND.RUP))), i64(restMask), i64(0)))),
    if_(leS(exponent, i64(0)), [
      assign(flags, select(or(ltS(exponent, i64(0)), eqz(carries)), i64(FLAG.UF), i64(0))),
      assign(significand, shiftRightJam(significand, sub(i64(1), exponent))),
      assign(exponent, i64(1)),
    ], [
      if_(or(gtS(exponent, i64(f.special - 1n)), and(eq(exponent, i64(f.special - 1n)), carries)), [
        raise(FLAG.OF | FLAG.NX),
        // To the largest finite number when the mode does not go away from zero.
        return_(withSign(f, sign, sub(i64(f.infinity), extendU(eqz(increment))))),
      ]),
    ]),
    assign(rest, and(significand, i64(restMask))),
    assign(significand, shrU(add(significand, increment), i64(f.rounded))),
    if_(nonZero(rest), [
      // Underflow is told only of inexact results.
      raise(or(flags, i64(FLAG.NX))),
      if_(and(roundingIs(ROUND.RNE), eq(rest, i64(half))), [assign(significand, and(significand, i64(~1n)))]),
    ]),
    // The leading 1, where there is one, counts as 1 in the exponent's place: so does one that rounding has carried to.
    return_(withSign(f, sign, add(shl(sub(exponent, i64(1)), i64(f.fraction)), significand))),
  ]);
}

export const packed = (f: Format, parts: Parts, mode: Expr): Expr => call(`${f.name}Pack`, 'i64', parts.sign, parts.exponent, parts.significand, mode);

export const PACK: readonly Procedure[] = FORMATS.map(pack);
