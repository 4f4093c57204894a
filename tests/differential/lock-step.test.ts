/**
 * The interpreter, and the translator above it, against the reference engine. RANDOM_PROGRAMS=500 runs more programs (SEED=n begins elsewhere); a failure prints the
 * seed, and SEED=n RANDOM_PROGRAMS=1 LOCK_STEP=1 shows its first wrong instruction.
 */
import { expect, test } from 'vitest';
import { decode } from '../../workers/isa/decode.ts';
import { createBench, INTERPRETER, REFERENCE, TRANSLATOR, type Bench, type Target } from '../support/targets.ts';
import { ToggleDevice } from './toggle-device.ts';
import { step } from './lock-step.ts';
import { Random } from './random.ts';
import { beginEpisode, prepare } from './scenario.ts';

const setting = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise);
const PROGRAMS = setting('RANDOM_PROGRAMS', 12);
const FIRST_SEED = setting('SEED', 1);
const SINGLE_STEPS = process.env['LOCK_STEP'] !== undefined;
const EPISODES = 60;
const STEPS = 240;

async function bench(target: Target): Promise<Bench> {
  const device = new ToggleDevice();
  const made = await createBench(target, { devices: device });
  device.hart = made.hart;
  return made;
}

/** What the reference was about to run, for the report of a failure. */
function about({ executor, hart, ram }: Bench): string {
  const { pc, mode } = hart;
  const host = executor.call('fetchAddress', pc) as number;
  if (hart.state('faultCause') !== 0n) {
    hart.setState('faultCause', 0n);
    return `${mode} pc ${pc.toString(16)}: no fetch`;
  }
  const at = ram.base + BigInt(host) - hart.state('ramOffset');
  const bits = Number(ram.contains(at, 4) ? ram.read(at, 4) : ram.read(at, 2));
  return `${mode} pc ${pc.toString(16)}: ${decode(bits)?.row.name ?? 'illegal'} ${bits.toString(16)}`;
}

const CASES = [INTERPRETER, TRANSLATOR].flatMap((target) => Array.from({ length: PROGRAMS }, (_, index) => ({ engine: target.name, seed: FIRST_SEED + index, target })));

test.each(CASES)('the same random program, seed $seed, on the reference and the $engine', async ({ seed, target }) => {
  const random = new Random(seed);
  const benches = [await bench(REFERENCE), await bench(target)] as const;
  const programSeed = random.word();
  const [scenario] = benches.map((each) => prepare(new Random(programSeed), each));
  for (let episode = 0; episode < EPISODES; episode += 1) {
    beginEpisode(random, scenario!, benches);
    for (let steps = 0; steps < STEPS;) {
      const piece = 1 + random.below(48);
      const budget = SINGLE_STEPS ? 1 : piece;
      // Looking fetches, which walks: both of them look.
      const before = SINGLE_STEPS ? benches.map(about)[0]! : '';
      const { stop, differences } = step(...benches, budget);
      expect(differences, `seed ${String(seed)}, episode ${String(episode)}, step ${String(steps)}, ${stop}; ${before}`).toEqual([]);
      steps += budget;
      if (stop.startsWith('host-trap') || stop.startsWith('breakpoint')) break;
    }
  }
});
