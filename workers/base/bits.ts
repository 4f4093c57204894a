/** Bit fields of 64-bit values held in a bigint. Bit 0 is the least significant, as in the RISC-V manuals. */

export const MASK64 = 0xffff_ffff_ffff_ffffn;

/** The unsigned value of bits high..low of `value`. */
export const bits = (value: bigint, high: number, low: number): bigint =>
  (value >> BigInt(low)) & ((1n << BigInt(high - low + 1)) - 1n);

export const bit = (value: bigint, index: number): boolean => ((value >> BigInt(index)) & 1n) === 1n;

/** `value` with bits high..low replaced by `field`. */
export function withBits(value: bigint, high: number, low: number, field: bigint): bigint {
  const mask = ((1n << BigInt(high - low + 1)) - 1n) << BigInt(low);
  return (value & ~mask & MASK64) | ((field << BigInt(low)) & mask);
}

export const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
export const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Sign-extends the low `width` bits of `value` to an unsigned 64-bit value. */
export const signExtend = (value: bigint, width: number): bigint => u64(BigInt.asIntN(width, value));

/** `0x` and at least `digits` hexadecimal digits; the one way numbers are shown. */
export const hex = (value: bigint | number, digits = 1): string =>
  `0x${u64(BigInt(value)).toString(16).padStart(digits, '0')}`;
