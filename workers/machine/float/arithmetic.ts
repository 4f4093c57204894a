/** Addition, multiplication, division and square root. Subtraction is the addition of the negated number. */
import {
  add, and, clz, divU, eq, eqz, extendU, geU, i64, if_, ltU, mul, mulhUU, ne, or, return_, shl, shrS, shrU, sub, while_, xor, type Expr, type Procedure, type Stmt,
} from '../../isa/meaning.ts';
import { assign, nonZero, procedure, variable } from '../hart/form.ts';
import {
  FLAG, FORMATS, invalid, isInfinite, isZero, magnitudeOf, nanOf, parts, raise, shiftRightJam, signOf, signOfZeroSum, takeCarry, unpack, withSign, type Format,
} from './format.ts';
import { packed } from './pack.ts';

const a = variable('a');
const b = variable('b');
const rounding = variable('rounding');
const swap = variable('swap');
const A = parts('A');
const B = parts('B');
const by = variable('by');

/** (a, b, rounding mode) -> a + b */
function addition(f: Format): Procedure {
  return procedure(`${f.name}Add`, [a, b, rounding], 'i64', [
    nanOf(f, a, b),
    // The larger magnitude first: infinities come first, too, and the difference has the sign of a.
    if_(ltU(magnitudeOf(f, a), magnitudeOf(f, b)), [assign(swap, a), assign(a, b), assign(b, swap)]),
    if_(isInfinite(f, a), [
      if_(and(isInfinite(f, b), ne(a, b)), invalid(f)),
      return_(a),
    ]),
    if_(isZero(f, b), [
      if_(and(isZero(f, a), ne(a, b)), [return_(withSign(f, signOfZeroSum(rounding), i64(0)))]),
      return_(a),
    ]),
    ...unpack(f, a, A),
    ...unpack(f, b, B),
    assign(B.significand, shiftRightJam(B.significand, sub(A.exponent, B.exponent))),
    if_(eq(A.sign, B.sign), [
      assign(A.significand, add(A.significand, B.significand)),
      takeCarry(A.significand, A.exponent),
    ], [
      assign(A.significand, sub(A.significand, B.significand)),
      if_(eqz(A.significand), [return_(withSign(f, signOfZeroSum(rounding), i64(0)))]),
      assign(by, sub(clz(A.significand), i64(1))),
      assign(A.significand, shl(A.significand, by)),
      assign(A.exponent, sub(A.exponent, by)),
    ]),
    return_(packed(f, A, rounding)),
  ]);
}

const signOfProduct = (f: Format): Expr => signOf(f, xor(a, b));
const zeroOf = (f: Format): Stmt => return_(withSign(f, signOfProduct(f), i64(0)));
const infinityOf = (f: Format): Stmt => return_(withSign(f, signOfProduct(f), i64(f.infinity)));
const one = i64(1);

/** (a, b, rounding mode) -> a * b */
function multiplication(f: Format): Procedure {
  const product = variable('product');
  return procedure(`${f.name}Multiply`, [a, b, rounding], 'i64', [
    nanOf(f, a, b),
    if_(or(isInfinite(f, a), isInfinite(f, b)), [
      if_(or(isZero(f, a), isZero(f, b)), invalid(f)),
      infinityOf(f),
    ]),
    if_(or(isZero(f, a), isZero(f, b)), [zeroOf(f)]),
    ...unpack(f, a, A),
    ...unpack(f, b, B),
    // Both with the leading 1 at bit 63: the product's is at bit 126 or 127 of 128.
    assign(product, mulhUU(shl(A.significand, one), shl(B.significand, one))),
    assign(A.significand, or(product, extendU(nonZero(mul(shl(A.significand, one), shl(B.significand, one)))))),
    assign(A.exponent, sub(add(A.exponent, B.exponent), i64(f.bias))),
    assign(A.sign, xor(A.sign, B.sign)),
    takeCarry(A.significand, A.exponent),
    return_(packed(f, A, rounding)),
  ]);
}

