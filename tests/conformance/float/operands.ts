/** The corners of a format, and random numbers near them: where arithmetic goes wrong when it does. */
import type { Random } from '../../differential/random.ts';
import type { Format } from './oracle.ts';

const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** A number from its fields. */
function build(f: Format, negative: boolean, exponent: bigint, fraction: bigint): bigint {
  return (negative ? 1n << BigInt(f.width - 1) : 0n) | (exponent << BigInt(f.precision - 1)) | fraction;
}

/** Both signs of: 0, subnormals, the ends of the normal numbers, 1 and its neighbours, integers at the ends of their ranges, infinity, NaNs. */
export function corners(f: Format): readonly bigint[] {
  const fractionBits = f.precision - 1;
  const top = ones(f.width - f.precision);
  const bias = top >> 1n;
  const full = ones(fractionBits);
  const half = 1n << BigInt(fractionBits - 1);
  const magnitudes: readonly (readonly [bigint, bigint])[] = [
    [0n, 0n], [0n, 1n], [0n, half], [0n, full],
    [1n, 0n], [1n, full], [bias - 1n, 0n], [bias - 1n, full], [bias, 0n], [bias, 1n], [bias, half], [bias + 1n, full],
    [bias + 30n, full], [bias + 31n, 0n], [bias + 32n, 0n], [bias + 62n, full], [bias + 63n, 0n], [bias + BigInt(fractionBits), 1n],
    [top - 1n, 0n], [top - 1n, full], [top, 0n], [top, 1n], [top, half], [top, full],
  ];
  return magnitudes.flatMap(([exponent, fraction]) => [build(f, false, exponent, fraction), build(f, true, exponent, fraction)]);
}

/** A number of the magnitude that most programs have, sometimes with few bits. */
export function nearOne(f: Format, random: Random): bigint {
  const fraction = random.double() & ones(f.precision - 1);
  const kept = random.oneIn(3) ? fraction & (ones(f.precision - 1) << BigInt(random.below(f.precision - 1))) & ones(f.precision - 1) : fraction;
  return build(f, random.oneIn(2), (ones(f.width - f.precision) >> 1n) + BigInt(random.below(60) - 30), kept);
}

/** Any number; exponents near those of `near` half the time, so that sums cancel and products meet the ends. */
export function anyNumber(f: Format, random: Random, near?: bigint): bigint {
  const fractionBits = BigInt(f.precision - 1);
  const top = ones(f.width - f.precision);
  if (random.oneIn(8)) return random.pick(corners(f));
  let exponent = random.double() & top;
  if (near !== undefined && random.oneIn(2)) exponent = BigInt.asUintN(f.width - f.precision, ((near >> fractionBits) & top) + (random.double() % 7n) - 3n);
  else if (random.oneIn(3)) exponent = (top >> 1n) + (random.double() % 9n) - 4n;
  // Long runs of ones or zeros round in the rare ways.
  const fraction = random.double() & ones(f.precision - 1);
  const shaped = random.oneIn(3) ? fraction & (ones(f.precision - 1) << BigInt(random.below(f.precision - 1))) & ones(f.precision - 1)
    : random.oneIn(3) ? fraction | ones(random.below(f.precision)) & ones(f.precision - 1) : fraction;
  return build(f, random.oneIn(2), exponent, shaped);
}
