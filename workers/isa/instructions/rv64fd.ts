/**
 * F and D: floating point with 32 and 64 bits (unprivileged manual, chapters 20 and 21). The arithmetic itself stands in procedures
 * (workers/machine/float); loads, stores, moves, sign changes and comparisons of numbers are said here, for they are short.
 */
import {
  add, and, call, eq, eqz, extendS, extendU, fs1, fs2, fs3, gtU, i64, if_, imm, leS, let_, load, local, ltS, not, or, raw, rs1, select, setFd, setRd, shrS, shrU, store, useFloat, wrap,
  xor, type Expr, type Stmt,
} from '../meaning.ts';
import type { InstructionRow } from '../row.ts';
import { floatLoadType, floatStoreType, floatType, fusedType, type Family, type FloatFields, type Says } from './formats.ts';

const BOX = i64(0xffff_ffff_0000_0000n);
const address = add(rs1, imm);
const rounding = local('rounding');

/** One of the two formats: how its numbers stand in a register. */
interface Numbers {
  readonly prefix: 'f32' | 'f64';
  readonly suffix: 's' | 'd';
  readonly format: 0 | 1;
  readonly en: string;
  readonly zh: string;
  readonly sign: bigint;
  readonly infinity: bigint;
  /** A register's number: a single that is no box of ones above counts as the canonical NaN (21.2). */
  read(register: Expr): Expr;
  /** What is put in a register. */
  box(value: Expr): Expr;
}
const SINGLE: Numbers = {
  prefix: 'f32', suffix: 's', format: 0, en: 'single', zh: '单精度', sign: 1n << 31n, infinity: 0x7f80_0000n,
  read: (register) => select(eq(shrU(register, i64(32)), i64(0xffff_ffff)), and(register, i64(0xffff_ffff)), i64(0x7fc0_0000)),
  box: (value) => or(value, BOX),
};
const DOUBLE: Numbers = {
  prefix: 'f64', suffix: 'd', format: 1, en: 'double', zh: '双精度', sign: 1n << 63n, infinity: 0x7ffn << 52n,
  read: (register) => register,
  box: (value) => value,
};

const setRounding: readonly Stmt[] = [useFloat, let_('rounding', call('floatRounding', 'i64', raw))];
const magnitude = (of: Numbers, value: Expr): Expr => and(value, i64(of.sign - 1n));
const negated = (of: Numbers, value: Expr): Expr => xor(value, i64(of.sign));
const isNan = (of: Numbers, value: Expr): Expr => gtU(magnitude(of, value), i64(of.infinity));
/** A signed number in the order of the numbers: magnitudes of negative ones count downwards. */
const key = (of: Numbers, value: Expr): Expr => {
  const wide = of === DOUBLE ? value : extendS(wrap(value));
  return xor(wide, shrU(shrS(wide, i64(63)), i64(1)));
};

const a = local('a');
const b = local('b');

/** Comparisons of numbers; with a NaN the procedure knows the exceptions. */
const compare = (of: Numbers, name: 'Equal' | 'Less' | 'LessOrEqual', holds: Expr): readonly Stmt[] => [
  useFloat,
  let_('a', of.read(fs1)),
  let_('b', of.read(fs2)),
  if_(or(isNan(of, a), isNan(of, b)), [setRd(call(`${of.prefix}${name}`, 'i64', a, b))], [setRd(extendU(holds))]),
];
const bothZero = (of: Numbers): Expr => eqz(magnitude(of, or(a, b)));

/** The sign of one number on the magnitude of another. */
const withSign = (of: Numbers, sign: (x: Expr, y: Expr) => Expr): readonly Stmt[] => [
  useFloat,
  let_('a', of.read(fs1)),
  let_('b', of.read(fs2)),
  setFd(of.box(or(magnitude(of, a), and(sign(a, b), i64(of.sign))))),
];

const INTEGERS = [
  ['w', 0, 32, 1, 'a signed 32-bit integer', '有符号 32 位整数', extendS(wrap(rs1))],
  ['wu', 1, 32, 0, 'an unsigned 32-bit integer', '无符号 32 位整数', extendU(wrap(rs1))],
  ['l', 2, 64, 1, 'a signed 64-bit integer', '有符号 64 位整数', rs1],
  ['lu', 3, 64, 0, 'an unsigned 64-bit integer', '无符号 64 位整数', rs1],
] as const;

