/**
 * Floating-point arithmetic against its definition in exact rationals (oracle.ts): values and exceptions, bit for bit, in all five rounding
 * modes. The corners of each format meet each other on the interpreter; the reference engine, which is slow, does a random part of them.
 * FLOAT_ROUNDS=100000 tries so many random operands (it is a few hundred otherwise).
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../differential/random.ts';
import { createBench, INTERPRETER, REFERENCE, type Bench } from '../../support/targets.ts';
import { anyNumber, corners, nearOne } from './operands.ts';
import { F32, F64, ORACLE, ROUNDINGS, type Format, type Outcome, type Rounding } from './oracle.ts';

const SEED = 0x5eed_f10a;
const LONG = Number(process.env['FLOAT_ROUNDS'] ?? '0');
const ROUNDS = LONG > 0 ? LONG : 300;
const FORMATS = [F32, F64] as const;
const hex = (value: bigint): string => `0x${value.toString(16)}`;

interface Operation {
  readonly name: string;
  readonly operands: 1 | 2 | 3;
  readonly rounds: boolean;
  readonly expect: (f: Format, a: bigint, b: bigint, c: bigint, rounding: Rounding) => Outcome;
}
const OPERATIONS: readonly Operation[] = [
  { name: 'Add', operands: 2, rounds: true, expect: (f, a, b, _, rounding) => ORACLE.add(f, a, b, rounding) },
  { name: 'Multiply', operands: 2, rounds: true, expect: (f, a, b, _, rounding) => ORACLE.multiply(f, a, b, rounding) },
  { name: 'Divide', operands: 2, rounds: true, expect: (f, a, b, _, rounding) => ORACLE.divide(f, a, b, rounding) },
  { name: 'SquareRoot', operands: 1, rounds: true, expect: (f, a, _b, _c, rounding) => ORACLE.squareRoot(f, a, rounding) },
  { name: 'MultiplyAdd', operands: 3, rounds: true, expect: (f, a, b, c, rounding) => ORACLE.multiplyAdd(f, a, b, c, rounding) },
  { name: 'Less', operands: 2, rounds: false, expect: (f, a, b) => ORACLE.less(f, a, b) },
  { name: 'LessOrEqual', operands: 2, rounds: false, expect: (f, a, b) => ORACLE.lessOrEqual(f, a, b) },
  { name: 'Equal', operands: 2, rounds: false, expect: (f, a, b) => ORACLE.equal(f, a, b) },
  { name: 'Minimum', operands: 2, rounds: false, expect: (f, a, b) => ORACLE.minimum(f, a, b) },
  { name: 'Maximum', operands: 2, rounds: false, expect: (f, a, b) => ORACLE.maximum(f, a, b) },
  { name: 'Classify', operands: 1, rounds: false, expect: (f, a) => ORACLE.classify(f, a) },
];

const benches: { interpreter?: Bench; reference?: Bench } = {};
beforeAll(async () => {
  benches.interpreter = await createBench(INTERPRETER);
  benches.reference = await createBench(REFERENCE);
});

function outcomeOf(bench: Bench, procedure: string, args: readonly bigint[]): Outcome {
  bench.hart.setState('fcsr', 0n);
  const bits = bench.executor.call(procedure, ...args) as bigint;
  return { bits: BigInt.asUintN(64, bits), flags: Number(bench.hart.state('fcsr')) };
}

/** What is wrong with this call on the interpreter and, if wanted, on the reference engine. */
function check(procedure: string, args: readonly bigint[], expected: Outcome, slow: boolean): string | undefined {
  for (const bench of slow ? [benches.interpreter!, benches.reference!] : [benches.interpreter!]) {
    const found = outcomeOf(bench, procedure, args);
    if (found.bits !== expected.bits || found.flags !== expected.flags) {
      return `${bench.executor.name}: ${procedure}(${args.map(hex).join(', ')}) gave ${hex(found.bits)} flags ${String(found.flags)}, not ${hex(expected.bits)} flags ${String(expected.flags)}`;
    }
  }
  return undefined;
}

