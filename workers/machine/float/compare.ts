/** Comparisons, minimum and maximum, classes (20.6, 20.8 and 20.9). */
import {
  and, eq, eqz, extendS, extendU, i64, if_, leS, ltS, ltU, or, return_, select, shl, shrS, shrU, sub, wrap, xor, type Expr, type Procedure,
} from '../../isa/meaning.ts';
import { assign, nonZero, procedure, variable } from '../hart/form.ts';
import { FLAG, FORMATS, isInfinite, isNan, isSignaling, isZero, magnitudeOf, raise, signOf, type Format } from './format.ts';

const a = variable('a');
const b = variable('b');

/** A signed number in the order of the floating-point numbers: the magnitude of a negative one counts downwards; -0 is just below +0. */
function key(f: Format, value: Expr): Expr {
  const wide = f.width === 64 ? value : extendS(wrap(value));
  return xor(wide, shrU(shrS(wide, i64(63)), i64(1)));
}
const bothZero = (f: Format): Expr => eqz(magnitudeOf(f, or(a, b)));
const unordered = (f: Format): Expr => or(isNan(f, a), isNan(f, b));
const someSignaling = (f: Format): Expr => or(isSignaling(f, a), isSignaling(f, b));

/** feq is a quiet comparison: only a signaling NaN is invalid. */
const equal = (f: Format): Procedure => procedure(`${f.name}Equal`, [a, b], 'i64', [
  if_(unordered(f), [if_(someSignaling(f), [raise(FLAG.NV)]), return_(i64(0))]),
  return_(extendU(or(eq(a, b), bothZero(f)))),
]);
/** flt and fle are signaling: every NaN is invalid. */
const less = (f: Format): Procedure => procedure(`${f.name}Less`, [a, b], 'i64', [
  if_(unordered(f), [raise(FLAG.NV), return_(i64(0))]),
  return_(extendU(and(ltS(key(f, a), key(f, b)), eqz(bothZero(f))))),
]);
const lessOrEqual = (f: Format): Procedure => procedure(`${f.name}LessOrEqual`, [a, b], 'i64', [
  if_(unordered(f), [raise(FLAG.NV), return_(i64(0))]),
  return_(extendU(or(leS(key(f, a), key(f, b)), bothZero(f)))),
]);

/** minimumNumber and maximumNumber of IEEE 754-2019: a NaN loses against a number. */
const extreme = (f: Format, name: string, first: (x: Expr, y: Expr) => Expr): Procedure => procedure(`${f.name}${name}`, [a, b], 'i64', [
  if_(someSignaling(f), [raise(FLAG.NV)]),
  if_(isNan(f, a), [return_(select(isNan(f, b), i64(f.nan), b))]),
  if_(isNan(f, b), [return_(a)]),
  return_(select(first(key(f, a), key(f, b)), a, b)),
]);

/** One bit of ten: negative infinity, normal, subnormal, zero; positive zero, subnormal, normal, infinity; signaling and quiet NaN. */
function classify(f: Format): Procedure {
  const bit = variable('bit');
  const subnormal = ltU(magnitudeOf(f, a), i64(1n << BigInt(f.fraction)));
  return procedure(`${f.name}Classify`, [a], 'i64', [
    if_(isNan(f, a), [return_(select(isSignaling(f, a), i64(1 << 8), i64(1 << 9)))]),
    // 0 infinity, 1 normal, 2 subnormal, 3 zero; 7 minus that for positive numbers.
    assign(bit, select(isInfinite(f, a), i64(0), select(isZero(f, a), i64(3), select(subnormal, i64(2), i64(1))))),
    return_(shl(i64(1), select(nonZero(signOf(f, a)), bit, sub(i64(7), bit)))),
  ]);
}

export const COMPARE: readonly Procedure[] = FORMATS.flatMap((f) => [
  equal(f), less(f), lessOrEqual(f),
  extreme(f, 'Minimum', ltS), extreme(f, 'Maximum', (x, y) => ltS(y, x)),
  classify(f),
]);