function rows(of: Numbers): readonly InstructionRow[] {
  const { prefix, suffix, format, en, zh } = of;
  const extension = of === SINGLE ? 'F' : 'D';
  const chapter = of === SINGLE ? 'F 20' : 'D 21';
  const section = (f: number, d: number): Family => ({ extension, clause: `${chapter}.${String(of === SINGLE ? f : d)}` });
  const [LOADS, COMPUTE, CONVERT, COMPARE, CLASS] = [section(5, 3), section(6, 4), section(7, 5), section(8, 6), section(9, 7)];
  const [x, y, z] = [of.read(fs1), of.read(fs2), of.read(fs3)];
  const size = of === SINGLE ? 4 : 8;
  const [memory, move] = of === SINGLE ? ['w', 'w'] : ['d', 'd'];
  const says = (name: string, meaning: readonly Stmt[], english: string, chinese: string): Says => ({ name, en: english, zh: chinese, meaning });
  const rounded = (name: string, ...args: readonly Expr[]): readonly Stmt[] => [...setRounding, setFd(of.box(call(`${prefix}${name}`, 'i64', ...args, rounding)))];
  const compute = (fields: Omit<FloatFields, 'format'>, of_: Says): InstructionRow => floatType(COMPUTE, { ...fields, format }, of_);
  const fused = (name: string, opcode: number, p: Expr, q: Expr, formula: string): InstructionRow => fusedType(COMPUTE, opcode, format, says(`${name}.${suffix}`,
    rounded('MultiplyAdd', p, y, q),
    `Computes ${formula} with one rounding (${en} precision).`, `计算 ${formula}，只舍入一次（${zh}）。`));
  const fromInteger = (sourceSigned: 0 | 1, source: Expr): readonly Stmt[] => [...setRounding, setFd(of.box(call(`${prefix}FromInteger`, 'i64', source, rounding, i64(sourceSigned))))];

  return [
    floatLoadType(LOADS, size === 4 ? 2 : 3, says(`fl${memory}`, [useFloat, let_('a', load(size, false, address)), setFd(of.box(a))],
      `Loads a ${en} from the address rs1 + imm.`, `从地址 rs1 + imm 加载${zh}浮点数。`)),
    floatStoreType(LOADS, size === 4 ? 2 : 3, says(`fs${memory}`, [useFloat, store(size, address, fs2)],
      `Stores the ${en} in rs2 at the address rs1 + imm.`, `把 rs2 中的${zh}浮点数存到地址 rs1 + imm。`)),

    fused('fmadd', 0x43, x, z, 'rs1 × rs2 + rs3'),
    fused('fmsub', 0x47, x, negated(of, z), 'rs1 × rs2 - rs3'),
    fused('fnmsub', 0x4b, negated(of, x), z, '-(rs1 × rs2) + rs3'),
    fused('fnmadd', 0x4f, negated(of, x), negated(of, z), '-(rs1 × rs2) - rs3'),

    compute({ funct5: 0 }, says(`fadd.${suffix}`, rounded('Add', x, y), `Adds two ${en}s.`, `两个${zh}浮点数相加。`)),
    compute({ funct5: 1 }, says(`fsub.${suffix}`, rounded('Add', x, negated(of, y)), `Subtracts rs2 from rs1 (${en} precision).`, `rs1 减 rs2（${zh}）。`)),
    compute({ funct5: 2 }, says(`fmul.${suffix}`, rounded('Multiply', x, y), `Multiplies two ${en}s.`, `两个${zh}浮点数相乘。`)),
    compute({ funct5: 3 }, says(`fdiv.${suffix}`, rounded('Divide', x, y), `Divides rs1 by rs2 (${en} precision); by zero gives infinity and the exception DZ.`, `rs1 除以 rs2（${zh}）；除以零得无穷大并记录异常 DZ。`)),
    compute({ funct5: 0x0b, rs2: 0 }, says(`fsqrt.${suffix}`, rounded('SquareRoot', x), `The square root of a ${en}.`, `${zh}浮点数的平方根。`)),
    compute({ funct5: 4, funct3: 0 }, says(`fsgnj.${suffix}`, withSign(of, (_, s) => s), 'The magnitude of rs1 with the sign of rs2; with both the same it is a move.', '取 rs1 的绝对值和 rs2 的符号；两者相同时即为传送。')),
    compute({ funct5: 4, funct3: 1 }, says(`fsgnjn.${suffix}`, withSign(of, (_, s) => not(s)), 'The magnitude of rs1 with the opposite of the sign of rs2; with both the same it negates.', '取 rs1 的绝对值和 rs2 符号的相反；两者相同时即为取负。')),
    compute({ funct5: 4, funct3: 2 }, says(`fsgnjx.${suffix}`, withSign(of, xor), 'The magnitude of rs1 with the product of both signs; with both the same it is the absolute value.', '取 rs1 的绝对值和两个符号之积；两者相同时即为绝对值。')),
    ...([['fmin', 0, 'Minimum', 'smaller', '较小者'], ['fmax', 1, 'Maximum', 'larger', '较大者']] as const).map(([name, funct3, procedure, which, whichZh]) =>
      compute({ funct5: 5, funct3 }, says(`${name}.${suffix}`, [useFloat, setFd(of.box(call(`${prefix}${procedure}`, 'i64', x, y)))],
        `The ${which} of two ${en}s; a NaN loses against a number, and -0 is less than +0.`, `两个${zh}浮点数中的${whichZh}；数优先于 NaN，-0 小于 +0。`))),

    ...([
      ['fle', 0, 'LessOrEqual', or(leS(key(of, a), key(of, b)), bothZero(of)), 'is at most', '小于等于'],
      ['flt', 1, 'Less', and(ltS(key(of, a), key(of, b)), eqz(bothZero(of))), 'is less than', '小于'],
      ['feq', 2, 'Equal', or(eq(a, b), bothZero(of)), 'equals', '等于'],
    ] as const).map(([name, funct3, procedure, holds, relation, relationZh]) =>
      floatType(COMPARE, { funct5: 0x14, format, funct3, integer: 'rd' }, says(`${name}.${suffix}`, compare(of, procedure, holds),
        `Gives 1 when rs1 ${relation} rs2 (${en}s), else 0; with a NaN it is 0.`, `rs1 ${relationZh} rs2（${zh}）时为 1，否则为 0；遇到 NaN 为 0。`))),
    floatType(CLASS, { funct5: 0x1c, format, rs2: 0, funct3: 1, integer: 'rd' }, says(`fclass.${suffix}`, [useFloat, setRd(call(`${prefix}Classify`, 'i64', x))],
      `Says by one bit of ten what kind of number a ${en} is: infinite, normal, subnormal, zero or NaN.`, `用十位中的一位说明${zh}浮点数的类别：无穷大、规格化、非规格化、零或 NaN。`)),

    ...INTEGERS.flatMap(([name, field, bits, sourceSigned, integer, integerZh, source]) => [
      floatType(CONVERT, { funct5: 0x18, format, rs2: field, integer: 'rd' }, says(`fcvt.${name}.${suffix}`,
        [...setRounding, setRd(call(`${prefix}ToInteger`, 'i64', x, rounding, i64(sourceSigned), i64(bits)))],
        `Converts a ${en} to ${integer}; what does not fit gives the nearest that does.`, `把${zh}浮点数转换为${integerZh}；超出范围时取最接近的值。`)),
      floatType(CONVERT, { funct5: 0x1a, format, rs2: field, integer: 'rs1' }, says(`fcvt.${suffix}.${name}`, fromInteger(sourceSigned, source),
        `Converts ${integer} to a ${en}.`, `把${integerZh}转换为${zh}浮点数。`)),
    ]),
    floatType(CONVERT, { funct5: 0x1c, format, rs2: 0, funct3: 0, integer: 'rd' }, says(`fmv.x.${move}`, [useFloat, setRd(of === SINGLE ? extendS(wrap(fs1)) : fs1)],
      `Moves the bits of a ${en} to an integer register.`, `把${zh}浮点数的各位送入整数寄存器。`)),
    floatType(CONVERT, { funct5: 0x1e, format, rs2: 0, funct3: 0, integer: 'rs1' }, says(`fmv.${move}.x`, [useFloat, setFd(of === SINGLE ? or(extendU(wrap(rs1)), BOX) : rs1)],
      `Moves bits from an integer register as a ${en}.`, `把整数寄存器中的各位作为${zh}浮点数送入。`)),
  ];
}

const BETWEEN: Family = { extension: 'D', clause: 'D 21.5' };

export const RV64FD: readonly InstructionRow[] = [
  ...rows(SINGLE),
  ...rows(DOUBLE),
  floatType(BETWEEN, { funct5: 8, format: 0, rs2: 1 }, {
    name: 'fcvt.s.d', en: 'Converts a double to a single, rounding it.', zh: '把双精度浮点数转换为单精度，并舍入。',
    meaning: [...setRounding, setFd(SINGLE.box(call('f64ToF32', 'i64', fs1, rounding)))],
  }),
  floatType(BETWEEN, { funct5: 8, format: 1, rs2: 0 }, {
    name: 'fcvt.d.s', en: 'Converts a single to a double, exactly.', zh: '把单精度浮点数精确地转换为双精度。',
    meaning: [...setRounding, setFd(call('f32ToF64', 'i64', SINGLE.read(fs1), rounding))],
  }),
];
