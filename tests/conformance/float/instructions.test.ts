/**
 * Every instruction of F and D, executed as a guest executes it, against the oracle: which operands it reads, how singles are boxed, which
 * rounding mode counts, what it writes. The arithmetic itself is tried in arithmetic.test.ts. FLOAT_ROUNDS=5000 tries each so many times.
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../../differential/random.ts';
import { encode } from '../../../workers/isa/encode.ts';
import { INSTRUCTIONS } from '../../../workers/isa/instructions/index.ts';
import type { InstructionRow } from '../../../workers/isa/row.ts';
import { RAM_BASE } from '../../../workers/machine/memory-layout.ts';
import { createBench, TARGETS, type Bench } from '../../support/targets.ts';
import { anyNumber } from './operands.ts';
import { F32, F64, nanBits, ORACLE, type Format, type Outcome, type Rounding } from './oracle.ts';

const SEED = 0x5eed_f11e;
const ROUNDS = Number(process.env['FLOAT_ROUNDS'] ?? '40');
const DIRTY = (3n << 13n) | (1n << 63n);
const BOX = 0xffff_ffff_0000_0000n;
const DATA = RAM_BASE + 0x1000n;
const CODE = RAM_BASE + 0x100n;
const DYNAMIC = 7;

const s32 = (value: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(32, value));
const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);

interface Inputs {
  /** The f registers that the operands name, and the x register rs1. */
  readonly fs1: bigint;
  readonly fs2: bigint;
  readonly fs3: bigint;
  readonly rs1: bigint;
  readonly rounding: Rounding;
}
/** What a row does: to an f register, or to an x register. */
interface Effect extends Outcome {
  readonly to: 'f' | 'x';
}
type Expected = (inputs: Inputs) => Effect;

/** A single is boxed by ones; any other bits count as the canonical NaN. */
const unbox = (f: Format, bits: bigint): bigint => (f === F64 ? bits : bits >> 32n === 0xffff_ffffn ? u32(bits) : nanBits(F32));
const box = (f: Format, bits: bigint): bigint => (f === F64 ? bits : BOX | bits);

