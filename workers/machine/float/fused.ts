/** The fused multiply-add: a * b + c with one rounding, by way of the exact product in 128 bits (20.6). */
import {
  add, and, clz, eq, eqz, extendU, geU, gtS, gtU, i64, if_, ltU, mul, mulhUU, ne, or, return_, select, shl, shrU, sub, xor, type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { any, assign, nonZero, procedure, variable } from '../hart/form.ts';
import { FORMATS, invalid, isInfinite, isZero, nanOf, parts, signOf, signOfZeroSum, unpack, withSign, type Format } from './format.ts';
import { packed } from './pack.ts';

const a = variable('a');
const b = variable('b');
const c = variable('c');
const rounding = variable('rounding');
const A = parts('A');
const B = parts('B');
const C = parts('C');
/** The product and the addend: high and low half of 128 bits, with the leading 1 at bit 126 (62 of the high half). */
const high = variable('high');
const low = variable('low');
const otherHigh = C.significand;
const otherLow = variable('otherLow');
const by = variable('by');
const lost = variable('lost');
const swap = variable('swap');
const one = i64(1);
const zero = i64(0);

const exchange = (x: ReturnType<typeof variable>, y: ReturnType<typeof variable>): readonly Stmt[] => [assign(swap, x), assign(x, y), assign(y, swap)];

/** Shifts the smaller one right by `by`, keeping in bit 0 whether anything was lost. */
const align: readonly Stmt[] = [
  if_(geU(by, i64(64)), [
    if_(geU(by, i64(128)), [
      assign(lost, or(otherHigh, otherLow)),
      assign(otherLow, zero),
    ], [
      assign(lost, or(otherLow, select(eq(by, i64(64)), zero, shl(otherHigh, sub(i64(128), by))))),
      assign(otherLow, shrU(otherHigh, sub(by, i64(64)))),
    ]),
    assign(otherHigh, zero),
    assign(otherLow, or(otherLow, extendU(nonZero(lost)))),
  ], [
    if_(nonZero(by), [
      assign(lost, shl(otherLow, sub(i64(64), by))),
      assign(otherLow, or(or(shrU(otherLow, by), shl(otherHigh, sub(i64(64), by))), extendU(nonZero(lost)))),
      assign(otherHigh, shrU(otherHigh, by)),
    ]),
  ]),
];

/** One place right, exactly or with jamming. */
const halve = (exponent: ReturnType<typeof variable>): readonly Stmt[] => [
  assign(low, or(or(shrU(low, one), shl(high, i64(63))), and(low, one))),
  assign(high, shrU(high, one)),
  assign(exponent, add(exponent, one)),
];
const carried: Expr = geU(high, i64(1n << 63n));

/** Sum of the halves, of the same sign; the carry between them is seen by the low half becoming smaller. */
const sum: readonly Stmt[] = [
  assign(low, add(low, otherLow)),
  assign(high, add(add(high, otherHigh), extendU(ltU(low, otherLow)))),
  if_(carried, halve(A.exponent)),
];

/** Difference of the halves, and the leading 1 brought back to its place. */
const difference = (f: Format): readonly Stmt[] => [
  assign(high, sub(sub(high, otherHigh), extendU(ltU(low, otherLow)))),
  assign(low, sub(low, otherLow)),
  if_(eqz(high), [
    if_(eqz(low), [return_(withSign(f, signOfZeroSum(rounding), zero))]),
    assign(high, low),
    assign(low, zero),
    assign(A.exponent, sub(A.exponent, i64(64))),
  ]),
  if_(carried, halve(A.exponent), [
    assign(by, sub(clz(high), one)),
    if_(nonZero(by), [
      assign(high, or(shl(high, by), shrU(low, sub(i64(64), by)))),
      assign(low, shl(low, by)),
      assign(A.exponent, sub(A.exponent, by)),
    ]),
  ]),
];

/** (a, b, c, rounding mode) -> a * b + c */
function multiplyAdd(f: Format): Procedure {
  const product = signOf(f, xor(a, b));
  const infiniteProduct = or(isInfinite(f, a), isInfinite(f, b));
  const zeroProduct = or(isZero(f, a), isZero(f, b));
  return procedure(`${f.name}MultiplyAdd`, [a, b, c, rounding], 'i64', [
    // Infinity times 0 is invalid even when c is a quiet NaN (20.6).
    if_(any(and(isInfinite(f, a), isZero(f, b)), and(isZero(f, a), isInfinite(f, b))), invalid(f)),
    nanOf(f, a, b, c),
    if_(infiniteProduct, [
      if_(and(isInfinite(f, c), ne(product, signOf(f, c))), invalid(f)),
      return_(withSign(f, product, i64(f.infinity))),
    ]),
    if_(isInfinite(f, c), [return_(c)]),
    if_(zeroProduct, [
      if_(and(isZero(f, c), ne(product, signOf(f, c))), [return_(withSign(f, signOfZeroSum(rounding), zero))]),
      return_(c),
    ]),
    ...unpack(f, a, A),
    ...unpack(f, b, B),
    ...unpack(f, c, C),
    assign(high, mulhUU(shl(A.significand, one), shl(B.significand, one))),
    assign(low, mul(shl(A.significand, one), shl(B.significand, one))),
    assign(A.exponent, sub(add(A.exponent, B.exponent), i64(f.bias))),
    assign(A.sign, xor(A.sign, B.sign)),
    // Exact: the low bits of a product of two significands that end in zeros are zeros.
    if_(carried, halve(A.exponent)),
    if_(nonZero(C.significand), [
      assign(otherLow, zero),
      if_(or(gtS(C.exponent, A.exponent), and(eq(C.exponent, A.exponent), gtU(otherHigh, high))), [
        ...exchange(A.sign, C.sign), ...exchange(A.exponent, C.exponent), ...exchange(high, otherHigh), ...exchange(low, otherLow),
      ]),
      assign(by, sub(A.exponent, C.exponent)),
      ...align,
      if_(eq(A.sign, C.sign), sum, difference(f)),
    ]),
    assign(A.significand, or(high, extendU(nonZero(low)))),
    return_(packed(f, A, rounding)),
  ]);
}

export const FUSED: readonly Procedure[] = FORMATS.map(multiplyAdd);
