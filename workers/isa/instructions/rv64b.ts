/**
 * Bit manipulation (Zba, Zbb, Zbs: unprivileged manual, "B" extension), conditional operations (Zicond) and cache blocks (Zicbom, Zicboz).
 */
import {
  add, and, callStmt, clz, ctz, eq, extend16S, extend8S, extendS, extendU, gtS, gtU, i32, i64, imm, ltS, ltU, mul, not, or, popcnt, raw, rotl, rotr, rs1, rs2, select, setRd, shl, shrU, wrap, xor,
  type Expr, type Stmt,
} from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { cacheBlockType, rType, shiftType, unaryType, wideShiftType, type Family } from './formats.ts';

const ZBA: Family = { extension: 'Zba', clause: 'Zba 30.4.1' };
const ZBB: Family = { extension: 'Zbb', clause: 'Zbb 30.4.2' };
const ZBS: Family = { extension: 'Zbs', clause: 'Zbs 30.4.4' };
const ZICOND: Family = { extension: 'Zicond', clause: 'Zicond 9' };
const ZICBOM: Family = { extension: 'Zicbom', clause: 'CMO 19.7', privileged: true };
const ZICBOZ: Family = { extension: 'Zicboz', clause: 'CMO 19.7', privileged: true };

const rd = (value: Expr): readonly Stmt[] => [setRd(value)];
const low32 = and(rs1, i64(0xffff_ffff));
const word = (value: Expr): readonly Stmt[] => rd(extendS(value));

const ADDRESSES = [1, 2, 3].flatMap((places) => [
  rType(ZBA, 0x33, 2 * places, 0x10, { name: `sh${String(places)}add`, en: `Adds rs1, shifted left by ${String(places)}, to rs2: the address of an element.`, zh: `把 rs1 左移 ${String(places)} 位后加到 rs2：元素的地址。`, meaning: rd(add(shl(rs1, i64(places)), rs2)) }),
  rType(ZBA, 0x3b, 2 * places, 0x10, { name: `sh${String(places)}add.uw`, en: `Adds the low 32 bits of rs1, shifted left by ${String(places)}, to rs2.`, zh: `把 rs1 的低 32 位左移 ${String(places)} 位后加到 rs2。`, meaning: rd(add(shl(low32, i64(places)), rs2)) }),
]);

export const ZBA_ROWS: readonly InstructionRow[] = [
  ...ADDRESSES,
  rType(ZBA, 0x3b, 0, 0x04, { name: 'add.uw', en: 'Adds the low 32 bits of rs1, unsigned, to rs2.', zh: '把 rs1 的低 32 位（无符号）加到 rs2。', meaning: rd(add(low32, rs2)) }),
  wideShiftType(ZBA, 0x1b, 1, 0x02, { name: 'slli.uw', en: 'Shifts the low 32 bits of rs1, unsigned, left by a constant.', zh: '把 rs1 的低 32 位（无符号）左移一个常数。', meaning: rd(shl(low32, imm)) }),
];

/** Swaps neighbours of 8, then 16, then 32 bits. */
const swapped = (value: Expr, places: bigint, mask: bigint): Expr => or(and(shrU(value, i64(places)), i64(mask)), shl(and(value, i64(mask)), i64(places)));
const bytesReversed = swapped(swapped(swapped(rs1, 8n, 0x00ff_00ff_00ff_00ffn), 16n, 0x0000_ffff_0000_ffffn), 32n, 0xffff_ffffn);
const LOW_SEVEN = 0x7f7f_7f7f_7f7f_7f7fn;
/** The top bit of each byte that is not zero, spread over it. */
const bytesCombined = mul(shrU(and(or(add(and(rs1, i64(LOW_SEVEN)), i64(LOW_SEVEN)), rs1), i64(~LOW_SEVEN)), i64(7)), i64(255));

