/**
 * The fuzzer's short run that is part of the tests: our engines on the same random programs, without QEMU. FUZZ_PROGRAMS=500 runs more
 * of each kind, FUZZ_SEED=n others. `npm run fuzz` runs for longer, and against QEMU.
 */
import { expect, test } from 'vitest';
import { features } from './features.ts';
import { KINDS } from './kinds/index.ts';
import { INTERPRETER, REFERENCE, regionsMade, TRANSLATOR, type Target } from './machines.ts';
import { report } from './report.ts';
import { Session } from './session.ts';

const PROGRAMS = Number(process.env['FUZZ_PROGRAMS'] ?? 24);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const has = features();

const CASES = KINDS.filter(({ possible }) => possible(has)).flatMap((kind) => [INTERPRETER, TRANSLATOR].map((ours) => ({ name: kind.name, engine: ours.name, kind, ours })));

test.each(CASES)('$name: random programs end in the same state on the reference and the $engine', async ({ kind, ours }) => {
  const session = new Session(has, { theirs: REFERENCE, ours, strict: true });
  const failure = await session.firstDifference(session.snippets(kind, SEED, PROGRAMS));
  if (failure) expect.fail(`seed ${String(SEED)}\n${report(await session.shrink(failure), session.names, { theirs: 'reference', ours: ours.name })}`);
  if (ours === TRANSLATOR) expect(regionsMade()).toBeGreaterThan(0);
});

const XOR = 0x4033, OR = 0x6033, R_TYPE = 0xfe00707f;

/** A machine whose xor is an or. */
const WRONG: Target = {
  ...INTERPRETER,
  run(image, snippets) {
    const wrong = image.slice();
    const view = new DataView(wrong.buffer);
    for (let at = 0; at + 4 <= wrong.length; at += 2) {
      const word = view.getUint32(at, true);
      if (((word & R_TYPE) >>> 0) === XOR) view.setUint32(at, (word | OR) >>> 0, true);
    }
    return INTERPRETER.run(wrong, snippets);
  },
};

test('an instruction that does something else is found, and is all that is left of the program', async () => {
  const integer = KINDS.find(({ name }) => name === 'integer')!;
  const session = new Session(has, { theirs: WRONG, ours: INTERPRETER, strict: false });
  const failure = await session.firstDifference(session.snippets(integer, 1, 200));
  const { snippet, differences } = await session.shrink(failure!);
  expect(snippet.body.flat().map(({ word }) => ((word & R_TYPE) >>> 0) === XOR)).toEqual([true]);
  expect(differences[0]!.where).toBe('end');
});
