/**
 * The two binary formats, and the words that the procedures of this folder share (F and D, chapters 20 and 21; IEEE 754-2008).
 *
 * A finite number other than 0 is taken apart into its sign (0 or 1), its exponent with the format's bias, and its significand with the
 * leading 1 at bit 62 of an i64. A subnormal number becomes normal by that: its exponent is then 0 or less. Bits below the format's
 * precision round; bit 0 also stands for all that was shifted out ("jamming"), which leaves every rounding as it would have been.
 */
import {
  add, and, callStmt, clz, eq, eqz, extendU, geU, gtU, i64, if_, ltU, ne, or, return_, select, shl, shrU, sub, type Expr, type Stmt,
} from '../../isa/meaning.ts';
import { any, assign, nonZero, variable } from '../hart/form.ts';

export interface Format {
  /** `f32` or `f64`: the procedures' names begin with it. */
  readonly name: 'f32' | 'f64';
  /** Bits of the whole, and of the fraction. */
  readonly width: 32 | 64;
  readonly fraction: 23 | 52;
  readonly bias: bigint;
  /** The exponent of infinities and NaNs. */
  readonly special: bigint;
  /** Bits of a significand that round: those below the precision, from bit 62. */
  readonly rounded: bigint;
  readonly signBit: bigint;
  readonly infinity: bigint;
  readonly quietBit: bigint;
  /** The canonical NaN, the only one that an operation gives (20.3). */
  readonly nan: bigint;
}

function format(name: 'f32' | 'f64', width: 32 | 64, fraction: 23 | 52): Format {
  const special = (1n << BigInt(width - 1 - fraction)) - 1n;
  const infinity = special << BigInt(fraction);
  const quietBit = 1n << BigInt(fraction - 1);
  return { name, width, fraction, bias: special >> 1n, special, rounded: 62n - BigInt(fraction), signBit: 1n << BigInt(width - 1), infinity, quietBit, nan: infinity | quietBit };
}
export const F32 = format('f32', 32, 23);
export const F64 = format('f64', 64, 52);
export const FORMATS: readonly Format[] = [F32, F64];

/** Accrued exceptions (20.2). */
export const FLAG = { NX: 1n, UF: 2n, OF: 4n, DZ: 8n, NV: 16n } as const;
/** Rounding modes: to nearest with ties to even, to zero, down, up, to nearest with ties away from zero. */
export const ROUND = { RNE: 0n, RTZ: 1n, RDN: 2n, RUP: 3n, RMM: 4n } as const;

export const raise = (flags: bigint | Expr): Stmt => callStmt('floatRaise', typeof flags === 'bigint' ? i64(flags) : flags);

export const magnitudeOf = (f: Format, value: Expr): Expr => and(value, i64(f.signBit - 1n));
export const signOf = (f: Format, value: Expr): Expr => shrU(value, i64(f.width - 1));
export const negated = (f: Format, value: Expr): Expr => add(value, i64(f.signBit));
export const withSign = (f: Format, sign: Expr, magnitude: Expr): Expr => or(shl(sign, i64(f.width - 1)), magnitude);
export const isNan = (f: Format, value: Expr): Expr => gtU(magnitudeOf(f, value), i64(f.infinity));
export const isInfinite = (f: Format, value: Expr): Expr => eq(magnitudeOf(f, value), i64(f.infinity));
export const isZero = (f: Format, value: Expr): Expr => eqz(magnitudeOf(f, value));
/** Looked at only in a NaN. */
const isQuiet = (f: Format, value: Expr): Expr => nonZero(and(value, i64(f.quietBit)));
export const isSignaling = (f: Format, value: Expr): Expr => and(isNan(f, value), eqz(isQuiet(f, value)));

/** An operation without a result: NV, and the canonical NaN. */
export const invalid = (f: Format): readonly Stmt[] => [raise(FLAG.NV), return_(i64(f.nan))];

/** Returns the canonical NaN when an operand is a NaN; a signaling one is invalid, too (20.3). */
export const nanOf = (f: Format, ...operands: readonly Expr[]): Stmt =>
  if_(any(...operands.map((operand) => isNan(f, operand))), [
    if_(any(...operands.map((operand) => isSignaling(f, operand))), [raise(FLAG.NV)]),
    return_(i64(f.nan)),
  ]);

/** The sign of an exact sum of 0: minus only when rounding down (IEEE 754, 6.3). */
export const signOfZeroSum = (rounding: Expr): Expr => extendU(eq(rounding, i64(ROUND.RDN)));

type Local = ReturnType<typeof variable>;
export interface Parts {
  readonly sign: Local;
  readonly exponent: Local;
  readonly significand: Local;
}
export const parts = (suffix: string): Parts =>
  ({ sign: variable(`sign${suffix}`), exponent: variable(`exponent${suffix}`), significand: variable(`significand${suffix}`) });

/** Takes a finite number apart; of 0 the significand is 0. */
export function unpack(f: Format, value: Expr, { sign, exponent, significand }: Parts): readonly Stmt[] {
  const fractionMask = (1n << BigInt(f.fraction)) - 1n;
  return [
    assign(sign, signOf(f, value)),
    assign(exponent, shrU(magnitudeOf(f, value), i64(f.fraction))),
    assign(significand, and(value, i64(fractionMask))),
    if_(nonZero(exponent), [
      assign(significand, shl(or(significand, i64(fractionMask + 1n)), i64(f.rounded))),
    ], [
      // Subnormal: the leading 1 at bit 63 - n means exponent (63 - n) - fraction + 1.
      if_(nonZero(significand), [
        assign(exponent, sub(i64(64 - f.fraction), clz(significand))),
        assign(significand, shl(significand, sub(clz(significand), i64(1)))),
      ]),
    ]),
  ];
}

/** `value` shifted right, with what was lost in bit 0. */
export const shiftRightJam = (value: Expr, by: Expr): Expr =>
  select(geU(by, i64(63)), extendU(nonZero(value)),
    or(shrU(value, by), extendU(ne(shl(shrU(value, by), by), value))));

/** Puts the leading bit back from 63 to 62, where a sum or product has carried. */
export const takeCarry = (significand: Local, exponent: Local): Stmt =>
  if_(eqz(ltU(significand, i64(1n << 63n))), [
    assign(significand, or(shrU(significand, i64(1)), and(significand, i64(1)))),
    assign(exponent, add(exponent, i64(1))),
  ]);