export const ZBB_ROWS: readonly InstructionRow[] = [
  rType(ZBB, 0x33, 7, 0x20, { name: 'andn', en: 'Bitwise and of rs1 and the inverse of rs2.', zh: 'rs1 与 rs2 的反码按位与。', meaning: rd(and(rs1, not(rs2))) }),
  rType(ZBB, 0x33, 6, 0x20, { name: 'orn', en: 'Bitwise or of rs1 and the inverse of rs2.', zh: 'rs1 与 rs2 的反码按位或。', meaning: rd(or(rs1, not(rs2))) }),
  rType(ZBB, 0x33, 4, 0x20, { name: 'xnor', en: 'The inverse of the bitwise exclusive or.', zh: '按位异或的反码。', meaning: rd(not(xor(rs1, rs2))) }),
  unaryType(ZBB, 0x13, 1, 0x600, { name: 'clz', en: 'Counts the zeros before the highest one; 64 when there is none.', zh: '统计最高位 1 之前 0 的个数；没有 1 时为 64。', meaning: rd(clz(rs1)) }),
  unaryType(ZBB, 0x13, 1, 0x601, { name: 'ctz', en: 'Counts the zeros after the lowest one; 64 when there is none.', zh: '统计最低位 1 之后 0 的个数；没有 1 时为 64。', meaning: rd(ctz(rs1)) }),
  unaryType(ZBB, 0x13, 1, 0x602, { name: 'cpop', en: 'Counts the ones.', zh: '统计 1 的个数。', meaning: rd(popcnt(rs1)) }),
  unaryType(ZBB, 0x1b, 1, 0x600, { name: 'clzw', en: 'Counts the zeros before the highest one of the low 32 bits; 32 when there is none.', zh: '统计低 32 位中最高位 1 之前 0 的个数；没有 1 时为 32。', meaning: rd(extendU(clz(wrap(rs1)))) }),
  unaryType(ZBB, 0x1b, 1, 0x601, { name: 'ctzw', en: 'Counts the zeros after the lowest one of the low 32 bits; 32 when there is none.', zh: '统计低 32 位中最低位 1 之后 0 的个数；没有 1 时为 32。', meaning: rd(extendU(ctz(wrap(rs1)))) }),
  unaryType(ZBB, 0x1b, 1, 0x602, { name: 'cpopw', en: 'Counts the ones among the low 32 bits.', zh: '统计低 32 位中 1 的个数。', meaning: rd(popcnt(low32)) }),
  rType(ZBB, 0x33, 6, 0x05, { name: 'max', en: 'The larger of two, signed.', zh: '两者中较大者（有符号）。', meaning: rd(select(gtS(rs1, rs2), rs1, rs2)) }),
  rType(ZBB, 0x33, 7, 0x05, { name: 'maxu', en: 'The larger of two, unsigned.', zh: '两者中较大者（无符号）。', meaning: rd(select(gtU(rs1, rs2), rs1, rs2)) }),
  rType(ZBB, 0x33, 4, 0x05, { name: 'min', en: 'The smaller of two, signed.', zh: '两者中较小者（有符号）。', meaning: rd(select(ltS(rs1, rs2), rs1, rs2)) }),
  rType(ZBB, 0x33, 5, 0x05, { name: 'minu', en: 'The smaller of two, unsigned.', zh: '两者中较小者（无符号）。', meaning: rd(select(ltU(rs1, rs2), rs1, rs2)) }),
  unaryType(ZBB, 0x13, 1, 0x604, { name: 'sext.b', en: 'Extends the low byte with its sign.', zh: '对最低字节做符号扩展。', meaning: rd(extend8S(rs1)) }),
  unaryType(ZBB, 0x13, 1, 0x605, { name: 'sext.h', en: 'Extends the low 16 bits with their sign.', zh: '对低 16 位做符号扩展。', meaning: rd(extend16S(rs1)) }),
  unaryType(ZBB, 0x3b, 4, 0x080, { name: 'zext.h', en: 'Keeps the low 16 bits.', zh: '只保留低 16 位。', meaning: rd(and(rs1, i64(0xffff))) }),
  rType(ZBB, 0x33, 1, 0x30, { name: 'rol', en: 'Rotates rs1 left by the low 6 bits of rs2.', zh: '把 rs1 循环左移 rs2 低 6 位所示的位数。', meaning: rd(rotl(rs1, rs2)) }),
  rType(ZBB, 0x33, 5, 0x30, { name: 'ror', en: 'Rotates rs1 right by the low 6 bits of rs2.', zh: '把 rs1 循环右移 rs2 低 6 位所示的位数。', meaning: rd(rotr(rs1, rs2)) }),
  shiftType(ZBB, 0x13, 5, 0x30, { name: 'rori', en: 'Rotates rs1 right by a constant.', zh: '把 rs1 循环右移一个常数。', meaning: rd(rotr(rs1, imm)) }),
  rType(ZBB, 0x3b, 1, 0x30, { name: 'rolw', en: 'Rotates the low 32 bits left and sign-extends the result.', zh: '把低 32 位循环左移，结果符号扩展。', meaning: word(rotl(wrap(rs1), wrap(rs2))) }),
  rType(ZBB, 0x3b, 5, 0x30, { name: 'rorw', en: 'Rotates the low 32 bits right and sign-extends the result.', zh: '把低 32 位循环右移，结果符号扩展。', meaning: word(rotr(wrap(rs1), wrap(rs2))) }),
  shiftType(ZBB, 0x1b, 5, 0x30, { name: 'roriw', en: 'Rotates the low 32 bits right by a constant and sign-extends the result.', zh: '把低 32 位循环右移一个常数，结果符号扩展。', meaning: word(rotr(wrap(rs1), wrap(imm))) }),
  unaryType(ZBB, 0x13, 5, 0x287, { name: 'orc.b', en: 'Each byte becomes all ones when any of its bits is one: finds the end of a string.', zh: '每个字节只要有一位为 1 就变为全 1：用于寻找字符串结尾。', meaning: rd(bytesCombined) }),
  unaryType(ZBB, 0x13, 5, 0x6b8, { name: 'rev8', en: 'Reverses the order of the bytes.', zh: '颠倒字节顺序。', meaning: rd(bytesReversed) }),
];

