/** The operators of the intermediate form on TypeScript values: i64 is an unsigned bigint, i32 an unsigned number. */
import { unreachable } from '../../base/assert.ts';
import { s64, u64 } from '../../base/bits.ts';
import type { BinaryOp, FloatFormat, FloatOp, Type, UnaryOp } from '../../isa/meaning.ts';

export type Value = bigint | number;

const truth = (value: boolean): number => (value ? 1 : 0);

function binary64(op: BinaryOp, a: bigint, b: bigint): Value {
  switch (op) {
    case 'add': return u64(a + b);
    case 'sub': return u64(a - b);
    case 'mul': return u64(a * b);
    case 'and': return a & b;
    case 'or': return a | b;
    case 'xor': return a ^ b;
    // WebAssembly takes shift counts modulo the width.
    case 'shl': return u64(a << (b & 63n));
    case 'shr_u': return a >> (b & 63n);
    case 'shr_s': return u64(s64(a) >> (b & 63n));
    case 'rotl': return u64((a << (b & 63n)) | (a >> ((64n - (b & 63n)) & 63n)));
    case 'rotr': return u64((a >> (b & 63n)) | (a << ((64n - (b & 63n)) & 63n)));
    case 'div_s': return u64(s64(a) / s64(b));
    case 'div_u': return a / b;
    case 'rem_s': return u64(s64(a) % s64(b));
    case 'rem_u': return a % b;
    case 'mulh_ss': return u64((s64(a) * s64(b)) >> 64n);
    case 'mulh_su': return u64((s64(a) * b) >> 64n);
    case 'mulh_uu': return (a * b) >> 64n;
    case 'eq': return truth(a === b);
    case 'ne': return truth(a !== b);
    case 'lt_s': return truth(s64(a) < s64(b));
    case 'lt_u': return truth(a < b);
    case 'le_s': return truth(s64(a) <= s64(b));
    case 'le_u': return truth(a <= b);
    case 'gt_s': return truth(s64(a) > s64(b));
    case 'gt_u': return truth(a > b);
    case 'ge_s': return truth(s64(a) >= s64(b));
    case 'ge_u': return truth(a >= b);
    default: return unreachable(op);
  }
}

const COMPARISONS_AND_BITS: ReadonlySet<BinaryOp> = new Set(['eq', 'ne', 'lt_u', 'le_u', 'gt_u', 'ge_u', 'and', 'or', 'xor', 'div_u', 'rem_u']);

/** 32-bit operands are done in 64 bits: zero-extended where the operator does not look at the sign, else sign-extended. */
export function binary(op: BinaryOp, type: Type, a: Value, b: Value): Value {
  if (type === 'i64') return binary64(op, a as bigint, b as bigint);
  const [x, y] = [a as number, b as number];
  switch (op) {
    case 'shl': return (x << (y & 31)) >>> 0;
    case 'shr_u': return x >>> (y & 31);
    case 'shr_s': return ((x | 0) >> (y & 31)) >>> 0;
    case 'rotl': return ((x << (y & 31)) | (x >>> ((32 - (y & 31)) & 31))) >>> 0;
    case 'rotr': return ((x >>> (y & 31)) | (x << ((32 - (y & 31)) & 31))) >>> 0;
    default: {
      const wide = COMPARISONS_AND_BITS.has(op) ? (v: number): bigint => BigInt(v) : (v: number): bigint => u64(BigInt(v | 0));
      const result = binary64(op, wide(x), wide(y));
      return typeof result === 'number' ? result : Number(result & 0xffff_ffffn);
    }
  }
}

const leadingZeros = (value: bigint, width: number): bigint => BigInt(width - (value === 0n ? 0 : value.toString(2).length));
const trailingZeros = (value: bigint, width: number): bigint => (value === 0n ? BigInt(width) : BigInt((value & -value).toString(2).length - 1));
const population = (value: bigint): bigint => BigInt(value.toString(2).replaceAll('0', '').length);

/** `type` is the operand's. */
export function unary(op: UnaryOp, type: Type, a: Value): Value {
  const wide = BigInt(a);
  const width = type === 'i64' ? 64 : 32;
  const same = (value: bigint): Value => (type === 'i64' ? u64(value) : Number(BigInt.asUintN(32, value)));
  switch (op) {
    case 'eqz': return truth(wide === 0n);
    case 'clz': return same(leadingZeros(wide, width));
    case 'ctz': return same(trailingZeros(wide, width));
    case 'popcnt': return same(population(wide));
    case 'extend8_s': return same(BigInt.asIntN(8, wide));
    case 'extend16_s': return same(BigInt.asIntN(16, wide));
    case 'wrap': return Number(wide & 0xffff_ffffn);
    case 'extend_s': return u64(BigInt.asIntN(32, wide));
    case 'extend_u': return wide;
    default: return unreachable(op);
  }
}

const cell = new DataView(new ArrayBuffer(8));
function numberOf(bits: bigint, format: FloatFormat): number {
  cell.setBigUint64(0, bits);
  return format === 'f32' ? cell.getFloat32(4) : cell.getFloat64(0);
}
function bitsOf(value: number, format: FloatFormat): bigint {
  cell.setBigUint64(0, 0n);
  if (format === 'f32') cell.setFloat32(4, value);
  else cell.setFloat64(0, value);
  return cell.getBigUint64(0);
}

const LEAST = -(1n << 63n);
const MOST = (1n << 63n) - 1n;
function truncated(value: number): bigint {
  if (Number.isNaN(value)) return 0n;
  if (!Number.isFinite(value)) return u64(value < 0 ? LEAST : MOST);
  const whole = BigInt(Math.trunc(value));
  return u64(whole < LEAST ? LEAST : whole > MOST ? MOST : whole);
}

/** Numbers of TypeScript are doubles. Rounded again to a single, a double that one operation on singles gave is the single that it would have given. */
export function float(op: FloatOp, format: FloatFormat, args: readonly bigint[]): bigint {
  const [a, b] = [args[0]!, args[1] ?? 0n];
  const [x, y] = [numberOf(a, format), numberOf(b, format)];
  switch (op) {
    case 'add': return bitsOf(x + y, format);
    case 'sub': return bitsOf(x - y, format);
    case 'mul': return bitsOf(x * y, format);
    case 'div': return bitsOf(x / y, format);
    case 'sqrt': return bitsOf(Math.sqrt(x), format);
    case 'demote': return bitsOf(x, 'f32');
    case 'promote': return bitsOf(x, 'f64');
    case 'convert': {
      const integer = s64(a);
      // A number of more than 53 bits would be rounded twice on its way to a single.
      if (format === 'f32' && BigInt.asIntN(53, integer) !== integer) throw new Error('Internal error: a conversion to a single from a wide integer');
      return bitsOf(Number(integer), format);
    }
    case 'truncate': return truncated(x);
    default: return unreachable(op);
  }
}
