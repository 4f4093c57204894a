/**
 * Floating point by its definition: numbers are exact rationals of bigints, an operation is done exactly, and the result is rounded once
 * (IEEE 754-2008, chapters 3, 4, 5 and 7; tininess after rounding as RISC-V asks). It shares nothing with workers/machine/float: no
 * normalised significands, no jamming, no shifting into place.
 */
export interface Format {
  readonly name: 'f32' | 'f64';
  readonly width: number;
  /** Bits of precision, with the leading one. */
  readonly precision: number;
  /** Exponents of the smallest and the largest normal number (of its leading bit). */
  readonly least: number;
  readonly most: number;
}
export const F32: Format = { name: 'f32', width: 32, precision: 24, least: -126, most: 127 };
export const F64: Format = { name: 'f64', width: 64, precision: 53, least: -1022, most: 1023 };

export const NX = 1;
export const UF = 2;
export const OF = 4;
export const DZ = 8;
export const NV = 16;
export type Rounding = 0 | 1 | 2 | 3 | 4;
export const ROUNDINGS: readonly Rounding[] = [0, 1, 2, 3, 4];

export interface Outcome {
  readonly bits: bigint;
  readonly flags: number;
}

/** numerator / denominator; the denominator is positive. */
interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}
type Value =
  | { readonly k: 'nan'; readonly signaling: boolean }
  | { readonly k: 'infinity'; readonly negative: boolean }
  /** Zeros have a sign of their own. */
  | { readonly k: 'finite'; readonly negative: boolean; readonly q: Rational };

const abs = (x: bigint): bigint => (x < 0n ? -x : x);
const power = (exponent: number): Rational => (exponent >= 0 ? { n: 1n << BigInt(exponent), d: 1n } : { n: 1n, d: 1n << BigInt(-exponent) });
const times = (a: Rational, b: Rational): Rational => ({ n: a.n * b.n, d: a.d * b.d });
const plus = (a: Rational, b: Rational): Rational => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const compare = (a: Rational, b: Rational): number => {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
};

const exponentBits = (f: Format): number => f.width - f.precision;
const signBit = (f: Format): bigint => 1n << BigInt(f.width - 1);
const infinityBits = (f: Format): bigint => ((1n << BigInt(exponentBits(f))) - 1n) << BigInt(f.precision - 1);
export const nanBits = (f: Format): bigint => infinityBits(f) | (1n << BigInt(f.precision - 2));

export function valueOf(f: Format, bits: bigint): Value {
  const negative = (bits & signBit(f)) !== 0n;
  const exponent = Number((bits >> BigInt(f.precision - 1)) & ((1n << BigInt(exponentBits(f))) - 1n));
  const fraction = bits & ((1n << BigInt(f.precision - 1)) - 1n);
  if (exponent === 2 ** exponentBits(f) - 1) {
    return fraction === 0n ? { k: 'infinity', negative } : { k: 'nan', signaling: ((fraction >> BigInt(f.precision - 2)) & 1n) === 0n };
  }
  const whole = exponent === 0 ? fraction : fraction + (1n << BigInt(f.precision - 1));
  const q = times({ n: negative ? -whole : whole, d: 1n }, power(Math.max(exponent, 1) - 1 + f.least - (f.precision - 1)));
  return { k: 'finite', negative, q };
}

const withSign = (f: Format, negative: boolean, bits: bigint): bigint => (negative ? signBit(f) | bits : bits);
const zero = (f: Format, negative: boolean): bigint => withSign(f, negative, 0n);

/** The exponent of the leading bit of a positive rational. */
function leading({ n, d }: Rational): number {
  let guess = n.toString(2).length - d.toString(2).length;
  while (compare({ n, d }, power(guess)) < 0) guess -= 1;
  while (compare({ n, d }, power(guess + 1)) >= 0) guess += 1;
  return guess;
}

/** A positive rational to an integer, by the mode and the sign; and whether that was exact. */
function toWhole({ n, d }: Rational, rounding: Rounding, negative: boolean): { readonly whole: bigint; readonly exact: boolean } {
  const [floor, rest] = [n / d, n % d];
  if (rest === 0n) return { whole: floor, exact: true };
  const toHalf = compare({ n: 2n * rest, d }, { n: 1n, d: 1n });
  const up = rounding === 0 ? toHalf > 0 || (toHalf === 0 && floor % 2n === 1n)
    : rounding === 4 ? toHalf >= 0
      : rounding === 2 ? negative : rounding === 3 ? !negative : false;
  return { whole: up ? floor + 1n : floor, exact: false };
}