class Problems {
  readonly #found: string[] = [];
  add(problem: string | undefined): void {
    if (problem !== undefined && this.#found.length < 5) this.#found.push(problem);
  }
  get list(): readonly string[] { return this.#found; }
}

const each = FORMATS.flatMap((f) => OPERATIONS.map((operation) => [`${f.name}${operation.name}`, f, operation] as const));

describe('floating-point arithmetic is exact, and rounded once', () => {
  it.each(each)('%s: where corners meet', (procedure, f, { operands, rounds, expect: oracle }) => {
    const random = new Random(SEED);
    const problems = new Problems();
    const values = corners(f);
    const modes = rounds ? ROUNDINGS : ([0] as const);
    const one = (a: bigint, b: bigint, c: bigint, rounding: Rounding): void => {
      const args = [a, b, c].slice(0, operands);
      problems.add(check(procedure, rounds ? [...args, BigInt(rounding)] : args, oracle(f, a, b, c, rounding), random.oneIn(operands === 3 ? 80 : 40)));
    };
    for (const a of values) {
      if (operands === 1) for (const rounding of modes) one(a, 0n, 0n, rounding);
      else {
        for (const b of values) {
          // Three operands: a few addends and one mode for each pair, all with FLOAT_ROUNDS.
          if (operands === 3) for (const c of LONG > 0 ? values : [random.pick(values), random.pick(values)]) for (const rounding of LONG > 0 ? modes : [random.pick(modes)]) one(a, b, c, rounding);
          else if (rounds && LONG === 0 && !random.oneIn(3)) one(a, b, 0n, random.pick(modes));
          else for (const rounding of modes) one(a, b, 0n, rounding);
        }
      }
    }
    expect(problems.list).toEqual([]);
  });

  it.each(each)('%s: random operands', (procedure, f, { operands, rounds, expect: oracle }) => {
    const random = new Random(SEED);
    const problems = new Problems();
    for (let round = 0; round < ROUNDS; round += 1) {
      const a = random.oneIn(2) ? anyNumber(f, random) : nearOne(f, random);
      const b = random.oneIn(2) ? anyNumber(f, random, a) : nearOne(f, random);
      // An addend near the product cancels it.
      const c = random.oneIn(2) ? anyNumber(f, random, a) : ORACLE.multiply(f, a, b, 0).bits ^ (random.double() & 3n) ^ (random.oneIn(2) ? 1n << BigInt(f.width - 1) : 0n);
      const rounding = random.pick(ROUNDINGS);
      const args = [a, b, c].slice(0, operands);
      problems.add(check(procedure, rounds ? [...args, BigInt(rounding)] : args, oracle(f, a, b, c, rounding), random.oneIn(LONG > 0 ? 100 : 10)));
    }
    expect(problems.list, `seed ${String(SEED)}`).toEqual([]);
  });
});

const INTEGERS = [[32, true], [32, false], [64, true], [64, false]] as const;

describe('conversions', () => {
  it.each(FORMATS.map((f) => [f.name, f] as const))('%s to integers', (name, f) => {
    const random = new Random(SEED);
    const problems = new Problems();
    // Integers with halves and quarters, too, which corners have few of.
    const middling = Array.from({ length: ROUNDS }, () => ORACLE.fromInteger(f, BigInt(random.below(64)) - 32n, 0).bits ^ (random.oneIn(2) ? 0n : 1n << BigInt(f.precision - 1 - random.below(8))));
    for (const a of [...corners(f), ...middling, ...Array.from({ length: ROUNDS }, () => anyNumber(f, random))]) {
      for (const [bits, signed] of INTEGERS) {
        const rounding = random.pick(ROUNDINGS);
        problems.add(check(`${name}ToInteger`, [a, BigInt(rounding), signed ? 1n : 0n, BigInt(bits)], ORACLE.toInteger(f, a, rounding, signed, bits), random.oneIn(20)));
      }
    }
    expect(problems.list, `seed ${String(SEED)}`).toEqual([]);
  });

  it.each(FORMATS.map((f) => [f.name, f] as const))('integers to %s', (name, f) => {
    const random = new Random(SEED);
    const problems = new Problems();
    for (let round = 0; round < 2 * ROUNDS; round += 1) {
      const value = random.oneIn(4) ? BigInt.asUintN(64, (1n << BigInt(random.below(64))) + BigInt(random.below(3)) - 1n) : random.double() >> BigInt(random.below(64));
      for (const signed of [true, false]) {
        const rounding = random.pick(ROUNDINGS);
        const number = signed ? BigInt.asIntN(64, value) : value;
        problems.add(check(`${name}FromInteger`, [value, BigInt(rounding), signed ? 1n : 0n], ORACLE.fromInteger(f, number, rounding), random.oneIn(20)));
      }
    }
    expect(problems.list, `seed ${String(SEED)}`).toEqual([]);
  });

  it.each([['f32ToF64', F32, F64], ['f64ToF32', F64, F32]] as const)('%s', (procedure, from, to) => {
    const random = new Random(SEED);
    const problems = new Problems();
    // Doubles with the exponents of singles, half of them: the others overflow or vanish.
    const inRange = Array.from({ length: ROUNDS }, () => (from === F64 ? (anyNumber(F64, random) & ~(0x7ffn << 52n)) | (BigInt(1023 - 155 + random.below(290)) << 52n) : anyNumber(F32, random)));
    for (const a of [...corners(from), ...inRange, ...Array.from({ length: ROUNDS }, () => anyNumber(from, random))]) {
      for (const rounding of ROUNDINGS) problems.add(check(procedure, [a, BigInt(rounding)], ORACLE.toFormat(from, to, a, rounding), random.oneIn(40)));
    }
    expect(problems.list, `seed ${String(SEED)}`).toEqual([]);
  });
});