function expectations(): ReadonlyMap<string, Expected> {
  const table = new Map<string, Expected>();
  for (const [f, suffix] of [[F32, 's'], [F64, 'd']] as const) {
    const sign = 1n << BigInt(f.width - 1);
    const negate = (bits: bigint): bigint => bits ^ sign;
    const inF = (work: (a: bigint, b: bigint, c: bigint, rounding: Rounding) => Outcome): Expected => ({ fs1, fs2, fs3, rounding }) => {
      const { bits, flags } = work(unbox(f, fs1), unbox(f, fs2), unbox(f, fs3), rounding);
      return { to: 'f', bits: box(f, bits), flags };
    };
    const inX = (work: (a: bigint, b: bigint, rounding: Rounding) => Outcome): Expected => ({ fs1, fs2, rounding }) => ({ to: 'x', ...work(unbox(f, fs1), unbox(f, fs2), rounding) });
    const set = (name: string, expected: Expected): void => { table.set(name, expected); };
    set(`fadd.${suffix}`, inF((a, b, _, rm) => ORACLE.add(f, a, b, rm)));
    set(`fsub.${suffix}`, inF((a, b, _, rm) => ORACLE.add(f, a, negate(b), rm)));
    set(`fmul.${suffix}`, inF((a, b, _, rm) => ORACLE.multiply(f, a, b, rm)));
    set(`fdiv.${suffix}`, inF((a, b, _, rm) => ORACLE.divide(f, a, b, rm)));
    set(`fsqrt.${suffix}`, inF((a, _b, _c, rm) => ORACLE.squareRoot(f, a, rm)));
    set(`fmadd.${suffix}`, inF((a, b, c, rm) => ORACLE.multiplyAdd(f, a, b, c, rm)));
    set(`fmsub.${suffix}`, inF((a, b, c, rm) => ORACLE.multiplyAdd(f, a, b, negate(c), rm)));
    set(`fnmsub.${suffix}`, inF((a, b, c, rm) => ORACLE.multiplyAdd(f, negate(a), b, c, rm)));
    set(`fnmadd.${suffix}`, inF((a, b, c, rm) => ORACLE.multiplyAdd(f, negate(a), b, negate(c), rm)));
    set(`fmin.${suffix}`, inF((a, b) => ORACLE.minimum(f, a, b)));
    set(`fmax.${suffix}`, inF((a, b) => ORACLE.maximum(f, a, b)));
    set(`fsgnj.${suffix}`, inF((a, b) => ({ bits: (a & ~sign) | (b & sign), flags: 0 })));
    set(`fsgnjn.${suffix}`, inF((a, b) => ({ bits: (a & ~sign) | (~b & sign), flags: 0 })));
    set(`fsgnjx.${suffix}`, inF((a, b) => ({ bits: a ^ (b & sign), flags: 0 })));
    set(`feq.${suffix}`, inX((a, b) => ORACLE.equal(f, a, b)));
    set(`flt.${suffix}`, inX((a, b) => ORACLE.less(f, a, b)));
    set(`fle.${suffix}`, inX((a, b) => ORACLE.lessOrEqual(f, a, b)));
    set(`fclass.${suffix}`, inX((a) => ORACLE.classify(f, a)));
    for (const [name, bits, signed] of [['w', 32, true], ['wu', 32, false], ['l', 64, true], ['lu', 64, false]] as const) {
      set(`fcvt.${name}.${suffix}`, inX((a, _, rm) => ORACLE.toInteger(f, a, rm, signed, bits)));
      set(`fcvt.${suffix}.${name}`, ({ rs1, rounding }) => {
        const { bits: result, flags } = ORACLE.fromInteger(f, signed ? BigInt.asIntN(bits, rs1) : BigInt.asUintN(bits, rs1), rounding);
        return { to: 'f', bits: box(f, result), flags };
      });
    }
  }
  // Moves take the bits as they are, boxed or not.
  table.set('fmv.x.w', ({ fs1 }) => ({ to: 'x', bits: s32(fs1), flags: 0 }));
  table.set('fmv.x.d', ({ fs1 }) => ({ to: 'x', bits: fs1, flags: 0 }));
  table.set('fmv.w.x', ({ rs1 }) => ({ to: 'f', bits: BOX | u32(rs1), flags: 0 }));
  table.set('fmv.d.x', ({ rs1 }) => ({ to: 'f', bits: rs1, flags: 0 }));
  table.set('fcvt.s.d', ({ fs1, rounding }) => {
    const { bits, flags } = ORACLE.toFormat(F64, F32, fs1, rounding);
    return { to: 'f', bits: BOX | bits, flags };
  });
  table.set('fcvt.d.s', ({ fs1, rounding }) => ({ to: 'f', ...ORACLE.toFormat(F32, F64, unbox(F32, fs1), rounding) }));
  return table;
}

const EXPECTED = expectations();
const ROWS = INSTRUCTIONS.filter(({ extension }) => extension === 'F' || extension === 'D');
const COMPUTING = ROWS.filter(({ name }) => EXPECTED.has(name));
const MEMORY = ROWS.filter(({ name }) => !EXPECTED.has(name));

/** Runs one word with these registers; what the hart was before and after is the bench. */
function execute(bench: Bench, word: number, length: 2 | 4 = 4): void {
  bench.ram.write(CODE, length, BigInt(word));
  bench.hart.pc = CODE;
  bench.executor.run(1);
}

const f = (bench: Bench, register: number): bigint => bench.hart.state(`f${String(register)}`);
const setF = (bench: Bench, register: number, value: bigint): void => { bench.hart.setState(`f${String(register)}`, value); };
const anyBits = (random: Random): bigint => (random.oneIn(6) ? random.double() : random.oneIn(2) ? anyNumber(F64, random) : BOX | anyNumber(F32, random));