/** A rational that is not 0, rounded to a number of the format. */
function round(f: Format, q: Rational, rounding: Rounding): Outcome {
  const negative = q.n < 0n;
  const positive = { n: abs(q.n), d: q.d };
  /** To a multiple of the last place of numbers whose leading bit has this exponent. */
  const at = (exponent: number): { readonly r: Rational; readonly whole: bigint; readonly exact: boolean } => {
    const place = exponent - (f.precision - 1);
    const { whole, exact } = toWhole(times(positive, power(-place)), rounding, negative);
    return { r: times({ n: whole, d: 1n }, power(place)), whole, exact };
  };
  const exponent = leading(positive);
  const unlimited = at(exponent);
  const tiny = compare(unlimited.r, power(f.least)) < 0;
  const result = at(Math.max(exponent, f.least));
  if (compare(result.r, power(f.most + 1)) >= 0) {
    const toInfinity = rounding === 0 || rounding === 4 || (rounding === 2 ? negative : rounding === 3 && !negative);
    return { bits: withSign(f, negative, toInfinity ? infinityBits(f) : infinityBits(f) - 1n), flags: OF | NX };
  }
  const flags = result.exact ? 0 : NX | (tiny ? UF : 0);
  if (result.whole === 0n) return { bits: zero(f, negative), flags };
  const e = Math.max(leading(result.r), f.least);
  const { n, d } = times(result.r, power(f.precision - 1 - e));
  const significand = n / d;
  const hidden = 1n << BigInt(f.precision - 1);
  const biased = significand < hidden ? 0n : BigInt(e - f.least + 1);
  return { bits: withSign(f, negative, (biased << BigInt(f.precision - 1)) | (significand & (hidden - 1n))), flags };
}

const nan = (f: Format, ...operands: readonly Value[]): Outcome => ({ bits: nanBits(f), flags: operands.some((value) => value.k === 'nan' && value.signaling) ? NV : 0 });
const invalid = (f: Format): Outcome => ({ bits: nanBits(f), flags: NV });
const exact = (bits: bigint): Outcome => ({ bits, flags: 0 });
const infinity = (f: Format, negative: boolean): Outcome => exact(withSign(f, negative, infinityBits(f)));

/** The sum of two values that are no NaN; `bits` for those returned as they are. */
function sum(f: Format, a: Value, b: Value, rounding: Rounding): Outcome {
  if (a.k === 'nan' || b.k === 'nan') return nan(f, a, b);
  if (a.k === 'infinity') return b.k === 'infinity' && a.negative !== b.negative ? invalid(f) : infinity(f, a.negative);
  if (b.k === 'infinity') return infinity(f, b.negative);
  const q = plus(a.q, b.q);
  if (q.n !== 0n) return round(f, q, rounding);
  const bothZeros = a.q.n === 0n && b.q.n === 0n;
  return exact(zero(f, bothZeros && a.negative === b.negative ? a.negative : rounding === 2));
}

function product(a: Value, b: Value): Value | undefined {
  if (a.k === 'nan' || b.k === 'nan') return undefined;
  const negative = a.negative !== b.negative;
  const isZero = (value: Value): boolean => value.k === 'finite' && value.q.n === 0n;
  if (a.k === 'infinity' || b.k === 'infinity') return isZero(a) || isZero(b) ? undefined : { k: 'infinity', negative };
  return { k: 'finite', negative, q: times(a.q, b.q) };
}

