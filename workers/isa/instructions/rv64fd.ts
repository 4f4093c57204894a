/**
 * F and D: floating point with 32 and 64 bits (unprivileged manual, chapters 20 and 21). The arithmetic itself stands in procedures
 * (workers/machine/float); loads, stores, moves, sign changes and comparisons of numbers are said here, for they are short.
 */
import {
  add, and, call, eq, eqz, extendS, extendU, float, fs1, fs2, fs3, geS, gtS, gtU, i64, if_, imm, leS, let_, load, local, ltS, ltU, ne, not, or, raw, rs1, select, setFd, setRd, shrS, shrU, slotState,
  store, sub, useFloat, wrap, xor, type Expr, type FloatOp, type Stmt,
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

/**
 * The engine's own arithmetic does for most operations: those to nearest, once the program has seen its first inexact result. Then NX is
 * set already, a normal result has no other exception, and nothing is left to find out. (A result that is just the smallest normal number
 * may come from one that was tiny; it goes the long way as well.) All else is done by the procedures, which know every exception.
 */
const rm = and(shrU(raw, i64(12)), i64(7));
const fcsr = slotState('fcsr');
/** The rounding mode is nearest, ties to even: as rm says (0), or as frm says (7), which is 0 anyhow. */
const toNearest = eqz(wrap(and(add(rm, i64(1)), i64(6))));
const nearest = and(eq(and(fcsr, i64(0xe0)), i64(0)), toNearest);
const nearestAndInexact = and(eq(and(fcsr, i64(0xe1)), i64(1)), toNearest);
const fast = local('fast');

/** The exponent is neither of the two lowest nor the highest. */
function isPlain(of: Numbers, value: Expr): Expr {
  const fraction = of === DOUBLE ? 52 : 23;
  const special = of.infinity >> BigInt(fraction);
  return ltU(sub(shrU(magnitude(of, value), i64(fraction)), i64(2)), i64(special - 2n));
}

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

/**
 * The product of two singles is a double exactly. So their fused operation is a sum of doubles rounded to a single: that second rounding
 * is as good as one alone, unless the sum looks like a tie, which it may have become by the first.
 */
function fusedSingle(p: Expr, q: Expr, r: Expr): readonly Stmt[] {
  const wide = local('wide');
  const promoted = (value: Expr): Expr => float('promote', 'f32', value);
  const tie = 1n << 28n;
  return [
    useFloat,
    let_('wide', float('add', 'f64', float('mul', 'f64', promoted(p), promoted(q)), promoted(r))),
    let_('fast', float('demote', 'f64', wide)),
    if_(and(and(nearestAndInexact, ne(and(wide, i64(2n * tie - 1n)), i64(tie))), isPlain(SINGLE, fast)), [setFd(SINGLE.box(fast))], [
      let_('rounding', call('floatRounding', 'i64', raw)),
      setFd(SINGLE.box(call('f32MultiplyAdd', 'i64', p, q, r, rounding))),
    ]),
  ];
}

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
  /** The same, with an operation of the engine for the common case. */
  const quick = (op: FloatOp, name: string, args: readonly Expr[], operands: readonly Expr[]): readonly Stmt[] => [
    useFloat,
    let_('fast', float(op, prefix, ...operands)),
    if_(and(nearestAndInexact, isPlain(of, fast)), [setFd(of.box(fast))], [
      let_('rounding', call('floatRounding', 'i64', raw)),
      setFd(of.box(call(`${prefix}${name}`, 'i64', ...args, rounding))),
    ]),
  ];
  const compute = (fields: Omit<FloatFields, 'format'>, of_: Says): InstructionRow => floatType(COMPUTE, { ...fields, format }, of_);
  const fused = (name: string, opcode: number, p: Expr, q: Expr, formula: string): InstructionRow => fusedType(COMPUTE, opcode, format, says(`${name}.${suffix}`,
    of === SINGLE ? fusedSingle(p, y, q) : rounded('MultiplyAdd', p, y, q),
    `Computes ${formula} with one rounding (${en} precision).`, `计算 ${formula}，只舍入一次（${zh}）。`));
  /** Integers of 32 bits are doubles exactly; those of 64 bits may be rounded, and to a single only the procedure can do it in one step. */
  const fromInteger = (bits: 32 | 64, sourceSigned: 0 | 1, source: Expr): readonly Stmt[] => {
    const slow: readonly Stmt[] = [let_('rounding', call('floatRounding', 'i64', raw)), setFd(of.box(call(`${prefix}FromInteger`, 'i64', source, rounding, i64(sourceSigned))))];
    if (bits === 64 && of === SINGLE) return [useFloat, ...slow];
    const known = bits === 32 && of === DOUBLE ? nearest : nearestAndInexact;
    const possible = bits === 64 && sourceSigned === 0 ? and(known, geS(source, i64(0))) : known;
    return [useFloat, if_(possible, [setFd(of.box(float('convert', prefix, source)))], slow)];
  };
  /** Compilers cut towards zero: rm = 1. What is in range needs no look at the bounds, and NX may be set already. */
  const toInteger = (bits: 32 | 64, resultSigned: 0 | 1): readonly Stmt[] => {
    const power = BigInt(bits - (bits === 32 && resultSigned === 0 ? 0 : 1));
    const bound = ((power + (of === DOUBLE ? 1023n : 127n)) << (of === DOUBLE ? 52n : 23n));
    const inRange = ltU(magnitude(of, x), i64(bound));
    const known = and(and(eq(rm, i64(1)), wrap(and(fcsr, i64(1)))), inRange);
    const result = bits === 32 ? extendS(wrap(fast)) : fast;
    return [
      useFloat,
      let_('fast', float('truncate', prefix, x)),
      if_(resultSigned === 1 ? known : and(known, geS(fast, i64(0))), [setRd(result)], [
        let_('rounding', call('floatRounding', 'i64', raw)),
        setRd(call(`${prefix}ToInteger`, 'i64', x, rounding, i64(resultSigned), i64(bits))),
      ]),
    ];
  };

  return [
    floatLoadType(LOADS, size === 4 ? 2 : 3, says(`fl${memory}`, [useFloat, let_('a', load(size, false, address)), setFd(of.box(a))],
      `Loads a ${en} from the address rs1 + imm.`, `从地址 rs1 + imm 加载${zh}浮点数。`)),
    floatStoreType(LOADS, size === 4 ? 2 : 3, says(`fs${memory}`, [useFloat, store(size, address, fs2)],
      `Stores the ${en} in rs2 at the address rs1 + imm.`, `把 rs2 中的${zh}浮点数存到地址 rs1 + imm。`)),

    fused('fmadd', 0x43, x, z, 'rs1 × rs2 + rs3'),
    fused('fmsub', 0x47, x, negated(of, z), 'rs1 × rs2 - rs3'),
    fused('fnmsub', 0x4b, negated(of, x), z, '-(rs1 × rs2) + rs3'),
    fused('fnmadd', 0x4f, negated(of, x), negated(of, z), '-(rs1 × rs2) - rs3'),

    compute({ funct5: 0 }, says(`fadd.${suffix}`, quick('add', 'Add', [x, y], [x, y]), `Adds two ${en}s.`, `两个${zh}浮点数相加。`)),
    compute({ funct5: 1 }, says(`fsub.${suffix}`, quick('sub', 'Add', [x, negated(of, y)], [x, y]), `Subtracts rs2 from rs1 (${en} precision).`, `rs1 减 rs2（${zh}）。`)),
    compute({ funct5: 2 }, says(`fmul.${suffix}`, quick('mul', 'Multiply', [x, y], [x, y]), `Multiplies two ${en}s.`, `两个${zh}浮点数相乘。`)),
    compute({ funct5: 3 }, says(`fdiv.${suffix}`, quick('div', 'Divide', [x, y], [x, y]), `Divides rs1 by rs2 (${en} precision); by zero gives infinity and the exception DZ.`, `rs1 除以 rs2（${zh}）；除以零得无穷大并记录异常 DZ。`)),
    compute({ funct5: 0x0b, rs2: 0 }, says(`fsqrt.${suffix}`, quick('sqrt', 'SquareRoot', [x], [x]), `The square root of a ${en}.`, `${zh}浮点数的平方根。`)),
    compute({ funct5: 4, funct3: 0 }, says(`fsgnj.${suffix}`, withSign(of, (_, s) => s), 'The magnitude of rs1 with the sign of rs2; with both the same it is a move.', '取 rs1 的绝对值和 rs2 的符号；两者相同时即为传送。')),
    compute({ funct5: 4, funct3: 1 }, says(`fsgnjn.${suffix}`, withSign(of, (_, s) => not(s)), 'The magnitude of rs1 with the opposite of the sign of rs2; with both the same it negates.', '取 rs1 的绝对值和 rs2 符号的相反；两者相同时即为取负。')),
    compute({ funct5: 4, funct3: 2 }, says(`fsgnjx.${suffix}`, withSign(of, xor), 'The magnitude of rs1 with the product of both signs; with both the same it is the absolute value.', '取 rs1 的绝对值和两个符号之积；两者相同时即为绝对值。')),
    ...([['fmin', 0, 'Minimum', ltS, 'smaller', '较小者'], ['fmax', 1, 'Maximum', gtS, 'larger', '较大者']] as const).map(([name, funct3, procedure, first, which, whichZh]) =>
      compute({ funct5: 5, funct3 }, says(`${name}.${suffix}`, [
        useFloat,
        let_('a', x),
        let_('b', y),
        if_(or(isNan(of, a), isNan(of, b)), [setFd(of.box(call(`${prefix}${procedure}`, 'i64', a, b)))], [setFd(of.box(select(first(key(of, a), key(of, b)), a, b)))]),
      ],
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
        toInteger(bits, sourceSigned),
        `Converts a ${en} to ${integer}; what does not fit gives the nearest that does.`, `把${zh}浮点数转换为${integerZh}；超出范围时取最接近的值。`)),
      floatType(CONVERT, { funct5: 0x1a, format, rs2: field, integer: 'rs1' }, says(`fcvt.${suffix}.${name}`, fromInteger(bits, sourceSigned, source),
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
    meaning: [
      useFloat,
      let_('fast', float('demote', 'f64', fs1)),
      if_(and(nearestAndInexact, isPlain(SINGLE, fast)), [setFd(SINGLE.box(fast))],
        [let_('rounding', call('floatRounding', 'i64', raw)), setFd(SINGLE.box(call('f64ToF32', 'i64', fs1, rounding)))]),
    ],
  }),
  floatType(BETWEEN, { funct5: 8, format: 1, rs2: 0 }, {
    name: 'fcvt.d.s', en: 'Converts a single to a double, exactly.', zh: '把单精度浮点数精确地转换为双精度。',
    meaning: [
      useFloat,
      let_('a', SINGLE.read(fs1)),
      if_(and(nearest, eqz(isNan(SINGLE, a))), [setFd(float('promote', 'f32', a))],
        [let_('rounding', call('floatRounding', 'i64', raw)), setFd(call('f32ToF64', 'i64', a, rounding))]),
    ],
  }),
];