describe.each(TARGETS)('$name', (target) => {
  it('the expectations are of every instruction but loads and stores', () => {
    expect(MEMORY.map(({ name }) => name)).toEqual(['flw', 'fsw', 'fld', 'fsd']);
  });

  it.each(COMPUTING.map((row) => [row.name, row] as const))('%s', async (name, row: InstructionRow) => {
    const bench = await createBench(target);
    const { hart } = bench;
    const random = new Random(SEED);
    for (let round = 0; round < ROUNDS; round += 1) {
      const registers = { rd: random.below(32), rs1: 1 + random.below(31), rs2: random.below(32), rs3: random.below(32) };
      for (let register = 0; register < 32; register += 1) setF(bench, register, anyBits(random));
      hart.setX(registers.rs1, random.oneIn(2) ? random.double() : BigInt(random.below(1000)) - 500n);
      // Half the time as in most programs: an inexact result has been seen, frm is as it was at first, casts cut. Engines hurry then.
      const usual = random.oneIn(2);
      const [dynamic, rounding] = usual ? random.pick([[true, 0], [false, 0], [false, 1]] as const) : [random.oneIn(2), random.below(5) as Rounding];
      const accrued = random.below(32) | (usual ? 1 : 0);
      hart.writeCsr('fcsr', BigInt(((dynamic ? rounding : usual ? 0 : random.below(8)) << 5) | accrued));
      // Dirty, as every instruction after the first finds it, or clean.
      hart.writeCsr('mstatus', random.oneIn(3) ? 2n << 13n : 3n << 13n);
      // An addend that nearly cancels the product, or is nearly lost beside it.
      if (row.operands.some(({ name: operand }) => operand === 'rs3') && random.oneIn(2)) {
        const format = name.endsWith('.s') ? F32 : F64;
        const { bits } = ORACLE.multiply(format, unbox(format, f(bench, registers.rs1)), unbox(format, f(bench, registers.rs2)), 0);
        const last = BigInt(format.precision - 1);
        setF(bench, registers.rs3, box(format, BigInt.asUintN(format.width, (bits ^ (BigInt(random.below(2)) << BigInt(format.width - 1))) + (random.oneIn(2) ? random.double() & 7n : BigInt(random.below(2 * format.precision) - format.precision) << last))));
      }
      const inputs: Inputs = { fs1: f(bench, registers.rs1), fs2: f(bench, registers.rs2), fs3: f(bench, registers.rs3), rs1: hart.x(registers.rs1), rounding };
      const expected = EXPECTED.get(name)!(inputs);
      const others = Array.from({ length: 32 }, (_, register) => f(bench, register));

      const instret = hart.instret;
      execute(bench, encode(row, { ...registers, rm: dynamic ? DYNAMIC : rounding }));
      const what = `seed ${String(SEED)}, round ${String(round)}: ${name} ${JSON.stringify(registers)} ${JSON.stringify(inputs, (_, value: unknown) => (typeof value === 'bigint' ? value.toString(16) : value))}`;
      expect(hart.instret - instret, what).toBe(1n);
      expect(hart.readCsr('fflags'), what).toBe(BigInt(expected.flags | accrued));
      if (expected.to === 'f') {
        others[registers.rd] = expected.bits;
        expect(hart.readCsr('mstatus') & DIRTY, what).toBe(DIRTY);
      } else {
        expect(hart.x(registers.rd), what).toBe(registers.rd === 0 ? 0n : expected.bits);
      }
      expect(Array.from({ length: 32 }, (_, register) => f(bench, register).toString(16)), what).toEqual(others.map((value) => value.toString(16)));
    }
  });

  it.each(ROWS.map((row) => [row.name, row] as const))('%s is illegal while the unit is off, with its bits as the trap value', async (_, row) => {
    const bench = await createBench(target);
    bench.hart.writeCsr('mtvec', RAM_BASE);
    bench.hart.setX(11, DATA);
    const word = encode(row, { rd: 10, rs1: 11, rs2: 12, rs3: 13, imm: 8 });
    execute(bench, word);
    expect(bench.hart.readCsr('mcause')).toBe(2n);
    expect(bench.hart.readCsr('mtval')).toBe(BigInt(word));
    expect(bench.hart.readCsr('mstatus') & DIRTY).toBe(0n);
  });

  it.each(ROWS.filter(({ operands }) => operands.some(({ name }) => name === 'rm')).map((row) => [row.name, row] as const))('%s is illegal with a rounding mode that there is not', async (_, row) => {
    const bench = await createBench(target);
    const { hart } = bench;
    hart.writeCsr('mtvec', RAM_BASE);
    for (const [rm, frm] of [[5, 0], [6, 0], [DYNAMIC, 5], [DYNAMIC, 6], [DYNAMIC, 7]] as const) {
      hart.writeCsr('mcause', 0n);
      hart.writeCsr('fcsr', BigInt(frm << 5));
      setF(bench, 10, 0x1234n);
      const word = encode(row, { rd: 10, rs1: 11, rs2: 12, rs3: 13, rm });
      execute(bench, word);
      expect([hart.readCsr('mcause'), hart.readCsr('mtval'), f(bench, 10), hart.readCsr('fflags')], `rm ${String(rm)}, frm ${String(frm)}`).toEqual([2n, BigInt(word), 0x1234n, 0n]);
    }
  });

  it('loads and stores move bits: a single is boxed when loaded, and stored from any bits', async () => {
    const bench = await createBench(target);
    const { hart, ram } = bench;
    const row = (name: string): InstructionRow => INSTRUCTIONS.find((candidate) => candidate.name === name)!;
    hart.writeCsr('mstatus', 1n << 13n);
    hart.setX(8, DATA);
    hart.setX(2, DATA);
    ram.write(DATA + 8n, 8, 0x1122_3344_7f80_0001n);
    execute(bench, encode(row('flw'), { rd: 0, rs1: 8, imm: 8 }));
    expect(f(bench, 0)).toBe(0xffff_ffff_7f80_0001n);
    expect(hart.readCsr('mstatus') & DIRTY).toBe(DIRTY);
    execute(bench, encode(row('fld'), { rd: 31, rs1: 8, imm: 8 }));
    expect(f(bench, 31)).toBe(0x1122_3344_7f80_0001n);
    execute(bench, encode(row('fsw'), { rs2: 31, rs1: 8, imm: -16 }));
    execute(bench, encode(row('fsd'), { rs2: 0, rs1: 8, imm: -8 }));
    expect([ram.read(DATA - 16n, 8), ram.read(DATA - 8n, 8)]).toEqual([0x7f80_0001n, 0xffff_ffff_7f80_0001n]);

    execute(bench, encode(row('c.fld'), { rd: 9, rs1: 8, imm: 8 }), 2);
    execute(bench, encode(row('c.fsd'), { rs2: 9, rs1: 8, imm: 16 }), 2);
    execute(bench, encode(row('c.fsdsp'), { rs2: 0, imm: 24 }), 2);
    execute(bench, encode(row('c.fldsp'), { rd: 1, imm: 24 }), 2);
    expect([f(bench, 9), ram.read(DATA + 16n, 8), f(bench, 1)]).toEqual([0x1122_3344_7f80_0001n, 0x1122_3344_7f80_0001n, 0xffff_ffff_7f80_0001n]);
  });

  it('a store dirties nothing, a comparison only when it raises an exception', async () => {
    const bench = await createBench(target);
    const { hart } = bench;
    const row = (name: string): InstructionRow => INSTRUCTIONS.find((candidate) => candidate.name === name)!;
    hart.writeCsr('mstatus', 2n << 13n);
    hart.setX(8, DATA);
    execute(bench, encode(row('fsd'), { rs2: 0, rs1: 8, imm: 0 }));
    execute(bench, encode(row('flt.d'), { rd: 5, rs1: 0, rs2: 1 }));
    expect(hart.readCsr('mstatus') & DIRTY).toBe(2n << 13n);
    setF(bench, 1, nanBits(F64));
    execute(bench, encode(row('flt.d'), { rd: 5, rs1: 0, rs2: 1 }));
    expect(hart.readCsr('mstatus') & DIRTY).toBe(DIRTY);
    expect(hart.readCsr('fflags')).toBe(16n);
  });
});