/** The number whose square is nearest from below, in units of 2^-k. */
function wholeRoot(n: bigint): bigint {
  let [low, high] = [0n, 1n << BigInt(Math.ceil(n.toString(2).length / 2) + 1)];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

export const ORACLE = {
  add: (f: Format, a: bigint, b: bigint, rounding: Rounding): Outcome => sum(f, valueOf(f, a), valueOf(f, b), rounding),

  multiply(f: Format, a: bigint, b: bigint, rounding: Rounding): Outcome {
    const [x, y] = [valueOf(f, a), valueOf(f, b)];
    if (x.k === 'nan' || y.k === 'nan') return nan(f, x, y);
    const result = product(x, y);
    if (result === undefined || result.k === 'nan') return invalid(f);
    if (result.k === 'infinity') return infinity(f, result.negative);
    return result.q.n === 0n ? exact(zero(f, result.negative)) : round(f, result.q, rounding);
  },

  divide(f: Format, a: bigint, b: bigint, rounding: Rounding): Outcome {
    const [x, y] = [valueOf(f, a), valueOf(f, b)];
    if (x.k === 'nan' || y.k === 'nan') return nan(f, x, y);
    const negative = x.negative !== y.negative;
    if (x.k === 'infinity') return y.k === 'infinity' ? invalid(f) : infinity(f, negative);
    if (y.k === 'infinity') return exact(zero(f, negative));
    if (y.q.n === 0n) return x.q.n === 0n ? invalid(f) : { ...infinity(f, negative), flags: DZ };
    if (x.q.n === 0n) return exact(zero(f, negative));
    const sign = y.q.n < 0n ? -1n : 1n;
    return round(f, times(x.q, { n: sign * y.q.d, d: abs(y.q.n) }), rounding);
  },

  squareRoot(f: Format, a: bigint, rounding: Rounding): Outcome {
    const x = valueOf(f, a);
    if (x.k === 'nan') return nan(f, x);
    if (x.k === 'finite' && x.q.n === 0n) return exact(a);
    if (x.negative) return invalid(f);
    if (x.k === 'infinity') return exact(a);
    // The root to so many places that half a unit is far above; one bit beyond them says whether it is exact.
    const places = 4 * f.precision + Math.abs(leading(x.q));
    const scaled = times(x.q, power(2 * places));
    const root = wholeRoot(scaled.n / scaled.d);
    const isExact = root * root * scaled.d === scaled.n;
    return round(f, times({ n: 2n * root + (isExact ? 0n : 1n), d: 2n }, power(-places)), rounding);
  },

  multiplyAdd(f: Format, a: bigint, b: bigint, c: bigint, rounding: Rounding): Outcome {
    const [x, y, z] = [valueOf(f, a), valueOf(f, b), valueOf(f, c)];
    const p = product(x, y);
    if (p === undefined && x.k !== 'nan' && y.k !== 'nan') return invalid(f);
    if (p === undefined || z.k === 'nan') return nan(f, x, y, z);
    return sum(f, p, z, rounding);
  },

  less(f: Format, a: bigint, b: bigint): Outcome {
    const [x, y] = [valueOf(f, a), valueOf(f, b)];
    if (x.k === 'nan' || y.k === 'nan') return { bits: 0n, flags: NV };
    return exact(order(x, y) < 0 ? 1n : 0n);
  },
  lessOrEqual(f: Format, a: bigint, b: bigint): Outcome {
    const [x, y] = [valueOf(f, a), valueOf(f, b)];
    if (x.k === 'nan' || y.k === 'nan') return { bits: 0n, flags: NV };
    return exact(order(x, y) <= 0 ? 1n : 0n);
  },
  equal(f: Format, a: bigint, b: bigint): Outcome {
    const [x, y] = [valueOf(f, a), valueOf(f, b)];
    if (x.k === 'nan' || y.k === 'nan') return { bits: 0n, flags: nan(f, x, y).flags };
    return exact(order(x, y) === 0 ? 1n : 0n);
  },

  minimum: (f: Format, a: bigint, b: bigint): Outcome => extreme(f, a, b, true),
  maximum: (f: Format, a: bigint, b: bigint): Outcome => extreme(f, a, b, false),

  classify(f: Format, a: bigint): Outcome {
    const x = valueOf(f, a);
    if (x.k === 'nan') return exact(x.signaling ? 0x100n : 0x200n);
    const kind = x.k === 'infinity' ? 0 : x.q.n === 0n ? 3 : compare({ n: abs(x.q.n), d: x.q.d }, power(f.least)) < 0 ? 2 : 1;
    return exact(1n << BigInt(x.negative ? kind : 7 - kind));
  },

  /** To an integer of so many bits; the bits of the result, sign-extended to 64. */
  toInteger(f: Format, a: bigint, rounding: Rounding, signed: boolean, bits: number): Outcome {
    const x = valueOf(f, a);
    const [least, most] = signed ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n] : [0n, (1n << BigInt(bits)) - 1n];
    const give = (value: bigint, flags: number): Outcome => ({ bits: BigInt.asUintN(64, BigInt.asIntN(bits, value)), flags });
    if (x.k === 'nan') return give(most, NV);
    if (x.k === 'infinity') return give(x.negative ? least : most, NV);
    const { whole, exact: isExact } = toWhole({ n: abs(x.q.n), d: x.q.d }, rounding, x.negative);
    const value = x.negative ? -whole : whole;
    if (value < least || value > most) return give(x.negative ? least : most, NV);
    return give(value, isExact ? 0 : NX);
  },
  fromInteger: (f: Format, value: bigint, rounding: Rounding): Outcome => (value === 0n ? exact(0n) : round(f, { n: value, d: 1n }, rounding)),

  toFormat(from: Format, to: Format, a: bigint, rounding: Rounding): Outcome {
    const x = valueOf(from, a);
    if (x.k === 'nan') return nan(to, x);
    if (x.k === 'infinity') return infinity(to, x.negative);
    return x.q.n === 0n ? exact(zero(to, x.negative)) : round(to, x.q, rounding);
  },
} as const;

/** -1, 0 or 1; not for NaNs. Zeros are equal. */
function order(x: Value, y: Value): number {
  const rank = (value: Value): number => (value.k === 'infinity' ? (value.negative ? -1 : 1) : 0);
  if (rank(x) !== rank(y)) return rank(x) - rank(y);
  return x.k === 'finite' && y.k === 'finite' ? compare(x.q, y.q) : 0;
}

function extreme(f: Format, a: bigint, b: bigint, smaller: boolean): Outcome {
  const [x, y] = [valueOf(f, a), valueOf(f, b)];
  const { flags } = nan(f, x, y);
  if (x.k === 'nan') return { bits: y.k === 'nan' ? nanBits(f) : b, flags };
  if (y.k === 'nan') return { bits: a, flags };
  // -0 counts as less than +0.
  const first = order(x, y) || (x.negative === y.negative ? 0 : x.negative ? -1 : 1);
  return { bits: (first < 0) === smaller ? a : b, flags };
}
