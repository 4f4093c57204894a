/** M: multiplication and division (unprivileged manual, "M" extension). Division never traps: by zero and overflow have results of their own. */
import { and, divS, divU, eq, extendS, i32, i64, ifElse, mul, mulhSS, mulhSU, mulhUU, ne, remS, remU, rs1, rs2, setRd, wrap, type Expr, type Stmt } from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { rType, type Family } from './formats.ts';

const MULTIPLY: Family = { extension: 'M', clause: 'M 13.1' };
const DIVIDE: Family = { extension: 'M', clause: 'M 13.2' };

const rd = (value: Expr): readonly Stmt[] => [setRd(value)];
const a32 = wrap(rs1);
const b32 = wrap(rs2);

/** Most negative divided by -1: does not fit, so the quotient is the dividend and the remainder 0. */
const overflows64 = and(eq(rs1, i64(1n << 63n)), eq(rs2, i64(-1)));
const overflows32 = and(eq(a32, i32(-0x8000_0000)), eq(b32, i32(-1)));
/** `value` where it may be computed, else the results that the table of the manual gives. */
const signed = (byZero: Expr, onOverflow: Expr, value: Expr, divisor: Expr, overflows: Expr, zero: Expr): Expr =>
  ifElse(eq(divisor, zero), byZero, ifElse(overflows, onOverflow, value));
const unsigned = (byZero: Expr, value: Expr, divisor: Expr, zero: Expr): Expr => ifElse(ne(divisor, zero), value, byZero);

export const RV64M: readonly InstructionRow[] = [
  rType(MULTIPLY, 0x33, 0, 1, { name: 'mul', en: 'Multiplies; the low 64 bits of the product.', zh: '相乘，取积的低 64 位。', meaning: rd(mul(rs1, rs2)) }),
  rType(MULTIPLY, 0x33, 1, 1, { name: 'mulh', en: 'The high 64 bits of the signed product.', zh: '有符号相乘，取积的高 64 位。', meaning: rd(mulhSS(rs1, rs2)) }),
  rType(MULTIPLY, 0x33, 2, 1, { name: 'mulhsu', en: 'The high 64 bits of the product of signed rs1 and unsigned rs2.', zh: '有符号 rs1 与无符号 rs2 相乘，取积的高 64 位。', meaning: rd(mulhSU(rs1, rs2)) }),
  rType(MULTIPLY, 0x33, 3, 1, { name: 'mulhu', en: 'The high 64 bits of the unsigned product.', zh: '无符号相乘，取积的高 64 位。', meaning: rd(mulhUU(rs1, rs2)) }),
  rType(DIVIDE, 0x33, 4, 1, { name: 'div', en: 'Divides, signed, towards zero; by zero gives -1.', zh: '有符号除法，向零取整；除以零得 -1。', meaning: rd(signed(i64(-1), rs1, divS(rs1, rs2), rs2, overflows64, i64(0))) }),
  rType(DIVIDE, 0x33, 5, 1, { name: 'divu', en: 'Divides, unsigned; by zero gives all ones.', zh: '无符号除法；除以零得全 1。', meaning: rd(unsigned(i64(-1), divU(rs1, rs2), rs2, i64(0))) }),
  rType(DIVIDE, 0x33, 6, 1, { name: 'rem', en: 'The remainder of the signed division; by zero gives rs1.', zh: '有符号除法的余数；除以零得 rs1。', meaning: rd(signed(rs1, i64(0), remS(rs1, rs2), rs2, overflows64, i64(0))) }),
  rType(DIVIDE, 0x33, 7, 1, { name: 'remu', en: 'The remainder of the unsigned division; by zero gives rs1.', zh: '无符号除法的余数；除以零得 rs1。', meaning: rd(unsigned(rs1, remU(rs1, rs2), rs2, i64(0))) }),
  rType(MULTIPLY, 0x3b, 0, 1, { name: 'mulw', en: 'Multiplies in 32 bits and sign-extends the result.', zh: '以 32 位相乘，结果符号扩展。', meaning: rd(extendS(wrap(mul(rs1, rs2)))) }),
  rType(DIVIDE, 0x3b, 4, 1, { name: 'divw', en: 'Divides the low 32 bits, signed, and sign-extends the result.', zh: '低 32 位有符号相除，结果符号扩展。', meaning: rd(extendS(signed(i32(-1), a32, divS(a32, b32), b32, overflows32, i32(0)))) }),
  rType(DIVIDE, 0x3b, 5, 1, { name: 'divuw', en: 'Divides the low 32 bits, unsigned, and sign-extends the result.', zh: '低 32 位无符号相除，结果符号扩展。', meaning: rd(extendS(unsigned(i32(-1), divU(a32, b32), b32, i32(0)))) }),
  rType(DIVIDE, 0x3b, 6, 1, { name: 'remw', en: 'The remainder of the signed division of the low 32 bits, sign-extended.', zh: '低 32 位有符号除法的余数，符号扩展。', meaning: rd(extendS(signed(a32, i32(0), remS(a32, b32), b32, overflows32, i32(0)))) }),
  rType(DIVIDE, 0x3b, 7, 1, { name: 'remuw', en: 'The remainder of the unsigned division of the low 32 bits, sign-extended.', zh: '低 32 位无符号除法的余数，符号扩展。', meaning: rd(extendS(unsigned(a32, remU(a32, b32), b32, i32(0)))) }),
];
