/** The bench's programs are right, before anybody times them: every file is in the registry, and every engine computes the same everywhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { boot, checksumOf, step, type Engine } from './run.ts';
import { BENCHMARKS, filesOf, imageOf, runsIn, type Benchmark, type Environment } from './suite.ts';

const folder = new URL('./', import.meta.url);
const text = (file: string): string => readFileSync(new URL(file, folder), 'utf8');
/** So much of every program is enough here. */
const ROUNDS = 2;
/** The reference is slow: it runs so much of each, after what all of a kind have in common. */
const REFERENCE_STEPS = 2000;
const STEPS_BEFORE = { kernel: 17_000, operation: 5500 } as const;
const PIECE = 100_003;

const ENVIRONMENTS = ['bare', 'guest', 'trap-and-emulate'] as const satisfies readonly Environment[];

function run(benchmark: Benchmark, engine: Engine, environment: Environment): { readonly checksum: string; readonly instructions: bigint } {
  const machine = boot(imageOf(benchmark, ROUNDS, environment, text), engine, environment);
  while (!machine.halted) step(machine, PIECE);
  return { checksum: checksumOf(machine), instructions: machine.hart.instret };
}

describe('the bench', () => {
  test('has every program in its registry once, and every registered program exists', () => {
    const names = BENCHMARKS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const programs = ['kernels', 'kernels/c/compiled', 'operations'].flatMap((where) => readdirSync(new URL(`${where}/`, folder)).filter((file) => file.endsWith('.s')).map((file) => `${where}/${file}`));
    const used = new Set(BENCHMARKS.flatMap((benchmark) => [...filesOf(benchmark)]));
    expect(programs.filter((file) => !used.has(file))).toEqual([]);
    for (const file of used) expect(text(file).length, file).toBeGreaterThan(0);
    const sources = readdirSync(new URL('kernels/c/', folder)).filter((file) => file.endsWith('.c')).map((file) => file.replace('.c', ''));
    expect(BENCHMARKS.flatMap((benchmark) => (benchmark.kind === 'kernel' && benchmark.language === 'c' ? [benchmark.name] : [])).toSorted()).toEqual(sources.toSorted());
  });

  test.each(BENCHMARKS)('$name computes the same on the interpreter and the translator, as a guest and under the VMM', (benchmark) => {
    const [first, ...others] = ENVIRONMENTS.filter((environment) => runsIn(benchmark, environment));
    const expected = run(benchmark, 'interpreter', first!);
    expect(expected.checksum).toMatch(/^[\da-f]{16}$/);
    expect(run(benchmark, 'eager', first!)).toEqual(expected);
    for (const environment of others) expect(run(benchmark, 'eager', environment).checksum, environment).toBe(expected.checksum);
  });

  test.each(BENCHMARKS)('$name goes on from its middle on the reference as on the interpreter', (benchmark) => {
    const image = imageOf(benchmark, ROUNDS, 'bare', text);
    const [interpreter, reference] = (['interpreter', 'reference'] as const).map((engine) => boot(image, engine, 'bare'));
    step(interpreter!, STEPS_BEFORE[benchmark.kind]);
    reference!.restore(interpreter!.save());
    for (const machine of [interpreter!, reference!]) step(machine, REFERENCE_STEPS);
    expect(reference!.hart.instret).toBe(interpreter!.hart.instret);
    expect(reference!.hash()).toBe(interpreter!.hash());
  });
});