/** Bits of the quotient that one division of 64 bits gives: what stands free above a significand of 53 bits. */
const DIGIT = 11;

/** (a, b, rounding mode) -> a / b, by long division with digits of 11 bits. */
function division(f: Format): Procedure {
  const quotient = variable('quotient');
  const digits = f.width === 64 ? 5 : 3;
  const [dividend, divisor] = [A.significand, B.significand];
  const digit: readonly Stmt[] = [
    assign(dividend, shl(dividend, i64(DIGIT))),
    assign(by, divU(dividend, divisor)),
    assign(quotient, or(shl(quotient, i64(DIGIT)), by)),
    assign(dividend, sub(dividend, mul(by, divisor))),
  ];
  return procedure(`${f.name}Divide`, [a, b, rounding], 'i64', [
    nanOf(f, a, b),
    if_(isInfinite(f, a), [
      if_(isInfinite(f, b), invalid(f)),
      infinityOf(f),
    ]),
    if_(isInfinite(f, b), [zeroOf(f)]),
    if_(isZero(f, b), [
      if_(isZero(f, a), invalid(f)),
      raise(FLAG.DZ),
      infinityOf(f),
    ]),
    if_(isZero(f, a), [zeroOf(f)]),
    ...unpack(f, a, A),
    ...unpack(f, b, B),
    assign(dividend, shrU(dividend, i64(f.rounded))),
    assign(divisor, shrU(divisor, i64(f.rounded))),
    assign(A.exponent, add(sub(A.exponent, B.exponent), i64(f.bias))),
    assign(A.sign, xor(A.sign, B.sign)),
    // The first digit is 1, and so the leading bit.
    if_(ltU(dividend, divisor), [assign(dividend, shl(dividend, one)), assign(A.exponent, sub(A.exponent, one))]),
    assign(quotient, one),
    assign(dividend, sub(dividend, divisor)),
    ...Array.from({ length: digits }, () => digit).flat(),
    assign(A.significand, or(shl(quotient, i64(62 - DIGIT * digits)), extendU(nonZero(dividend)))),
    return_(packed(f, A, rounding)),
  ]);
}

/** (a, rounding mode) -> the square root, bit by bit from the radicand's bits in pairs. */
function squareRoot(f: Format): Procedure {
  const root = variable('root');
  const remainder = variable('remainder');
  const trial = variable('trial');
  const left = variable('left');
  // The precision and two bits more: one for the half, one for the sticky bit to be beyond it.
  const steps = f.fraction + 3;
  return procedure(`${f.name}SquareRoot`, [a, rounding], 'i64', [
    nanOf(f, a),
    if_(isZero(f, a), [return_(a)]),
    if_(nonZero(signOf(f, a)), invalid(f)),
    if_(isInfinite(f, a), [return_(a)]),
    ...unpack(f, a, A),
    assign(A.exponent, sub(A.exponent, i64(f.bias))),
    // 1 <= radicand < 4, with two bits in front of the point: 63 and 62.
    assign(A.significand, shl(A.significand, and(A.exponent, one))),
    assign(A.exponent, add(shrS(A.exponent, one), i64(f.bias))),
    assign(root, i64(0)),
    assign(remainder, i64(0)),
    assign(left, i64(steps)),
    while_(nonZero(left),
      assign(remainder, or(shl(remainder, i64(2)), shrU(A.significand, i64(62)))),
      assign(A.significand, shl(A.significand, i64(2))),
      assign(trial, or(shl(root, i64(2)), one)),
      assign(root, shl(root, one)),
      if_(geU(remainder, trial), [assign(remainder, sub(remainder, trial)), assign(root, or(root, one))]),
      assign(left, sub(left, one))),
    assign(A.significand, or(shl(root, i64(63 - steps)), extendU(nonZero(remainder)))),
    return_(packed(f, A, rounding)),
  ]);
}

export const ARITHMETIC: readonly Procedure[] = FORMATS.flatMap((f) => [addition(f), multiplication(f), division(f), squareRoot(f)]);
