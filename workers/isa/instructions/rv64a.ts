/**
 * A: atomic memory operations and load-reserved/store-conditional (unprivileged manual, "A" extension). Addresses must be aligned to
 * the size. Whatever can trap comes first: a store-conditional looks whether it may store before it uses the reservation up.
 */
import {
  add, and, call, callStmt, eqz, extendS, extendU, gtS, gtU, i64, if_, let_, load, local, ltS, ltU, ne, or, rs1, rs2, select, setRd, store, trap, wrap, xor, type Expr, type Stmt,
} from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { amoType, type Family } from './formats.ts';

const RESERVED: Family = { extension: 'A', clause: 'A 14.2' };
const OPERATIONS: Family = { extension: 'A', clause: 'A 14.4' };
const MISALIGNED_LOAD = 4;
const MISALIGNED_STORE = 6;

type Size = 4 | 8;
const aligned = (size: Size, cause: number): Stmt => if_(ne(and(rs1, i64(size - 1)), i64(0)), [trap(i64(cause), rs1)]);
const old = local('old');

const loadReserved = (size: Size): readonly Stmt[] => [
  aligned(size, MISALIGNED_LOAD),
  let_('old', load(size, size === 4, rs1)),
  callStmt('reserve', rs1, i64(size)),
  setRd(old),
];

const storeConditional = (size: Size): readonly Stmt[] => [
  aligned(size, MISALIGNED_STORE),
  let_('old', load(size, false, rs1, 'amo')),
  let_('reserved', call('tryReservation', 'i32', rs1, i64(size))),
  if_(local('reserved', 'i32'), [store(size, rs1, rs2, 'amo')]),
  setRd(extendU(eqz(local('reserved', 'i32')))),
];

const operation = (size: Size, combine: (a: Expr, b: Expr) => Expr): readonly Stmt[] => [
  aligned(size, MISALIGNED_STORE),
  let_('old', load(size, size === 4, rs1, 'amo')),
  // Operands of the 32-bit forms are compared and combined sign-extended, which orders them the same way, signed or not.
  store(size, rs1, combine(old, size === 4 ? extendS(wrap(rs2)) : rs2), 'amo'),
  setRd(old),
];

const OPERATION_ROWS: readonly (readonly [name: string, funct5: number, combine: (a: Expr, b: Expr) => Expr, en: string, zh: string])[] = [
  ['amoswap', 0x01, (_, b) => b, 'puts rs2 there', '存入 rs2'],
  ['amoadd', 0x00, add, 'adds rs2 to it', '加上 rs2'],
  ['amoxor', 0x04, xor, 'combines it with rs2 by exclusive or', '与 rs2 按位异或'],
  ['amoand', 0x0c, and, 'combines it with rs2 by and', '与 rs2 按位与'],
  ['amoor', 0x08, or, 'combines it with rs2 by or', '与 rs2 按位或'],
  ['amomin', 0x10, (a, b) => select(ltS(a, b), a, b), 'keeps the smaller of it and rs2, signed', '保留它与 rs2 中较小者（有符号）'],
  ['amomax', 0x14, (a, b) => select(gtS(a, b), a, b), 'keeps the larger of it and rs2, signed', '保留它与 rs2 中较大者（有符号）'],
  ['amominu', 0x18, (a, b) => select(ltU(a, b), a, b), 'keeps the smaller of it and rs2, unsigned', '保留它与 rs2 中较小者（无符号）'],
  ['amomaxu', 0x1c, (a, b) => select(gtU(a, b), a, b), 'keeps the larger of it and rs2, unsigned', '保留它与 rs2 中较大者（无符号）'],
];

const SIZES = [['w', 2, 4, '4', '4'], ['d', 3, 8, '8', '8']] as const;

export const RV64A: readonly InstructionRow[] = SIZES.flatMap(([suffix, funct3, size, bytes]) => [
  amoType(RESERVED, funct3, 0x02, { name: `lr.${suffix}`, en: `Loads ${bytes} bytes and reserves their place for a store-conditional.`, zh: `加载 ${bytes} 个字节，并为条件存储保留该位置。`, meaning: loadReserved(size) }, 'rd, (rs1)'),
  amoType(RESERVED, funct3, 0x03, { name: `sc.${suffix}`, en: `Stores ${bytes} bytes only if the reservation still holds; rd is 0 when it did, 1 when not.`, zh: `仅当保留仍然有效时存储 ${bytes} 个字节；成功时 rd 为 0，否则为 1。`, meaning: storeConditional(size) }),
  ...OPERATION_ROWS.map(([name, funct5, combine, en, zh]) => amoType(OPERATIONS, funct3, funct5, {
    name: `${name}.${suffix}`, en: `In one step: reads ${bytes} bytes at rs1 into rd and ${en}.`, zh: `一步完成：把 rs1 处的 ${bytes} 个字节读入 rd，并对该处${zh}。`, meaning: operation(size, combine),
  })),
]);
