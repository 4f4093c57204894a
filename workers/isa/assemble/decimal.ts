/** Decimal numbers as the bits of a float or a double: the nearest one, with ties away from zero, as GNU as gives them. */

interface Shape {
  readonly width: number;
  /** Bits of precision, with the leading one. */
  readonly precision: number;
}
export const FLOAT: Shape = { width: 32, precision: 24 };
export const DOUBLE: Shape = { width: 64, precision: 53 };

/** More places than any double needs to be told apart; more would only take time. */
const MOST_EXPONENT = 5000;

/** `12`, `1.5`, `.5`, `2.5e-3` with a sign; nan and inf. Undefined where the text is no number. */
export function decimalBits(text: string, { width, precision }: Shape): bigint | undefined {
  const parts = /^([-+]?)(?:(nan|inf|infinity)|(\d*)\.?(\d*)(?:e([-+]?\d+))?)$/i.exec(text);
  if (!parts) return undefined;
  const [, sign, special, whole = '', fraction = '', exponent = '0'] = parts;
  if (special === undefined && whole + fraction === '') return undefined;
  const exponentBits = width - precision;
  const most = (1n << BigInt(exponentBits)) - 1n;
  const fractionBits = BigInt(precision - 1);
  const negative = sign === '-' ? 1n << BigInt(width - 1) : 0n;
  const infinity = most << fractionBits;
  if (special !== undefined) return negative | infinity | (/^n/i.test(special) ? 1n << (fractionBits - 1n) : 0n);

  const digits = BigInt(whole + fraction);
  const scale = Math.max(-MOST_EXPONENT, Math.min(MOST_EXPONENT, Number(exponent) - fraction.length));
  if (digits === 0n) return negative;
  const [n, d] = scale >= 0 ? [digits * 10n ** BigInt(scale), 1n] : [digits, 10n ** BigInt(-scale)];

  // The exponent of the last place: so that the quotient has just the precision, or the least there is.
  const bias = Number(most >> 1n);
  let place = n.toString(2).length - d.toString(2).length - precision;
  const quotient = (at: number): readonly [bigint, bigint] => (at >= 0 ? [n, d << BigInt(at)] : [n << BigInt(-at), d]);
  const [top, bottom] = quotient(place);
  if (top / bottom >= 1n << BigInt(precision)) place += 1;
  place = Math.max(place, 2 - bias - precision);
  const [a, b] = quotient(place);
  const [floor, rest] = [a / b, a % b];
  const rounded = 2n * rest >= b ? floor + 1n : floor;
  // A carry to the next power of two, or from the subnormal numbers, goes into the exponent by itself.
  const bits = (BigInt(place + bias + precision - 2) << fractionBits) + rounded;
  return negative | (bits >= infinity ? infinity : bits);
}