const bit = (place: Expr): Expr => shl(i64(1), place);
const SINGLE_BITS = [
  ['bclr', 1, 0x24, 'Clears', '清除', (place: Expr) => and(rs1, not(bit(place)))],
  ['bext', 5, 0x24, 'Gives', '取出', (place: Expr) => and(shrU(rs1, place), i64(1))],
  ['binv', 1, 0x34, 'Inverts', '取反', (place: Expr) => xor(rs1, bit(place))],
  ['bset', 1, 0x14, 'Sets', '置位', (place: Expr) => or(rs1, bit(place))],
] as const;

export const ZBS_ROWS: readonly InstructionRow[] = SINGLE_BITS.flatMap(([name, funct3, funct7, en, zh, value]) => [
  rType(ZBS, 0x33, funct3, funct7, { name, en: `${en} the bit of rs1 that the low 6 bits of rs2 say.`, zh: `${zh} rs1 中由 rs2 低 6 位指定的位。`, meaning: rd(value(rs2)) }),
  shiftType(ZBS, 0x13, funct3, funct7, { name: `${name}i`, en: `${en} the bit of rs1 that a constant says.`, zh: `${zh} rs1 中由常数指定的位。`, meaning: rd(value(imm)) }),
]);

const isZero = eq(rs2, i64(0));
export const ZICOND_ROWS: readonly InstructionRow[] = [
  rType(ZICOND, 0x33, 5, 0x07, { name: 'czero.eqz', en: 'Gives rs1, or zero when rs2 is zero.', zh: 'rs2 为零时得零，否则得 rs1。', meaning: rd(select(isZero, i64(0), rs1)) }),
  rType(ZICOND, 0x33, 7, 0x07, { name: 'czero.nez', en: 'Gives rs1, or zero when rs2 is not zero.', zh: 'rs2 不为零时得零，否则得 rs1。', meaning: rd(select(isZero, rs1, i64(0))) }),
];

const CLEAN_OR_FLUSH = 0;
const INVALIDATE = 1;
const manage = (which: number): readonly Stmt[] => [callStmt('manageBlock', rs1, i32(which), raw)];

export const CACHE_BLOCK_ROWS: readonly InstructionRow[] = [
  cacheBlockType(ZICBOM, 0, { name: 'cbo.inval', en: 'Forgets what a cache holds of a block; here memory has no cache, so only the rights are checked.', zh: '使缓存块失效；此处内存没有缓存，只检查权限。', meaning: manage(INVALIDATE) }),
  cacheBlockType(ZICBOM, 1, { name: 'cbo.clean', en: 'Writes a block back to memory; here memory has no cache, so only the rights are checked.', zh: '把缓存块写回内存；此处内存没有缓存，只检查权限。', meaning: manage(CLEAN_OR_FLUSH) }),
  cacheBlockType(ZICBOM, 2, { name: 'cbo.flush', en: 'Writes a block back and forgets it; here memory has no cache, so only the rights are checked.', zh: '写回缓存块并使其失效；此处内存没有缓存，只检查权限。', meaning: manage(CLEAN_OR_FLUSH) }),
  cacheBlockType(ZICBOZ, 4, { name: 'cbo.zero', en: 'Fills the block of 64 bytes that holds the address with zeros.', zh: '把地址所在的 64 字节块清零。', meaning: [callStmt('zeroBlock', rs1, raw)] }),
];
